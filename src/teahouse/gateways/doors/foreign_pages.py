"""Pages that a door refused for their origin: told on the terminal with what would let them in, once for each origin."""

import re

import structlog

MAX_ORIGINS = 64
"""Whoever calls chooses the origin, so that so many are told and no more until the next start."""
MAX_CHARS = 200

_ORIGIN = re.compile(r"null|[a-z][a-z0-9.-]*://[a-z0-9._:\[\]-]*")
"""As browsers write one (HTML standard, "serialization of an origin"). What is none may be anything and is not repeated."""

_log = structlog.get_logger("doors")


class ForeignPages:
    """One for all doors of a house."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()

    def note(self, dialect: str, origin: str) -> None:
        """Tell of a page from `origin` that the door of this dialect refused, unless that was told."""
        origin = origin.lower()
        if len(self._told) > MAX_ORIGINS or (dialect, origin) in self._told or len(origin) > MAX_CHARS or not _ORIGIN.fullmatch(origin):
            return
        self._told.add((dialect, origin))
        if len(self._told) > MAX_ORIGINS:
            _log.warning("pages of many more origins were refused at the doors, which are told no more")
            return
        words = "a page opened from disk" if origin == "null" else "a page from another address"
        remedy = f'--door {dialect}[@PORT]+{origin}, or origins = ["{origin}"] in the door\'s [[doors]] table'
        _log.warning(f"{words} was refused at a door", door=dialect, origin=origin, to_let_it_in=remedy)
