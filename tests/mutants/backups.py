"""Backups: whole or none, and put back whole or not at all."""

from tests.mutants.mutant import Edit, Mutant

ARCHIVE, MAKING, SEALING = (f"tests/backup/test_{what}.py" for what in ("archive", "making", "sealing"))
ROTATION, RESTORING, KILLED = (f"tests/backup/test_{what}.py" for what in ("rotation", "restoring", "killed"))
BACKUPS = "tests/doctor/test_backups.py"

MUTANTS = (
    Mutant(
        "look-at-another-state",
        "what is read for comparison is of the state that is copied",
        (Edit("storage/copying.py", '        reading.execute("BEGIN")\n', ""),),
        ("tests/storage/test_copying.py::test_what_is_looked_at_is_the_state_that_is_copied",),
    ),
    Mutant(
        "back-up-a-house-with-holes",
        "a house that lacks entries makes no backup unless that is said",
        (Edit("backup/making.py", "    if found.lacking and not may_lack:\n", "    if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "believe-the-copy",
        "a sample of a copy is read back",
        (Edit("backup/contents.py", " for row in expected] != expected:\n", " for row in expected] == []:\n"),),
        (MAKING,),
    ),
    Mutant(
        "believe-the-disk",
        "a backup is read back before it takes the place of the old one",
        (Edit("backup/making.py", "        archive.read(half, lambda _name: Nowhere(), tell)\n", ""),),
        (MAKING,),
    ),
    Mutant(
        "believe-the-disk-under-encryption",
        "an encrypted backup is read back before it takes the place of the old one",
        (Edit("backup/making.py", "    if found.sha256.digest() != (", "    if found.sha256.digest() == b'' and not ("),),
        (SEALING,),
    ),
    Mutant(
        "lose-the-last-bytes",
        "an encrypted backup whose end does not fit on the disk is none",
        (Edit("backup/sealing.py", "        if sink.error is not None:  # the last bytes", "        if False:  # the last bytes"),),
        (SEALING,),
    ),
    Mutant(
        "write-over-the-old-backup",
        "the old backup is there until the new one is whole",
        (
            Edit("backup/folder.py", "    half = path.with_name(HALF)\n", "    half = path\n"),
            Edit("backup/folder.py", "            os.replace(half, path)\n", ""),
        ),
        (MAKING, KILLED),
    ),
    Mutant(
        "let-anybody-read-a-backup",
        "a backup is its owner's alone",
        (Edit("backup/folder.py", "os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)", "os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)"),),
        (MAKING,),
    ),
    Mutant(
        "write-into-anothers-half",
        "what another house is writing into the same folder is left alone",
        (Edit("backup/folder.py", "            if not _may_have(left):\n", "            if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "write-where-a-link-leads",
        "nobody has a backup written where they like",
        (Edit("backup/folder.py", "os.open(half, os.O_RDWR | os.O_NOFOLLOW)", "os.open(half, os.O_RDWR)"),),
        (MAKING,),
    ),
    Mutant(
        "two-backups-at-once",
        "one backup of a house is made at a time",
        (Edit("backup/folder.py", "        if not _may_have(lock):\n", "        if False:\n"),),
        (MAKING, RESTORING),
    ),
    Mutant(
        "back-up-over-the-house",
        "no backup is written into the house's own folder",
        (Edit("backup/making.py", "    if file.is_relative_to(data.resolve()):\n", "    if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "back-up-over-a-thesis",
        "nothing is overwritten that is no backup",
        (Edit("backup/making.py", "    if file.exists() and not (file.is_file() and _is_a_backup(file)):\n", "    if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "back-up-over-another-archive",
        "what only begins like a backup is overwritten by none",
        (Edit("backup/making.py", " or archive.seal(found) is not None))", " or True))"),),
        (MAKING,),
    ),
    Mutant(
        "leave-no-room-for-the-next",
        "what a killed backup left goes before there is looked for room",
        (Edit("backup/making.py", "            drop_half(file.parent)", "            pass"),),
        (MAKING,),
    ),
    Mutant(
        "fill-the-disk",
        "a backup that does not fit is not begun",
        (Edit("backup/making.py", "        if free < needed:\n", "        if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "take-a-flipped-byte",
        "a backup with one flipped byte is refused, wherever it is",
        (Edit("backup/archive.py", "    if sha256.hexdigest() != sealed:\n", "    if False:\n"),),
        (ARCHIVE,),
    ),
    Mutant(
        "take-another-member",
        "each member is what the manifest says",
        (Edit("backup/archive.py", "    if left or sha256.hexdigest() != member.sha256:\n", "    if left:\n"),),
        (ARCHIVE,),
    ),
    Mutant(
        "believe-a-header",
        "no header of a backup is acted upon that is not what it must be",
        (Edit("backup/archive.py", "    if file.read(len(wanted)) != wanted:\n", "    if len(file.read(len(wanted))) != len(wanted):\n"),),
        (ARCHIVE,),
    ),
    Mutant(
        "read-a-manifest-of-any-size",
        "a manifest that is a bomb is not read",
        (Edit("backup/archive.py", " or not 0 <= first.size <= MAX_MANIFEST_BYTES:", ":"),),
        (ARCHIVE,),
    ),
    Mutant(
        "keep-the-oldest",
        "the newest backups stay",
        (Edit("backup/rotation.py", "self.own()[:-keep]", "self.own()[keep:]"),),
        (ROTATION,),
    ),
    Mutant(
        "wait-for-a-day-in-the-future",
        "a backup that a wrong clock dated ahead does not keep the next one from being made",
        (Edit("backup/rotation.py", "    return not 0 <= now_ms", "    return not now_ms"),),
        (ROTATION,),
    ),
    Mutant(
        "take-anothers-backup-for-ones-own",
        "a house whose backups lie beside another's has some of its own, and removes none of the other's",
        (Edit("backup/rotation.py", 'if _part(each, "life") == self._life]', "]"),),
        (ROTATION,),
    ),
    Mutant(
        "restore-under-the-old-epoch",
        "a restored house has an epoch of its own",
        (Edit("backup/restoring.py", "    path = stage / DATABASE_FILE\n    _forget_epoch(path)\n", "    path = stage / DATABASE_FILE\n"),),
        (RESTORING,),
    ),
    Mutant(
        "restore-an-open-house",
        "an open house is left alone",
        (Edit("backup/restoring.py", "    claim.take()\n", "    (data / LOCK_FILE).touch()\n"),),
        (RESTORING,),
    ),
    Mutant(
        "restore-from-a-newer-schema",
        "a newer schema is refused before anything is touched",
        (Edit("backup/restoring.py", "    if manifest.contents.schema not in versions():\n", "    if False:\n"),),
        (RESTORING,),
    ),
    Mutant(
        "copy-a-copy",
        "an older backup is not copied once more before it is brought up to date",
        (Edit("backup/restoring.py", "database.open(copy_first=False)", "database.open()"),),
        (RESTORING,),
    ),
    Mutant(
        "believe-the-counts",
        "a manifest that says another thing than the database is refused",
        (Edit("backup/restoring.py", "    if contents(target) != manifest.contents:\n", "    if False:\n"),),
        (RESTORING,),
    ),
    Mutant(
        "take-any-member",
        "a member goes to the one place that is meant for its name",
        (Edit("backup/restoring.py", "            if name != DATABASE_FILE:\n", "            if False:\n"),),
        (RESTORING,),
    ),
    Mutant(
        "restore-beside-the-old-log",
        "nothing of the old house is taken for a part of the new one",
        (Edit("backup/restoring.py", "        (data / name).unlink(missing_ok=True)\n", "        pass\n"),),
        (RESTORING,),
    ),
    Mutant(
        "restore-under-a-reader",
        "a house that another program reads is left alone",
        (Edit("backup/restoring.py", "        if not _settle(path):\n", "        if False:\n"),),
        (RESTORING,),
    ),
    Mutant(
        "restore-under-a-lock",
        "a house that another program has locked is left alone",
        (Edit("backup/restoring.py", "    except sqlite3.OperationalError as error:\n", "    except sqlite3.InterfaceError as error:\n"),),
        (RESTORING,),
    ),
    Mutant(
        "throw-the-old-house-away",
        "the house as it was is kept",
        (Edit("backup/restoring.py", "        os.rename(old, kept)\n", ""),),
        (RESTORING, KILLED),
    ),
    Mutant(
        "forget-what-a-killed-restore-kept",
        "what a killed restore put away is not lost",
        (Edit("backup/restoring.py", "    if old.exists() and (stage / DATABASE_FILE).exists():", "    if old.exists():"),),
        (RESTORING, KILLED),
    ),
    Mutant(
        "leave-what-was-killed",
        "what a killed backup or restore left goes when the house opens",
        (Edit("cli.py", "    cli_backup.tidy(settings.data_dir)\n", ""),),
        (RESTORING,),
    ),
    Mutant(
        "wait-for-a-pipe",
        "what is no file is refused, and not waited for",
        (Edit("backup/restoring.py", "        if file.exists() and not file.is_file():", "        if file.is_dir():"),),
        (f"{RESTORING}::test_what_is_no_file_is_refused_and_not_waited_for",),
    ),
    Mutant(
        "leave-what-was-opened",
        "a restore that fails leaves nothing of what it had opened",
        (
            Edit(
                "backup/restoring.py",
                "                finally:\n                    kept = _tidy(data)\n",
                "                finally:\n                    pass\n",
            ),
            Edit("backup/restoring.py", "            _hand_over(data, kept)\n", "            _hand_over(data, kept := _tidy(data))\n"),
        ),
        (RESTORING, SEALING),
    ),
    Mutant(
        "take-what-came-in-between",
        "what another program writes beside the old database in the moment of the rename is not the new one's",
        (Edit("backup/restoring.py", "                    _part(data)\n", "                    sync(data)\n"),),
        (RESTORING,),
    ),
    Mutant(
        "follow-the-workshop",
        "a link in the place of the workshop is not followed",
        (
            Edit(
                "backup/folder.py",
                "os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)\n        except",
                "os.O_RDONLY | os.O_DIRECTORY)\n        except",
            ),
        ),
        (MAKING,),
    ),
    Mutant(
        "keep-a-link",
        "a house whose database is a link is not put away",
        (Edit("backup/restoring.py", "    if path.is_symlink():", "    if False:"),),
        (RESTORING,),
    ),
    Mutant(
        "parse-any-header",
        "a header without end is not left to the library",
        (Edit("backup/sealing.py", " and _HEADER_ENDS not in begin:", " and False:"),),
        (SEALING,),
    ),
    Mutant(
        "keep-what-root-made",
        "what root makes in a house belongs to the house",
        (Edit("backup/folder.py", "    if os.geteuid() == 0:\n", "    if False:\n"),),
        (MAKING,),
    ),
    Mutant(
        "boast-of-another-house's-backup",
        "the doctor speaks of this life's backups",
        (Edit("doctor/backups.py", "    if record is not None and record.epoch == epoch:\n", "    if record is not None:\n"),),
        (BACKUPS,),
    ),
    Mutant(
        "scold-a-new-house",
        "a house is given a day to have a backup",
        (Edit("doctor/backups.py", "    if now_ms - first_came < NEW_DAYS * DAY_MS:\n", "    if False:\n"),),
        (BACKUPS,),
    ),
)
