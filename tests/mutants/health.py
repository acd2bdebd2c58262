"""What is wrong is told, and nothing is stored where nobody finds it."""

from tests.mutants.mutant import Edit, Mutant

COMMITTER = "tests/storage/test_committer.py"
FILES = "tests/storage/test_files.py"
WATCH = "tests/storage/test_watch.py"
CLAIM = "tests/storage/test_claim.py"
MIGRATIONS = "tests/storage/test_migrations.py"
HERE = "tests/doctor/test_here.py"
RIGHTS = "tests/doctor/test_rights.py"
METRICS = "tests/gateways/http/test_metrics.py"
VOICE = "tests/unit/bots/test_voice.py"
TROUBLES = "tests/unit/test_troubles.py"
TOLD = "tests/faults/test_told.py"
FULL_DISK = "tests/faults/test_full_disk.py"
TAKEN_AWAY = "tests/faults/test_taken_away.py"

MUTANTS = (
    # A lock, a full disk, damage
    Mutant(
        "wait-for-a-lock-each",
        "what fails for all is waited for once, not once for each",
        (
            Edit(
                "storage/committer.py",
                "                if kind in failures.OF_ALL:\n                    raise",
                "                if False:\n                    raise",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "wait-in-a-long-line",
        "nor once for each batch of a long line",
        (Edit("storage/committer.py", "                self._refuse_beyond_the_next_batch(failure)\n", "                pass\n"),),
        (COMMITTER,),
    ),
    Mutant(
        "wait-after-a-fault",
        "nor once for each of a batch that failed for another reason before",
        (
            Edit(
                "storage/committer.py",
                "                if failures.kind_of(error) in failures.OF_ALL:\n                    return",
                "                if False:\n                    return",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "try-damage-again",
        "damage is nothing to try again",
        (Edit("storage/database.py", ' if kind == "damaged" else Unavailable(words)', ' if kind == "away" else Unavailable(words)'),),
        (COMMITTER,),
    ),
    Mutant(
        "damage-heals",
        "damage lasts whatever else can be read",
        (Edit("storage/failures.py", '"database", "constraint"}', '"database", "constraint", "damaged"}'),),
        (WATCH,),
    ),
    Mutant(
        "over-while-it-is-met",
        "what is met again and again lasts",
        (Edit("watch.py", "if troubles.failures[kind] == self._failures[kind]:", "if True:"),),
        (WATCH,),
    ),
    Mutant(
        "over-without-trying",
        "a lock lasts until it is given back",
        (Edit("watch.py", "                await self._committer.run(probe.write)\n", ""),),
        (FULL_DISK,),
    ),
    Mutant(
        "soon-full-unsaid",
        "a disk that will be full soon is said while there is time",
        (Edit("watch.py", "if self.free_bytes < self._least_room_bytes:", "if self.free_bytes < 0:"),),
        (WATCH,),
    ),
    Mutant(
        "full-at-every-file",
        "and is not so again with each file",
        (Edit("watch.py", "self._least_room_bytes * ENOUGH_AGAIN", "self._least_room_bytes"),),
        (WATCH,),
    ),
    Mutant(
        "well-whatever-is-wrong",
        "/healthz is not ok while something is wrong",
        (Edit("gateways/http/health.py", "    if troubles.unwell:\n", "    if False:\n"),),
        (TOLD,),
    ),
    Mutant(
        "say-it-every-time",
        "a spell is one line of the log",
        (Edit("troubles.py", "            if kind in self._lasting:\n                return\n", ""),),
        (TROUBLES,),
    ),
    Mutant(
        "chores-fail-each-time",
        "work that fails is a trouble until it is done again",
        (Edit("chores.py", "                self._troubles.end(name)\n", "                pass\n"),),
        (TROUBLES,),
    ),
    Mutant(
        "a-backup-of-another-life",
        "a backup of another life is no backup of this house",
        (Edit("metrics.py", " and last.epoch == self._database.epoch else 0", " else 0"),),
        (METRICS,),
    ),
    Mutant(
        "note-read-however-large",
        "what is noted of a backup is read while it is small, and a file",
        (Edit("backup/record.py", "path.is_file() and path.stat().st_size <= MAX_BYTES", "True"),),
        (METRICS,),
    ),
    # Files
    Mutant(
        "acknowledge-into-nothing",
        "what was committed as the files went is not acknowledged",
        (Edit("storage/committer.py", "        self._database.check_files()  # what was", "        # what was"),),
        (FILES,),
    ),
    Mutant(
        "store-what-is-refused",
        "what is refused because the files are gone is not stored in them",
        (Edit("storage/committer.py", "        self._database.check_files()\n        connection", "        connection"),),
        (FILES,),
    ),
    Mutant(
        "read-from-nothing",
        "nothing is read from files that are not the house's own",
        (
            Edit(
                "storage/database.py",
                "            self.check_files(within_s=LATELY_S)\n            try:",
                "            try:",
            ),
        ),
        (FILES,),
    ),
    Mutant(
        "an-empty-one-instead",
        "no empty database takes the place of one that was taken away",
        (Edit("storage/engines.py", '        arguments[0], options["uri"] = address_of(Path(arguments[0])), True\n', "        pass\n"),),
        (FILES,),
    ),
    Mutant(
        "empty-whatever-log-is-there",
        "the log is emptied of the files that are open, not of those that stand at their paths",
        (
            Edit(
                "storage/files.py",
                "        [is_busy, _, _] = self._anchor.execute(",
                "        [is_busy, _, _] = sqlite3.connect(self._database).execute(",
            ),
        ),
        (FILES,),
    ),
    Mutant(
        "read-whatever-is-there",
        "whoever reads does so from the files that are open",
        (Edit("storage/database.py", "                    self._open_readers()\n", ""),),
        (FILES,),
    ),
    Mutant(
        "a-step-is-all-the-patience",
        "a lock that is given back in time is waited for, in as many steps as that takes",
        (Edit("storage/engines.py", "(time.monotonic() - began) * 1000 >= lock_wait_ms()", "True"),),
        (WATCH,),
    ),
    Mutant(
        "wait-long-for-each-of-a-line",
        "while a lock lasts, whoever sends much at once does not wait long for each",
        (Edit("storage/database.py", 'if "locked" in self.troubles.lasting else', "if False else"),),
        ("tests/storage/test_watch.py",),
    ),
    Mutant(
        "close-what-is-anothers",
        "a database that is not its own keeps its log when the house closes",
        (
            Edit(
                "storage/database.py",
                "            self.is_left_open = True\n            return\n",
                "            self.is_left_open = True\n",
            ),
        ),
        (FILES,),
    ),
    Mutant(
        "save-nothing",
        "all that was acknowledged is saved",
        (Edit("watch.py", "create_task(self._rescue())", "create_task(asyncio.sleep(0))"),),
        (FILES,),
    ),
    Mutant(
        "written-over-unseen",
        "a copy that is written over the database is noticed",
        (Edit("storage/files.py", "        if self._marks and not self._is_marked()", "        if False and not self._is_marked()"),),
        (FILES,),
    ),
    Mutant(
        "old-marks-for-ever",
        "a copy that is older than the mark in the file is another's",
        (Edit("storage/files.py", "        if len(marks) > 1 and mark == marks[-1]:\n", "        if False:\n"),),
        (FILES,),
    ),
    Mutant(
        "forget-the-mark-in-the-log",
        "the mark that a killed house left in the log is no other database's",
        (Edit("storage/files.py", '{int(logged).to_bytes(MARK[0], "big", signed=True), ', "{"),),
        (FILES,),
    ),
    Mutant(
        "mark-for-everybody",
        "a program beside the house knows nothing of its marks",
        (
            Edit(
                "storage/files.py",
                "        self._looked_at = -math.inf\n        self._anchor",
                "        self._looked_at = -math.inf\n        self._marks = [database.read_bytes()[60:64]]\n        self._anchor",
            ),
        ),
        (FILES,),
    ),
    Mutant(
        "numbers-are-all",
        "a file that its file system numbers anew is the same",
        (Edit("storage/files.py", " and not os.path.samestat(found, os.fstat(file)):", ":"),),
        (FILES,),
    ),
    Mutant(
        "closed-with-the-others",
        "a program that comes and goes beside the house takes no file away",
        (Edit("storage/files.py", '"SELECT count(*) FROM sqlite_master"', '"SELECT 1"'),),
        (FILES,),
    ),
    Mutant(
        "another-file-is-damage",
        "another file than its own does not tell of damage",
        (Edit("storage/database.py", "                self.check_files()  # another", "                pass  # another"),),
        (FILES,),
    ),
    Mutant(
        "half-takes-the-room",
        "of what could not be saved nothing is left in the way",
        (Edit("storage/files.py", "                os.unlink(half)", "                pass"),),
        (FILES,),
    ),
    Mutant(
        "save-once-or-never",
        "what could not be saved is saved once it can be",
        (Edit("watch.py", "            self._rescue_in = RESCUE_AGAIN\n            return\n", "            return\n"),),
        (FILES,),
    ),
    Mutant(
        "save-what-is-elsewhere",
        "what is in a folder that was moved need not be saved",
        (Edit("storage/files.py", "        if self._are_elsewhere():\n", "        if False:\n"),),
        (FILES,),
    ),
    Mutant(
        "save-too-late",
        "before the end what nobody else has is saved",
        (Edit("serving.py", "    await house.watch.finish()\n", ""),),
        (TAKEN_AWAY,),
    ),
    Mutant(
        "hide-what-was-saved",
        "no empty house is opened beside what another saved",
        (Edit("storage/files.py", "    if saved := saved_alone(database):\n", "    if (saved := saved_alone(database)) is None:\n"),),
        (FILES,),
    ),
    Mutant(
        "wait-after-the-end",
        "whoever comes after the house was closed is refused",
        (
            Edit(
                "storage/committer.py",
                'committed.set_exception(Unavailable("the house is closed"))',
                "committed.set_result(([None] * len(batch), []))",
            ),
        ),
        (COMMITTER,),
    ),
    Mutant(
        "restart-into-nothing",
        "a house without its files ends with the code that nothing starts again",
        (Edit("serving.py", "    if house.database.is_left_open:\n", "    if False:\n"),),
        (TAKEN_AWAY,),
    ),
    Mutant(
        "lock-a-file-alone",
        "who takes the lock file away opens the folder to nobody",
        (Edit("storage/claim.py", "for held in (self._open(self._folder, os.O_RDONLY | os.O_DIRECTORY), file):", "for held in (file,):"),),
        (CLAIM,),
    ),
    Mutant(
        "lock-a-folder-alone",
        "a server of an older version is kept out",
        (Edit("storage/claim.py", "os.O_RDONLY | os.O_DIRECTORY), file):", "os.O_RDONLY | os.O_DIRECTORY),):"),),
        (CLAIM,),
    ),
    Mutant(
        "a-lock-needs-room",
        "a full disk keeps no house from its folder",
        (Edit("storage/claim.py", "        with suppress(OSError):", "        with suppress(KeyError):"),),
        (CLAIM,),
    ),
    Mutant(
        "files-for-everybody",
        "files are for their owner alone, whatever the umask",
        (Edit("storage/files.py", "PRIVATE = 0o600", "PRIVATE = 0o644"),),
        (FILES,),
    ),
    Mutant(
        "blame-rights-for-a-mount",
        "a disk that is read-only is called so",
        (Edit("storage/files.py", "os.statvfs(database).f_flag & os.ST_RDONLY", "False"),),
        (f"{MIGRATIONS}::test_a_disk_that_is_read_only_is_no_matter_of_rights",),
    ),
    # The doctor
    Mutant(
        "doctor-falls-over-a-full-disk",
        "a full disk is named, and the other steps go on",
        (Edit("doctor/machine.py", '        return _no_room("fsync", place, error)\n', "        raise\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-blames-rights",
        "a full disk is not mended by chown",
        (Edit("doctor/machine.py", "        if error.errno in NO_ROOM:\n", "        if False:\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-gives-away-a-read-only-folder",
        "nor a file system that is read-only",
        (Edit("doctor/machine.py", "        if error.errno == errno.EROFS:\n", "        if False:\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-gives-away-a-read-only-file",
        "nor a file in it",
        (Edit("doctor/rights.py", "to_be_written(path) if error.errno == errno.EROFS else ", ""),),
        (HERE,),
    ),
    Mutant(
        "doctor-falls-over-a-path",
        "a path that is no UTF-8 keeps nothing else from being told",
        (Edit("doctor/show.py", 'text.encode(errors="replace")', "text.encode()"),),
        ("tests/doctor/test_findings.py",),
    ),
    Mutant(
        "doctor-tries-no-lock",
        "a write lock that another program holds is named",
        (Edit("doctor/premises.py", 'connection.execute("BEGIN IMMEDIATE")', 'connection.execute("BEGIN")'),),
        (HERE,),
    ),
    Mutant(
        "doctor-knows-of-nothing-saved",
        "what a house saved of a database that was taken away is named",
        (Edit("doctor/premises.py", "    if saved := saved_alone(path):\n", "    if False and (saved := saved_alone(path)):\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-opens-no-files",
        "a file that cannot be opened for writing is named",
        (Edit("doctor/rights.py", "os.open(path, os.O_RDWR)", "os.open(path.parent, os.O_RDONLY)"),),
        (HERE,),
    ),
    Mutant(
        "doctor-overlooks-whole-copies",
        "a whole copy that others may read is named",
        (Edit("doctor/rights.py", "_private([*here, *copies], folder)", "_private(here, folder)"),),
        (HERE,),
    ),
    Mutant(
        "doctor-changes-what-is-anothers",
        "no line changes what a link in the folder leads to",
        (Edit("doctor/rights.py", " and path == path.resolve()]", "]"),),
        (HERE,),
    ),
    Mutant(
        "doctor-waits-at-a-pipe",
        "what is no file is opened by no step",
        (
            Edit(
                "doctor/machine.py",
                "    if is_shut(path.parent) or no_file(path):\n        return None\n    try:\n        with",
                "    try:\n        with",
            ),
        ),
        (HERE,),
    ),
    Mutant(
        "doctor-waits-at-a-pipe-beside",
        "nor what SQLite opens with the database",
        (Edit("doctor/rights.py", "for path in _beside(database) if is_no_file(path)", "for path in (database,) if is_no_file(path)"),),
        (HERE,),
    ),
    Mutant(
        "doctor-names-no-pipe",
        "and it is named",
        (Edit("doctor/rights.py", "    if is_no_file(path):\n", "    if os.path.isdir(path):\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-asks-no-health",
        "a house that is not well is asked what it has",
        (Edit("doctor/visit.py", '    if answer.status != 503 or "code" not in words:\n', "    if True:\n"),),
        (HERE,),
    ),
    Mutant(
        "doctor-reckons-by-itself",
        "the doctor says as many connections as the house will hold",
        (
            Edit(
                "doctor/machine.py", "settings.max_connections + SPARE_FILES, fitting(hard)", "settings.max_connections + SPARE_FILES, hard"
            ),
        ),
        (HERE,),
    ),
    Mutant(
        "doctor-falls-over-a-shut-folder",
        "of a folder that another user shut each step says that it cannot be seen",
        (Edit("doctor/rights.py", "        return isinstance(error, PermissionError)\n", "        return False\n"),),
        (RIGHTS,),
    ),
    Mutant(
        "doctor-backup-falls-over",
        "and the step of the backup too",
        (Edit("doctor/backups.py", "    if is_shut(data):\n", "    if False:\n"),),
        (RIGHTS,),
    ),
    Mutant(
        "doctor-falls-over-its-parent",
        "also where it is the folder above that is shut",
        (Edit("doctor/machine.py", "if os.path.lexists(each))", "if each.exists())"),),
        (RIGHTS,),
    ),
    Mutant(
        "doctor-looks-past-a-link",
        "a folder that is a link which leads nowhere is named",
        (Edit("doctor/machine.py", "if os.path.lexists(each))", "if os.path.exists(each))"),),
        (RIGHTS,),
    ),
    Mutant(
        "doctor-undoes-its-own-line",
        "no line gives to another user what the next one gives to this one",
        (Edit("doctor/rights.py", " or owner.st_uid == me != 0:", ":"),),
        (RIGHTS,),
    ),
    Mutant(
        "doctor-believes-any-clock",
        "the doctor doubts a clock that the house would doubt",
        (Edit("doctor/machine.py", "calendar_ms() - (_last_open(settings) or calendar_ms())", "0"),),
        (HERE,),
    ),
    Mutant(
        "doctor-overlooks-what-was-saved",
        "what a house saved is named beside another database too",
        (Edit("doctor/premises.py", ", *_beside(path)])", "])"),),
        (HERE,),
    ),
    # The robot
    Mutant(
        "robot-tells-it-again",
        "what the database's trouble told the robot does not tell again",
        (Edit("bots/voice.py", "    if isinstance(error, (Unavailable, Damaged)):\n", "    if False:\n"),),
        (VOICE,),
    ),
)
