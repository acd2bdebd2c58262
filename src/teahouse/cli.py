"""The command line: reads arguments, calls, prints. Heavy parts are imported when a command needs them."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from teahouse import __version__

if TYPE_CHECKING:
    from teahouse.serving import Ready
    from teahouse.settings import Settings

CANNOT = 2
"""The exit code when something outside must be mended first; the sentence on standard error says what."""

app = typer.Typer(add_completion=False, no_args_is_help=True, help="A chat server that you host yourself.")

Config = Annotated[Path | None, typer.Option("--config", envvar="TEAHOUSE_CONFIG", help="A TOML file with settings.", show_default=False)]
Data = Annotated[Path | None, typer.Option("--data", help="The folder that holds the database.", show_default=False)]
Host = Annotated[str | None, typer.Option(help="The address to listen on.", show_default=False)]
Port = Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.", show_default=False)]
Lan = Annotated[bool, typer.Option("--lan", help="Listen on every network and print an invite link with a QR code.")]
Open = Annotated[bool | None, typer.Option("--open/--closed", help="Whether strangers may sign in without an invite.", show_default=False)]
ReadyFile = Annotated[
    Path | None,
    typer.Option(
        envvar="TEAHOUSE_READY_FILE", help="Write the address and the links to this file, as JSON, once accepting.", show_default=False
    ),
]


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    data: Data = None,
    lan: Lan = False,
    open_house: Open = None,
    config: Config = None,
    ready_file: ReadyFile = None,
) -> None:
    """Open the house and run it until Ctrl-C."""
    if lan and host is not None:
        _fail("Give either --lan, which listens on every network, or --host.")
    settings = _settings(config, host="0.0.0.0" if lan else host, port=port, data_dir=data, open=open_house)  # noqa: S104 -- asked for
    from teahouse import serving

    def announce(ready: "Ready") -> None:
        typer.echo(_welcome(settings.name, ready))
        if lan and ready.guest_links:
            _print_qr(ready.guest_links[0])
        sys.stdout.flush()
        if ready_file is not None:
            _write_ready(ready_file, ready)

    try:
        serving.serve(settings, announce)
    except serving.CannotServe as error:
        _fail(str(error))


@app.command("owner-link")
def owner_link(data: Data = None, config: Config = None) -> None:
    """Make a link that makes its first opener the owner of the house."""
    settings = _settings(config, data_dir=data)
    from teahouse import serving

    try:
        typer.echo(serving.make_owner_link(settings))
    except serving.CannotServe as error:
        _fail(str(error))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line."""
    app(prog_name="teahouse")


def _settings(config: Path | None, **given: object) -> "Settings":
    from teahouse.settings import BadSettings, load

    try:
        return load(config, **{name: value for name, value in given.items() if value is not None})
    except BadSettings as error:
        _fail(str(error))


def _welcome(name: str, ready: "Ready") -> str:
    rows = [("Open", f"{ready.address}/")]
    if ready.owner_link:
        rows.append(("Yours", f"{ready.owner_link}   (works once; makes you the owner)"))
    rows += [("For guests", link) for link in ready.guest_links]
    rows += [("Data", ready.data_dir), ("Stop", "Ctrl-C")]
    lines = [f"  {label:<11} {value}" for label, value in rows]
    return "\n".join([typer.style(f"{name} is open.", bold=True), "", *lines, ""])


def _print_qr(link: str) -> None:
    import segno

    segno.make(link).terminal(out=sys.stdout, compact=True)


def _write_ready(path: Path, ready: "Ready") -> None:
    """Write the file in one move, so that whoever waits for it never reads half; only its owner may read the keys in it."""
    import msgspec

    words = {
        "address": ready.address,
        "owner_link": ready.owner_link,
        "invite_link": ready.guest_links[0] if ready.guest_links else None,
    }
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(words))
        half.replace(path)
    except OSError as error:
        _fail(f"Cannot write the ready file {path}: {error.strerror}.")


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(CANNOT)
