"""Upgrading, going back, and where a house is put."""

from tests.mutants.mutant import Edit, Mutant

COPYING = "tests/storage/test_copying.py"
UPGRADES = "tests/storage/test_upgrades.py"
UPGRADE = "tests/faults/test_upgrade.py"
APP = "tests/unit/test_app.py"
CLI = "tests/unit/test_cli.py"
ROAD = "tests/doctor/test_road.py"
SETTINGS = "tests/unit/test_settings.py::test_the_address_of_a_service_called_teahouse_is_no_port"
MARK = "tests/unit/test_settings.py::test_a_file_that_begins_with_a_byte_order_mark_is_read"
NAMELESS = "tests/gateways/http/test_serving.py::test_a_folder_without_a_name_is_told"

MUTANTS = (
    # One can go back
    Mutant(
        "upgrade-without-a-copy",
        "an upgrade first leaves a copy",
        (Edit("storage/upgrading.py", 'if copy_first and connection.dialect.name == "sqlite":', "if False:"),),
        (UPGRADES,),
    ),
    Mutant(
        "go-back-and-resume",
        "who has read on in the newer database loads the copy afresh",
        (Edit("storage/upgrading.py", "copy_database(database, copy, epoch=secrets.token_hex(8))", "copy_database(database, copy)"),),
        (UPGRADES,),
    ),
    Mutant(
        "upgrade-beside-a-house",
        "no other command than serve upgrades",
        (Edit("storage/upgrading.py", "    if not may_upgrade:\n", "    if False:\n"),),
        (UPGRADES,),
    ),
    Mutant(
        "command-upgrades",
        "a command beside the house upgrades nothing",
        (Edit("console.py", "house.database.open(may_upgrade=False)", "house.database.open()"),),
        (UPGRADE,),
    ),
    Mutant(
        "copy-into-no-room",
        "a copy that does not fit is not begun",
        (Edit("storage/upgrading.py", "    if free < wanted:\n", "    if free < 0:\n"),),
        (UPGRADES,),
    ),
    Mutant(
        "keep-every-copy",
        "the copy of an earlier upgrade goes",
        (Edit("storage/upgrading.py", "                earlier.unlink()\n", "                pass\n"),),
        (UPGRADES,),
    ),
    Mutant(
        "keep-the-copy-for-good",
        "the copy goes after its days",
        (Edit("storage/upgrading.py", "            copy.unlink()\n", ""),),
        (UPGRADES,),
    ),
    Mutant(
        "copy-of-a-wrong-year",
        "a clock that was behind when the copy was made does not take it",
        (Edit("storage/upgrading.py", "        os.utime(copy, (newest, newest))\n", ""),),
        (UPGRADES,),
    ),
    Mutant(
        "copy-of-a-year-to-come",
        "a clock that was ahead when the copy was made does not keep it",
        (Edit("storage/upgrading.py", "        if age_ms < 0:\n", "        if False:\n"),),
        (UPGRADES,),
    ),
    Mutant(
        "forget-the-copy-by-any-clock",
        "no copy goes by a calendar that is not to be believed yet",
        (Edit("app.py", "        if (now := self.database.house_clock.settled_at()) is not None:\n", "        if now := clock_ms():\n"),),
        (APP,),
    ),
    Mutant(
        "migrate-in-pieces",
        "a kill in the middle of the migrations leaves the old schema",
        (
            Edit(
                "storage/migrations/__init__.py",
                '    command.upgrade(config, "head")\n',
                '    connection.commit()\n    command.upgrade(config, "head")\n',
            ),
        ),
        (UPGRADE,),
    ),
    # A copy is whole
    Mutant(
        "copy-what-moves",
        "a copy is one state, whatever others write meanwhile",
        (Edit("storage/copying.py", '        reading.execute("BEGIN")\n', ""),),
        (COPYING,),
    ),
    Mutant(
        "copy-unchecked",
        "what is damaged is no copy",
        (Edit("storage/copying.py", "        check_database(half)\n", ""),),
        (COPYING,),
    ),
    Mutant(
        "copy-with-its-name-at-once",
        "a copy that is not whole does not have its name",
        (Edit("storage/copying.py", '    return target.with_name(f"{target.name}.half")\n', "    return target\n"),),
        (COPYING,),
    ),
    Mutant(
        "copy-for-everybody",
        "only its owner may read a copy",
        (
            Edit(
                "storage/copying.py",
                "        os.fchmod(file, 0o600)  # whatever the umask takes away\n",
                "        os.fchmod(file, 0o644)\n",
            ),
        ),
        (COPYING,),
    ),
    Mutant(
        "copy-in-two-files",
        "all of a copy is in its one file",
        (Edit("storage/copying.py", '        writing.execute("PRAGMA journal_mode=DELETE")', "        # "),),
        (COPYING,),
    ),
    # Where a house is put
    Mutant(
        "port-of-a-service",
        "the address of a Service called teahouse is no port",
        (Edit("settings.py", ' and not (name == "port" and _SERVICE.fullmatch(value))', ""),),
        (SETTINGS,),
    ),
    Mutant(
        "a-house-wherever-one-is",
        "a data folder without a name is refused",
        (Edit("cli.py", "    if not word:  #", "    if False:  #"),),
        (NAMELESS,),
    ),
    Mutant(
        "out-of-reach-in-a-trace",
        "a house that is out of a command's reach is told in words",
        (Edit("cli.py", "    if error.filename is None:\n", "    if True:\n"),),
        (CLI,),
    ),
    Mutant(
        "settings-without-a-mark",
        "a settings file that Notepad wrote is read",
        (
            Edit(
                "setting_files.py", 'tomllib.loads(file.read_text(encoding="utf-8-sig"))', 'tomllib.loads(file.read_text(encoding="utf-8"))'
            ),
        ),
        (MARK,),
    ),
    Mutant(
        "key-without-a-mark",
        "a key's file that Notepad wrote holds the key and no mark",
        (
            Edit(
                "setting_files.py", '        return file.read_text(encoding="utf-8-sig")', '        return file.read_text(encoding="utf-8")'
            ),
        ),
        ("tests/unit/test_settings.py",),
    ),
    Mutant(
        "a-folder-called-tilde",
        "`~` in a setting is home",
        (Edit("setting_files.py", "        return path.expanduser()\n", "        return path\n"),),
        ("tests/unit/test_settings.py",),
    ),
    Mutant(
        "certificate-by-days",
        "a certificate is judged by the share of its life that is left",
        (
            Edit(
                "doctor/road.py", "    if left >= min(life * RENEWED_AT, RENEWED_AT_THE_LATEST):\n", "    if left >= timedelta(days=30):\n"
            ),
        ),
        (ROAD,),
    ),
    Mutant(
        "blame-what-sends-on",
        "http that sends people on to https is well",
        (Edit("doctor/road.py", "    if _sends_on_to_https(visit):\n", "    if False:\n"),),
        (ROAD,),
    ),
)
