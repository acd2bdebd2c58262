"""For whoever watches the house from outside."""

import asyncio

import structlog
from litestar import get
from msgspec import Struct

from teahouse.errors import Unavailable
from teahouse.gateways.http.identity import Given
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED

PATIENCE_S = 2

_log = structlog.get_logger("http")


class Health(Struct, frozen=True):
    status: str


@get("/healthz", responses=REFUSED)
async def health(parts: Given[Parts]) -> Health:
    """Answer ok once the database answers; Unavailable when it does not."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await parts.check()
    except Exception as error:  # whatever is wrong with the database, the watcher needs this one answer
        _log.warning("unhealthy", exc_info=error)
        raise Unavailable("the database does not answer") from error
    return Health("ok")
