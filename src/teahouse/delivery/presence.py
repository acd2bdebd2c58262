"""Who is here and who is typing: never stored, told in gathered signals, and lost without harm."""

from collections.abc import Iterator

from teahouse.model import Here, User

CROWD = 200
"""With more people here than this, only their number is told."""

TOLD_AT_ONCE = 500
"""A room with so many here is told of changes at every other call, one with ten times as many at every eleventh: telling ten
thousand how many they are is ten thousand writes, and it is never worth that twice a second."""

TYPING_EVERY_MS = 2000


class Presence:
    """Counts the readers of each log by user. `changes` gathers, so that who comes and goes at once is told of once, as they are now."""

    def __init__(self) -> None:
        self._here: dict[int, dict[int, tuple[User, int]]] = {}
        self._noted: dict[int, set[int]] = {}
        self._resting: dict[int, int] = {}
        self._typed: dict[tuple[int, int], int] = {}

    def came(self, log: int, user: User) -> None:
        here = self._here.setdefault(log, {})
        connections = here[user.id][1] if user.id in here else 0
        here[user.id] = (user, connections + 1)
        if connections == 0:
            self._noted.setdefault(log, set()).add(user.id)

    def went(self, log: int, user: User) -> None:
        here = self._here[log]
        _, connections = here[user.id]
        if connections > 1:
            here[user.id] = (user, connections - 1)
            return
        del here[user.id]
        if not here:
            del self._here[log]
        self._noted.setdefault(log, set()).add(user.id)

    def here(self, log: int) -> dict[int, User]:
        """Return those who read `log` now, by user id."""
        return {user_id: user for user_id, (user, _) in self._here.get(log, {}).items()}

    def count(self, log: int) -> int:
        return len(self._here.get(log, {}))

    def changes(self) -> Iterator[Here]:
        """Yield one signal for each log where someone came or went, seldom for those with very many readers. Call it at a steady pace."""
        self._resting = {log: calls - 1 for log, calls in self._resting.items() if calls > 1}
        for log in [log for log in self._noted if log not in self._resting]:
            users, here = self._noted.pop(log), self._here.get(log, {})
            if len(here) >= TOLD_AT_ONCE:
                self._resting[log] = 1 + len(here) // TOLD_AT_ONCE
            if len(here) > CROWD:
                yield Here(log, len(here))
            else:
                came = [here[user_id][0] for user_id in users if user_id in here]
                yield Here(log, len(here), came, [user_id for user_id in users if user_id not in here])

    def may_tell_typing(self, log: int, user_id: int, now_ms: int) -> bool:
        """Say whether `user_id` typing in `log` is news; at most every two seconds."""
        if _is_recent(self._typed.get((log, user_id), -TYPING_EVERY_MS), now_ms):
            return False
        if len(self._typed) > 1000:
            self._typed = {key: at for key, at in self._typed.items() if _is_recent(at, now_ms)}
        self._typed[(log, user_id)] = now_ms
        return True


def _is_recent(at: int, now_ms: int) -> bool:
    return 0 <= now_ms - at < TYPING_EVERY_MS  # a clock that jumped back silences nobody until the old time comes again
