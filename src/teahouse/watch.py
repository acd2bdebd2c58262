"""Looks each second at what nobody else would notice in time: the database's files, room on the disk, and whether a trouble is over."""

import asyncio
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import suppress
from pathlib import Path

import structlog

from teahouse.errors import Damaged, Unavailable
from teahouse.storage import probe
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.failures import PASSING
from teahouse.storage.files import FilesGone, Overwritten

WATCH_S = 1.0
MARK_EVERY = 3600
"""Looks after which the database gets a new mark: a copy that is older than that is known when it is written over it."""
RESCUE_AGAIN = 30
"""Looks after which saving is tried once more where there was no room, or no folder, or a moved one."""
LAST_LOOK_S = 2.0
"""How long the last look may take: a disk may not answer."""
ENOUGH_AGAIN = 1.25
"""A disk is no longer nearly full with so many times the least room: it does not become so again with each file."""

_log = structlog.get_logger("watch")


class Watch:
    """`free_bytes` is the room that is left where the data lie, 0 before the first look."""

    def __init__(self, database: Database, committer: Committer, folder: Path, least_room_bytes: int) -> None:
        self.free_bytes = 0
        self._database = database
        self._committer = committer
        self._folder = folder
        self._least_room_bytes = least_room_bytes
        self._failures: Counter[str] = Counter()
        self._rescuing: asyncio.Task[None] | None = None
        self._rescue_in = 0
        """Looks until what is stored is to be saved, if the files are gone; below 0 it is."""
        self._saved: Path | None = None
        self._looks = 0

    async def look(self) -> None:
        await self._look_at_files()
        await self._look_at_room()
        await self._try_again()
        await self._mark()

    async def _mark(self) -> None:
        if self._looks % MARK_EVERY == 0:
            try:
                await self._committer.run(lambda tx: self._database.mark(tx.connection))
            except (Unavailable, Damaged):
                return  # with the next look
        self._looks += 1

    async def _look_at_files(self) -> None:
        troubles = self._database.troubles
        try:
            await asyncio.to_thread(self._database.check_files)
        except FilesGone as error:
            troubles.begin("files", str(error))
            if self._rescue_in == 0 and not self._is_rescuing and not isinstance(error, Overwritten):
                self._rescuing = asyncio.get_running_loop().create_task(self._rescue())
                await asyncio.shield(self._rescuing)
            self._rescue_in -= 1
        else:
            troubles.end("files")
            troubles.end("unsaved")
            self._rescue_in = 0
            self._forget_saved()

    def _forget_saved(self) -> None:
        """Nothing was stored since, so all of it is in the files that are back; and there what people remove is removed."""
        if self._saved is not None:
            with suppress(OSError):
                self._saved.unlink()
                _log.warning("the files are back: what was saved is removed", path=str(self._saved))
            self._saved = None

    @property
    def _is_rescuing(self) -> bool:
        return self._rescuing is not None and not self._rescuing.done()

    async def finish(self) -> None:
        """Before the end of the process: save what nobody else has, however long that takes."""
        self._rescue_in = min(0, self._rescue_in)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_LOOK_S):
                await self._look_at_files()
        if self._rescuing is not None:
            await self._rescuing

    async def _rescue(self) -> None:
        """What was acknowledged may be only in files that have no name any more, and are gone with this process."""
        troubles = self._database.troubles
        try:
            saved = await self._database.rescue()
        except (OSError, sqlite3.Error) as error:
            troubles.begin("unsaved", f"{error}; it is in the files that process {os.getpid()} holds open")
            self._rescue_in = RESCUE_AGAIN
            return
        troubles.end("unsaved")
        if saved is None:
            self._rescue_in = RESCUE_AGAIN
        else:
            self._saved = saved
            _log.error("what was stored before is saved: to go on with it, stop the house and rename that to teahouse.db", path=str(saved))

    async def _look_at_room(self) -> None:
        try:
            self.free_bytes = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        except OSError:
            return  # the folder is gone, which is another trouble
        if self.free_bytes < self._least_room_bytes:
            self._database.troubles.begin("room", f"{self._folder}: {self.free_bytes >> 20} MiB are free")
        elif self.free_bytes >= self._least_room_bytes * ENOUGH_AGAIN:
            self._database.troubles.end("room")

    async def _try_again(self) -> None:
        """End what is over: nothing of the kind since the look before, and the database can be written and read."""
        troubles = self._database.troubles
        lasting = PASSING.intersection(troubles.lasting)
        if lasting:
            try:
                await self._committer.run(probe.write)
                await self._database.read(probe.read)
            except (Unavailable, Damaged):
                pass  # it lasts
            else:
                for kind in lasting:
                    if troubles.failures[kind] == self._failures[kind]:
                        troubles.end(kind)
        self._failures = Counter(troubles.failures)
