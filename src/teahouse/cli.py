"""The command line: reads arguments, calls, prints. Heavy parts are imported when a command needs them (docs/decisions)."""

import argparse
import gc
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from teahouse import __version__, cli_backup, cli_keeping, streams

if TYPE_CHECKING:
    from teahouse.serving import Ready
    from teahouse.settings import Settings

CANNOT = 2
"""The exit code when something outside must be mended first; the sentence on standard error says what."""


COLLECT_AFTER = (10_000, 10, 50)
"""Thresholds of the garbage collector. Going through all that a house of ten thousand holds takes a third of a second, in which nobody is
heard; by default it would be done every few seconds when people are busy, to find next to nothing."""


def main() -> None:
    """Run the command that the arguments name."""
    streams.open_closed()
    streams.take_errors()
    output = streams.take_output(wait_ms=None)
    try:
        arguments = _parser().parse_args()
        arguments.run(arguments)
    except SystemExit:
        _account_for(output)
        raise
    _account_for(output)


def serve(arguments: argparse.Namespace) -> None:
    """Open the house and run it until Ctrl-C."""
    streams.take_output(wait_ms=streams.PATIENCE_MS)
    if arguments.ready_file is not None:
        _check_ready(arguments.ready_file)
    gc.disable()  # all that is made until the house is open stays for good, so looking for garbage among it is a waste
    settings = _settings(
        arguments.config,
        host="0.0.0.0" if arguments.lan else arguments.host,  # noqa: S104 -- asked for
        port=arguments.port,
        data_dir=arguments.data,
        open=arguments.open,
        doors=arguments.door,
    )
    cli_backup.tidy(settings.data_dir)
    from teahouse import serving
    from teahouse.listening import CannotServe

    def announce(ready: "Ready") -> None:
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        gc.enable()
        print(_welcome(settings.name, ready, _owner_row(arguments, ready)))
        if arguments.lan and ready.guest_links:
            _print_qr(ready.guest_links[0])
        sys.stdout.flush()
        if arguments.ready_file is not None:
            _write_ready(arguments.ready_file, ready)

    try:
        serving.serve(settings, announce, streams.take_errors())
    except CannotServe as error:
        _fail(str(error))


def doctor(arguments: argparse.Namespace) -> None:
    """Examine this installation, or the server at URL: what is wrong, why it matters, and the line that mends it."""
    from teahouse.doctor import command
    from teahouse.doctor.target import BadAddress

    how = {"explain": arguments.explain, "as_json": arguments.json}
    try:
        if arguments.url is None:
            sys.exit(command.examine_here(_settings(arguments.config, data_dir=arguments.data), **how))
        sys.exit(command.examine_server(arguments.url, idle_s=arguments.idle, **how))
    except BadAddress as error:
        _fail(str(error))
    except OSError as error:
        _cannot_use(error)
    except KeyboardInterrupt:
        _fail("")


def keep(arguments: argparse.Namespace) -> None:
    """Run one of the commands of cli_keeping.py or cli_backup.py."""
    settings = _settings(arguments.config, data_dir=arguments.data)
    from teahouse.listening import CannotServe

    try:
        arguments.keeping(arguments, settings)
    except CannotServe as error:
        _fail(str(error))
    except OSError as error:
        _cannot_use(error)
    except KeyboardInterrupt:
        _fail("")


def version(_arguments: argparse.Namespace) -> None:
    """Print the version."""
    print(__version__)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="teahouse", description="A chat server that you host yourself.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, run in (("serve", serve), ("doctor", doctor), ("version", version)):
        command = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        command.set_defaults(run=run)
        if run is not version:
            _add_house(command)
        if run is serve:
            _add_serving(command)
        if run is doctor:
            _add_examining(command)
    for module in (cli_keeping, cli_backup):
        for name, done in module.COMMANDS.items():
            command = commands.add_parser(name, help=done.__doc__, description=done.__doc__)
            command.set_defaults(run=keep, keeping=done)
            _add_house(command)
            module.add_arguments(name, command)
    return parser


def _add_house(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, metavar="FILE", default=_from_environment("CONFIG"), help="a TOML file with settings")
    command.add_argument("--data", type=_folder, metavar="FOLDER", help="the folder that holds the database")


