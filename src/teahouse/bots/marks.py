"""Read marks that are told now and then: each one costs a commit, and nobody waits for the robot's."""


class Marks:
    """How far the robot has come in each room, and which rooms have not been told yet. Pure; time is seconds."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due_at: float | None = None
        self._untold: dict[int, int] = {}
        self._told: dict[int, int] = {}
        self._held: dict[int, set[int]] = {}

    def reached(self, room: int, seq: int, now: float) -> None:
        self._untold[room] = max(seq, self._untold.get(room, 0))
        if self._due_at is None:
            self._due_at = now + self._every_s

    def due_in(self, now: float) -> float | None:
        """Return the seconds until the marks want to be told, at least 0; None when there is nothing to tell."""
        return None if self._due_at is None else max(0.0, self._due_at - now)

    def hold(self, room: int, seq: int) -> None:
        """Tell of nothing from `seq` on until it is released: should all end before, it is read again."""
        self._held.setdefault(room, set()).add(seq)

    def release(self, room: int, seq: int) -> None:
        self._held.get(room, set()).discard(seq)

    def forget(self, room: int) -> None:
        self._untold.pop(room, None)
        self._told.pop(room, None)
        self._held.pop(room, None)

    def take(self, now: float) -> dict[int, int]:
        """Return {room: seq} to tell, and begin anew with what is held back."""
        reached, self._untold, self._due_at = self._untold, {}, None
        news: dict[int, int] = {}
        for room, seq in reached.items():
            mark = min([seq, *(held - 1 for held in self._held.get(room, ()))])
            if mark > self._told.get(room, 0):
                news[room] = self._told[room] = mark
            if mark < seq:
                self.reached(room, seq, now)
        return news
