"""For whoever watches the house from outside."""

import asyncio

from litestar import get
from msgspec import Struct

from teahouse.errors import Damaged, TeahouseError, Unavailable
from teahouse.gateways.http.identity import Given
from teahouse.gateways.http.parts import Parts
from teahouse.gateways.http.refusals import REFUSED
from teahouse.troubles import Troubles

PATIENCE_S = 2


class Health(Struct, frozen=True):
    status: str


@get("/healthz", responses=REFUSED)
async def health(parts: Given[Parts]) -> Health:
    """Answer ok once the database answers and nothing is wrong; Unavailable or Damaged in words while something is."""
    troubles = parts.troubles
    try:
        async with asyncio.timeout(PATIENCE_S):
            await parts.check()
        troubles.end("slow")
    except TimeoutError:
        troubles.begin("slow", f"no answer within {PATIENCE_S} s")
    except TeahouseError as error:  # whoever runs the house was told where it arose
        raise _refusal(troubles, error.words) from error
    except Exception as error:  # whatever is wrong with the database, the watcher needs this one answer
        troubles.begin("database", type(error).__name__, error)
    if troubles.unwell:
        raise _refusal(troubles)
    return Health("ok")


def _refusal(troubles: Troubles, words: str = "") -> TeahouseError:
    """Damage does not pass by itself, whatever else is wrong beside it: to ask again helps nobody."""
    kind = Damaged if "damaged" in troubles.lasting else Unavailable
    return kind(troubles.unwell or words)
