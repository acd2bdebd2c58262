"""When the next batch begins: at once, or a moment later, so that more gather and a large room is written once instead of twice. Pure.

Telling a room of a thousand costs ten times what a commit costs, so two small batches cost nearly twice one of both. People who wait for
their own message before they send the next one, and sixteen messages in flight, would for ever be two batches of eight.
"""

DEAR = 3.0
"""A telling is dear when it takes so many times what its commit took; below, the next commit goes on meanwhile."""
SHARE = 0.1
"""The most that is added, as a part of what the last telling took."""
MOST_S = 0.01
"""A batch waits no longer than this for a telling under way: large rooms are written in slices, and others have waiting messages too."""


class Pacing:
    """Told of each commit and of the end of its telling; asked whether the next batch may begin. All times are of one monotonic clock."""

    def __init__(self) -> None:
        self._is_dear = False
        self._committed_at = self._told_at = 0.0
        self._commit_s = self._telling_s = 0.0
        self._size = self._expected = 0
        self._is_telling = False

    def committed(self, now_s: float, commit_s: float, size: int) -> None:
        """A batch of `size` was committed, which took `commit_s`; now it is told."""
        self._committed_at, self._commit_s, self._size = now_s, commit_s, size
        self._is_telling = True

    def told(self, now_s: float, waiting: int) -> None:
        """Everyone was written; `waiting` more had come meanwhile."""
        self._told_at, self._telling_s = now_s, now_s - self._committed_at
        self._is_dear = self._telling_s > DEAR * self._commit_s
        self._is_telling = False
        # Those who were told may answer, and those who wait are here: who was two may be two again. Who was one has come alone.
        self._expected = self._size + waiting

    def may_begin(self, now_s: float, waiting: int) -> bool:
        """Say whether a batch of those `waiting` may begin now; if not, ask again in the next turn of the loop."""
        if not self._is_dear or waiting == 0:
            return True
        if self._is_telling:
            return now_s - self._committed_at >= MOST_S
        return waiting >= self._expected or now_s - self._told_at >= min(SHARE * self._telling_s, MOST_S)
