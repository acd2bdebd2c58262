"""Read marks that are told now and then: each one costs a commit, and nobody waits for the robot's."""


class Marks:
    """How far the robot has come in each room, and which rooms have not been told yet. Pure; time is seconds."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due_at: float | None = None
        self._untold: dict[int, int] = {}

    def reached(self, room: int, seq: int, now: float) -> None:
        self._untold[room] = max(seq, self._untold.get(room, 0))
        if self._due_at is None:
            self._due_at = now + self._every_s

    def due_in(self, now: float) -> float | None:
        """Return the seconds until the marks want to be told, at least 0; None when there is nothing to tell."""
        return None if self._due_at is None else max(0.0, self._due_at - now)

    def forget(self, room: int) -> None:
        self._untold.pop(room, None)

    def take(self) -> dict[int, int]:
        """Return {room: seq} to tell, and begin anew."""
        untold, self._untold, self._due_at = self._untold, {}, None
        return untold
