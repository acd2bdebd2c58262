"""Group commit: the next batch gathers while the last one commits, and each caller gets their own answer after the commit.

No timer: a lone draft is committed at once, and the busier the disk, the larger the batches. Where telling a batch costs far more than
committing it, the next one waits a moment (`pacing.py`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from teahouse.errors import TeahouseError, Unavailable
from teahouse.model import Draft, Entry
from teahouse.storage import failures, posts
from teahouse.storage.database import Database
from teahouse.storage.log import Transaction
from teahouse.storage.pacing import Pacing
from teahouse.tally import SECONDS, SIZES, Histogram

MAX_BATCH = 1000
MAX_WAITING = 20_000

T = TypeVar("T")
Change = Callable[[Transaction], T]
"""Anything but a post: reads and writes in the batch's transaction, appends its entries, returns its caller's answer.

It raises a TeahouseError to refuse, and then nothing of it remains. It may be run again after a batch failed.
"""

Outcome = Any
Work = Draft | Change[Any]


class Committer:
    """The only writer. `on_commit` hears of the entries of each batch after it is on disk and before anyone is answered.

    `is_told` says whether all readers were written what `on_commit` was given; it is asked once in each turn of the loop.
    """

    def __init__(
        self,
        database: Database,
        on_commit: Callable[[list[Entry]], None],
        clock_ms: Callable[[], int],
        is_told: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._on_commit = on_commit
        self._clock_ms = clock_ms
        self._is_told = is_told
        self._pacing = Pacing()
        self._is_telling = False
        self.batch_sizes = Histogram(SIZES)
        self.commit_s = Histogram(SECONDS)
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._busy = False
        self._committing: asyncio.Future[tuple[list[Outcome], list[Entry]]] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def append(self, draft: Draft) -> "asyncio.Future[Entry]":
        """Store a `posted` draft. The future holds its entry, or the first one that carried the same client id."""
        return self._submit(draft)

    def run(self, change: Change[T]) -> "asyncio.Future[T]":
        """Run `change` in the next batch, after all that was submitted before it."""
        return self._submit(change)

    @property
    def waiting(self) -> int:
        """How many changes wait for the next commit."""
        return len(self._waiting)

    async def announced(self, read: Awaitable[T]) -> T:
        """Return what `read` gives once all that it may have seen on disk was given to `on_commit`."""
        found = await read
        if self._committing is not None:
            await asyncio.wait([self._committing])  # `_finish` is told of its end before this is
        return found

    async def drain(self) -> None:
        """Wait until everything submitted has been answered."""
        await self._idle.wait()

    def _submit(self, work: Work) -> "asyncio.Future[Any]":
        if len(self._waiting) >= MAX_WAITING:
            raise Unavailable(f"{MAX_WAITING:,} changes are waiting for the disk; send it again in a moment")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((work, answer))
        if not self._busy:
            self._busy = True
            self._idle.clear()
            loop.call_soon(self._go_on)  # all that arrives in this turn of the loop goes into one batch
        return answer

    def _go_on(self) -> None:
        """Begin the next batch, now or when it is time: turn by turn, because the loop's timers count whole milliseconds."""
        if not self._waiting:
            self._busy = False
            self._idle.set()
        elif self._pacing.may_begin(time.perf_counter(), len(self._waiting)):
            self._commit_next()
        else:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _commit_next(self) -> None:
        batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        loop = asyncio.get_running_loop()
        self.batch_sizes.add(len(batch))
        began = time.perf_counter()
        try:
            committed = loop.run_in_executor(self._database.writer, self._commit, [work for work, _ in batch])
        except RuntimeError:  # the house was closed and its writer ended: nobody waits for that
            committed = loop.create_future()
            committed.set_exception(Unavailable("the house is closed"))
        self._committing = committed
        committed.add_done_callback(lambda done: self._finish([answer for _, answer in batch], began, done))

    def _finish(
        self, answers: Sequence["asyncio.Future[Any]"], began: float, done: "asyncio.Future[tuple[list[Outcome], list[Entry]]]"
    ) -> None:
        self._committing = None
        now = time.perf_counter()
        self.commit_s.add(now - began)
        failure = done.exception()
        outcomes, entries = ([failure] * len(answers), []) if failure else done.result()
        try:
            if entries:
                self._pacing.committed(now, now - began, len(answers))
                self._on_commit(entries)
                self._watch_telling()
        finally:
            for answer, outcome in zip(answers, outcomes, strict=True):
                _resolve(answer, outcome)
            if isinstance(failure, TeahouseError):
                self._refuse_beyond_the_next_batch(failure)
            self._go_on()

    def _refuse_beyond_the_next_batch(self, refusal: TeahouseError) -> None:
        """Or whoever waits in a long line would wait for a lock as many times as there are batches before them."""
        beyond, self._waiting = self._waiting[MAX_BATCH:], self._waiting[:MAX_BATCH]
        for _, answer in beyond:
            _resolve(answer, refusal)

    def _watch_telling(self) -> None:
        if not self._is_telling:
            self._is_telling = True
            asyncio.get_running_loop().call_soon(self._look_whether_told)  # after the first writes, which `on_commit` asked for

    def _look_whether_told(self) -> None:
        if self._is_told():
            self._is_telling = False
            self._pacing.told(time.perf_counter(), len(self._waiting))
        else:
            asyncio.get_running_loop().call_soon(self._look_whether_told)

    def _commit(self, batch: list[Work]) -> tuple[list[Outcome], list[Entry]]:
        """In the writer's thread: commit the batch; if it fails as a whole, each work alone, so that an error stays its author's.

        A lone work gets its second try as well: another server may have taken the same unique place a moment ago, or a
        deadlock been broken at this one's cost, and now it is answered as it should be.
        Raise a refusal for the whole batch when what failed would fail for each: a lock, a full disk.
        """
        for tries_left in (1, 0):
            try:
                return self._attempt(batch)
            except Exception as error:
                self._database.forget_write_connection()
                kind = failures.kind_of(error)
                if kind == "away" and tries_left:
                    continue  # a server that was started again takes a new connection
                if kind in failures.OF_ALL:
                    raise self._in_words(error) from error
                break
        return self._commit_each_alone(batch)

    def _commit_each_alone(self, batch: list[Work]) -> tuple[list[Outcome], list[Entry]]:
        outcomes: list[Outcome] = []
        entries: list[Entry] = []
        for work in batch:
            try:
                [outcome], more = self._attempt([work])
            except Exception as error:
                self._database.forget_write_connection()
                outcome, more = self._in_words(error), []
                if failures.kind_of(error) in failures.OF_ALL:
                    return outcomes + [outcome] * (len(batch) - len(outcomes)), entries
            outcomes.append(outcome)
            entries += more
        return outcomes, entries

    def _in_words(self, error: Exception) -> Exception:
        if failures.kind_of(error) is None:
            return error
        return self._database.refusal(error, "the database could not store it; nothing was stored, send it again")

    def _attempt(self, batch: list[Work]) -> tuple[list[Outcome], list[Entry]]:
        self._database.check_files()
        connection = self._database.write_connection
        outcomes: list[Outcome] = []
        with connection.begin():
            tx = Transaction(connection, self._clock_ms(), self._database.house_clock())
            for group in _groups(batch):
                if isinstance(group, list):
                    outcomes += posts.post(tx, group)
                else:
                    outcomes.append(_run(tx, group))
        if tx.erases:
            self._database.holds_erased = True
        self._database.check_files()  # what was committed may be in a file that nobody finds any more
        return outcomes, tx.entries


def _groups(batch: list[Work]) -> list[list[Draft] | Change[Any]]:
    """Gather neighbouring drafts, which are stored together; a change stands alone. Order is kept."""
    groups: list[list[Draft] | Change[Any]] = []
    for work in batch:
        if not isinstance(work, Draft):
            groups.append(work)
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(work)
        else:
            groups.append([work])
    return groups


def _run(tx: Transaction, change: Change[T]) -> T | TeahouseError:
    kept = len(tx.entries)
    savepoint = tx.connection.begin_nested()
    try:
        answer = change(tx)
    except TeahouseError as refusal:
        savepoint.rollback()
        del tx.entries[kept:]
        return refusal
    savepoint.commit()
    return answer


def _resolve(answer: "asyncio.Future[Any]", outcome: Outcome) -> None:
    if answer.done():  # its caller went away; what was committed stays
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
        answer.exception()  # a caller that is gone must not make the loop complain
    else:
        answer.set_result(outcome)
