"""Puts the HTTP door together: every noun's endpoints, the guards before them, the refusals after them."""

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Server
from litestar.types import ASGIApp

from teahouse import __version__
from teahouse.gateways.cookie import NAME
from teahouse.gateways.http.assets import read_assets
from teahouse.gateways.http.doctor import doctor
from teahouse.gateways.http.events import streams
from teahouse.gateways.http.front import with_front
from teahouse.gateways.http.health import health
from teahouse.gateways.http.house import house, nickname
from teahouse.gateways.http.invites import invites
from teahouse.gateways.http.keeping import keeping
from teahouse.gateways.http.messages import messages
from teahouse.gateways.http.metrics import metrics
from teahouse.gateways.http.numbers import whole_numbers
from teahouse.gateways.http.pages import pages
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import HANDLERS
from teahouse.gateways.http.rooms import rooms
from teahouse.gateways.http.same_origin import same_origin
from teahouse.gateways.http.session import me, sign_in, sign_out
from teahouse.gateways.http.strict_body import strict_body
from teahouse.gateways.http.tokens import make_ticket, tokens
from teahouse.gateways.origin import base_path

API = "/api/v1"


def create_http(parts: Parts) -> ASGIApp:
    """Return the ASGI application of the HTTP door."""
    base = base_path(parts.public_url)
    endpoints = Router(
        API,
        route_handlers=[house, nickname, sign_in, sign_out, me, rooms, messages, make_ticket, tokens, keeping, invites, streams, doctor],
    )
    app = Litestar(
        [endpoints, health, metrics, pages],
        state=State({"parts": parts}),
        before_request=strict_body,
        guards=[same_origin(parts.public_url), whole_numbers],
        dependencies={
            "parts": _given(parts),
            "chat": _given(parts.chat),
            "auth": _given(parts.auth),
            "assets": _given(read_assets(parts.web, base)),
        },
        exception_handlers=HANDLERS,
        openapi_config=_description(base),
        request_max_body_size=parts.max_request_bytes,
        logging_config=None,
    )
    return with_front(app, base)


def _given(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def _description(base: str) -> OpenAPIConfig:
    cookie = SecurityScheme(type="apiKey", name=NAME, security_scheme_in="cookie", description="Set by POST /api/v1/session.")
    token = SecurityScheme(type="http", scheme="bearer", description="A program's token; made by POST /api/v1/tokens.")
    return OpenAPIConfig(
        title="Teahouse",
        version=__version__,
        path=f"{API}/openapi.json",
        servers=[Server(url=base.rstrip("/") or "/")],
        # JSON only: the viewers that Litestar offers load their scripts from other hosts.
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        components=Components(security_schemes={"session": cookie, "token": token}),
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
    )
