"""The page people see and its files."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.params import FromPath

from teahouse.errors import NotFound
from teahouse.gateways.headers import accepts_gzip
from teahouse.gateways.http.assets import Asset, Assets
from teahouse.gateways.http.identity import Given
from teahouse.gateways.http.parts import Parts

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_ICON = "logo.svg"

AnyRequest = Request[Any, Any, Any]


@get("/", sync_to_thread=False)
def index(request: AnyRequest, assets: Given[Assets]) -> Response[bytes]:
    """The page itself, asked for anew each time; everything it loads lies under the hash of the files."""
    page = _find(assets, "index.html")
    body = page.body.replace(b"{{base}}", assets.base.encode()).replace(b"{{root}}", assets.root.encode())
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _page_policy(request.headers["host"])}
    return Response(body, media_type=page.content_type, headers=headers)


@get("/static/{version:str}/{path:path}", sync_to_thread=False)
def static(request: AnyRequest, version: FromPath[str], path: FromPath[str], assets: Given[Assets]) -> Response[bytes]:
    """A file of the page. Another version's path is not found, lest a cache keep new bytes under an old name."""
    if version != assets.version:
        raise NotFound("the page has changed; load it again")
    return _send(request, _find(assets, path.removeprefix("/")), _FOR_EVER)


@get("/faces/{picture:str}", sync_to_thread=False)
def face(request: AnyRequest, picture: FromPath[str], assets: Given[Assets]) -> Response[bytes]:
    """A face's picture, under a name that stays the same for ever."""
    return _send(request, _find(assets, f"faces/{picture}"), _FOR_A_DAY)


@get("/favicon.ico", sync_to_thread=False)
def favicon(request: AnyRequest, assets: Given[Assets]) -> Response[bytes]:
    """What browsers ask for unasked; the page names its own icon."""
    return _send(request, _find(assets, _ICON), _FOR_A_DAY)


@get("/manifest.webmanifest", sync_to_thread=False)
def manifest(parts: Given[Parts], assets: Given[Assets]) -> Response[bytes]:
    """What a phone needs to keep the page on its home screen."""
    icon = {"src": f"{assets.base}{_ICON}", "sizes": "any", "type": "image/svg+xml"}
    words = {"name": parts.name, "short_name": parts.name, "start_url": assets.root, "display": "standalone", "icons": [icon]}
    return Response(msgspec.json.encode(words), media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def _find(assets: Assets, name: str) -> Asset:
    asset = assets.files.get(name)
    if asset is None:
        raise NotFound("there is no such file")
    return asset


def _send(request: AnyRequest, asset: Asset, caching: str) -> Response[bytes]:
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    if asset.content_type == "image/svg+xml":
        headers["Content-Security-Policy"] = _PICTURE_POLICY
    packed = asset.gzipped if accepts_gzip(request.headers.getall("accept-encoding", [])) else None
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.body if packed is None else packed, media_type=asset.content_type, headers=headers)


def _page_policy(host: str) -> str:
    # Safari 15 does not take ws: for 'self' (CSP3 does), so the sockets are named. The server lets no odd Host in.
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"connect-src 'self' ws://{host} wss://{host}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


pages = Router("/", route_handlers=[index, static, face, favicon, manifest], include_in_schema=False)
