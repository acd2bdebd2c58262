"""Which page may speak with this server: the Origin rule of the HTTP door and of the WebSocket door, as pure functions.

An origin is scheme, host and port. A browser states it truthfully in `Origin` and a script cannot change it, so a page of
another origin is known by it even when the browser adds our cookie (RFC 6454, Fetch standard).
"""

import re

_HOST = re.compile(r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LOOPBACK_NAME = re.compile(r"localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\]")


def allowed_origin(origin: str | None, host: str, scheme: str, public_url: str | None) -> bool:
    """Whether a page of `origin` may use this server, which was called as `host` over `scheme` ("http" or "https").

    `public_url` is the address that people type where a proxy stands in front. A missing origin is not allowed: the
    caller decides what a request without one may do.
    """
    given = _normal(origin)
    return given is not None and given in {_normal(f"{scheme}://{host}"), _normal(_origin_of(public_url))}


def is_host(host: str) -> bool:
    """Whether a Host header is a name or an address, perhaps with a port, and nothing else."""
    return _HOST.fullmatch(host.lower()) is not None


def allowed_host(host: str, public_url: str | None, *, loopback: bool) -> bool:
    """Whether a server that listens on `loopback` only is called by a name of this machine, or by its public one.

    Otherwise a page of evil.example could let its own name point to 127.0.0.1 and read a house that is open to this machine
    ("DNS rebinding"): the browser would take both for one origin. Elsewhere any name may be ours.
    """
    match = _HOST.fullmatch(host.lower())
    if not loopback or match is None:
        return match is not None
    public_host = _origin_of(public_url).partition("://")[2]
    return host.lower() == public_host or _LOOPBACK_NAME.fullmatch(match["name"]) is not None


def is_secure(host: str, scheme: str, public_url: str | None) -> bool:
    """Whether the browser speaks https with us: directly, or with a proxy that serves `public_url` and passes its Host on."""
    if scheme == "https":
        return True
    public_origin = _origin_of(public_url)
    return public_origin.startswith("https://") and _normal(public_origin) == _normal(f"https://{host}")


def base_path(public_url: str | None) -> str:
    """Return the path under which the house lies for browsers: "/", or "/chat/" where it shares a host with others."""
    path = (public_url or "").partition("://")[2].partition("/")[2]
    return f"/{path}/" if path else "/"


def inside(path: str, base: str) -> str:
    """Return `path` as the house itself names it. A proxy may pass `/chat/ws` on as it is or as `/ws`."""
    return path[len(base) - 1 :] if path.startswith(base) else path


def _origin_of(public_url: str | None) -> str:
    """Return scheme, host and port of the public address, or nothing."""
    scheme, separator, rest = (public_url or "").partition("://")
    return scheme + separator + rest.partition("/")[0]


def _normal(origin: str | None) -> str | None:
    """Return `origin` in lower case with its port written out, or None where it is not exactly scheme, host and port."""
    scheme, separator, host = (origin or "").lower().partition("://")
    match = _HOST.fullmatch(host)
    if not separator or scheme not in _DEFAULT_PORTS or match is None:
        return None
    return f"{scheme}://{match['name']}:{int(match['port'] or _DEFAULT_PORTS[scheme])}"