def _add_serving(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--host", metavar="ADDRESS", help="the address to listen on; 127.0.0.1 unless set")
    where.add_argument("--lan", action="store_true", help="listen on every network and print an invite link with a QR code")
    command.add_argument("--port", type=int, metavar="NUMBER", help="the port to listen on; 8000 unless set, 0 takes a free one")
    door = command.add_mutually_exclusive_group()
    door.add_argument("--open", action="store_true", default=None, help="let strangers sign in without an invite")
    door.add_argument("--closed", action="store_false", dest="open", default=None, help="let nobody sign in without an invite")
    command.add_argument(
        "--door",
        action="append",
        metavar="NAME[@[HOST:]PORT][+ORIGIN]",
        help="let pages of an old chat in: directed, lines, nickname, relay, shout or signin; +null for pages from disk, +ORIGIN for "
        "those of another address; may be given several times",
    )
    command.add_argument(
        "--ready-file",
        type=Path,
        metavar="FILE",
        default=_from_environment("READY_FILE"),
        help="write the address and the links to this file, as JSON, once the house is open",
    )


def _add_examining(command: argparse.ArgumentParser) -> None:
    command.add_argument("url", nargs="?", metavar="URL", help="the address of a running server; without it, this installation")
    command.add_argument("--explain", action="store_true", help="teach: what each step is for, what is sent and what comes back")
    command.add_argument("--json", action="store_true", help="print one JSON object, for machines")
    command.add_argument(
        "--idle", type=_seconds, default=0.0, metavar="SECONDS", help="see whether a socket survives so much silence, up to 240"
    )


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 240:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 240, got {word}")
    return seconds


def _folder(word: str) -> Path:
    if not word:  # Path would take it for the folder that one is in
        raise argparse.ArgumentTypeError("expected a folder, got nothing; a variable may be unset")
    return Path(word)


def _from_environment(name: str) -> str | None:
    return os.environ.get(f"TEAHOUSE_{name}") or None


def _settings(config: Path | None, **given: object) -> "Settings":
    from teahouse.settings import BadSettings, load

    try:
        return load(config, **{name: value for name, value in given.items() if value is not None})
    except BadSettings as error:
        _fail(str(error))


def _owner_row(arguments: argparse.Namespace, ready: "Ready") -> str:
    """Say how to become the owner. On a terminal that is the link itself; what goes elsewhere is kept, and may be read for years."""
    if ready.owner_link is None:
        return ""
    if sys.stdout.isatty():
        return f"{ready.owner_link}   (works once; makes you the owner)"
    config = ["--config", str(arguments.config.absolute())] if arguments.config else []
    command = shlex.join(["teahouse", "owner-link", *config, "--data", ready.data_dir])
    return f"{command}   (prints a link that works once; makes you the owner)"


def _welcome(name: str, ready: "Ready", owner: str) -> str:
    rows = [("Open", f"{ready.address}/")]
    if owner:
        rows.append(("Yours", owner))
    rows += [("For guests", link) for link in ready.guest_links]
    rows += [("Strangers", words) for words in ready.strangers]
    rows += [("Door", f"{dialect:<9} {where}") for dialect, where in ready.doors]
    rows += [("Data", ready.data_dir), ("Stop", "Ctrl-C")]
    return "\n".join([f"{name} is open.", "", *(f"  {label:<11} {value}" for label, value in rows), ""])


def _print_qr(link: str) -> None:
    import segno

    segno.make(link).terminal(out=sys.stdout, compact=True)


def _check_ready(path: Path) -> None:
    """End where the file cannot come to `path`, or would take the place of something else there: a device, a pipe, a link to one."""
    if not os.path.isdir(path.parent):
        _fail(f"There is no folder {path.parent} for the ready file.")
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isfile(path)):
        _fail(f"{path} is no plain file, and the ready file would take its place: name another one.")


def _write_ready(path: Path, ready: "Ready") -> None:
    """Write the file in one move, so that whoever waits for it never reads half; only its owner may read the keys in it."""
    import msgspec

    words = {
        "address": ready.address,
        "owner_link": ready.owner_link,
        "doors": [{"dialect": dialect, "address": where} for dialect, where in ready.doors],
        "invite_link": ready.guest_links[0] if ready.guest_links else None,
    }
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(words))
        half.replace(path)
    except OSError as error:
        _fail(f"Cannot write the ready file {path}: {error.strerror}.")


def _account_for(output: streams.LossyStream) -> None:
    """End as failed where something printed was lost. Whoever reads no further (`teahouse log | head`) knows, and is told nothing."""
    if isinstance(output.error, BrokenPipeError):
        sys.exit(CANNOT)
    if output.error is not None:
        _fail(f"What was printed could not be written: {output.error.strerror}.")


def _cannot_use(error: OSError) -> NoReturn:
    """End because a file or folder cannot be used. An error that names none is not the user's."""
    if error.filename is None:
        raise error
    remedy = "; run this as the user to whom the house belongs" if isinstance(error, PermissionError) else ""
    _fail(f"{error.filename} cannot be used: {error.strerror}{remedy}.")


def _fail(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(CANNOT)
