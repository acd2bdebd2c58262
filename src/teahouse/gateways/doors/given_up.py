"""What was said at the doors and could not be stored in time: told in the log, a line a minute however much it is."""

import structlog

QUIET_S = 60.0

_log = structlog.get_logger("doors")


class GivenUp:
    """One for all doors of a house: whoever talks too fast at a door decides how much is given up there."""

    def __init__(self) -> None:
        self._count = 0
        self._told_at = -QUIET_S

    def note(self, dialect: str, now_s: float) -> None:
        """Count one more, said at the door of this dialect."""
        self._count += 1
        if now_s - self._told_at >= QUIET_S:
            _log.error("what was said at a door could not be stored in time", door=dialect, times=self._count)
            self._count, self._told_at = 0, now_s
