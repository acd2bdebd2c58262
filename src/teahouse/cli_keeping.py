"""The commands that keep the house: banning, ending sessions, erasing, newcomers, invites, roles, owners, and the log of it all.

Whoever runs the server stands above its owner.
"""

import argparse
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from teahouse.keeping import Ban, Invite
    from teahouse.settings import Settings

_UNITS_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
FOR_EVER_MS = 2**52
MAX_USES = 10_000


def ban(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Shut out a person, or for a time a network; on a running house it holds at once."""
    from teahouse import console

    said_within = None if arguments.remove_since is None else arguments.remove_since * 60_000
    made = console.ban(settings, arguments.name, arguments.network, arguments.minutes, arguments.reason, said_within)
    print(f"Banned: {_shown(made)}.")


def unban(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Let a person or a network in again."""
    from teahouse import console

    console.unban(settings, arguments.who)
    print(f"{arguments.who} may come in again.")


def bans(_arguments: argparse.Namespace, settings: "Settings") -> None:
    """List the bans that hold."""
    from teahouse import console

    for each in console.bans(settings):
        print(_shown(each))


def end_sessions(arguments: argparse.Namespace, settings: "Settings") -> None:
    """End all sessions and tokens of a person, who has then gone for good, and the invites that they made."""
    from teahouse import console

    user, ended = console.end_sessions(settings, arguments.name, arguments.reason)
    print(f"Ended {ended} of {_plain(user.name)} (#{user.id}).")


def remove_messages(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Erase what a person posted or edited in the last while, in every room."""
    from teahouse import console

    user = console.remove_messages(settings, arguments.name, arguments.since * 60_000, arguments.reason)
    print(f"What {_plain(user.name)} (#{user.id}) said goes.")


def newcomers(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Close the house to everyone new, invited or not, or open it again."""
    from teahouse import console

    console.newcomers(settings, arguments.state == "on", arguments.reason)
    print("Newcomers are let in." if arguments.state == "on" else "Nobody new is let in; whoever has a session stays.")


def owner_link(_arguments: argparse.Namespace, settings: "Settings") -> None:
    """Make a link that makes its first opener the owner of the house; earlier ones are void."""
    from teahouse import console

    link, doubt = console.owner_link(settings)
    print(link)
    _aside(doubt)


def invite(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Make a link that lets people in where strangers may not come by themselves; it is printed this once."""
    from teahouse import console

    links, made, doubt = console.invite(settings, arguments.minutes, arguments.uses, arguments.note)
    for link in links:
        print(link)
    how_many = "any number" if made.max_uses is None else f"{made.max_uses} at most"
    _aside(f"Invite {made.id}: until {_time(made.until)}, {how_many} may come by it.", doubt)


def invites(_arguments: argparse.Namespace, settings: "Settings") -> None:
    """List the invites whose time is not up: who made them and when, until when they hold, and how many came."""
    from teahouse import console

    for each in console.invites(settings):
        print(_invite_shown(each))


def end_invite(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Let nobody in by an invite any more; whoever came by it stays."""
    from teahouse import console

    console.end_invite(settings, arguments.invite)
    print(f"Invite {arguments.invite} lets nobody in any more.")


def role(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Make a person an admin, who keeps the peace, an owner as well, or a guest again."""
    from teahouse import console

    user = console.role(settings, arguments.name, arguments.role)
    print(f"{_plain(user.name)} (#{user.id}) is {user.role} now.")


def log(arguments: argparse.Namespace, settings: "Settings") -> None:
    """Print who did what to whom, the newest last."""
    from teahouse import console

    for entry in reversed(console.log(settings, arguments.limit).entries):
        fact: Any = entry.fact
        fields = {name: getattr(fact, name) for name in fact.__struct_fields__ if name != "console"}
        user = fields.pop("user", None)
        told = [] if user is None else [f"{_plain(user.name)} (#{user.id})"]
        told += [f"{name}={_value(name, value)}" for name, value in fields.items() if value not in (None, "")]
        by = "the command line" if fact.console else _plain(entry.by.name)
        print(f"{_time(entry.at)}  {by}: {fact.__struct_config__.tag} {' '.join(told)}")


COMMANDS: dict[str, Callable[[argparse.Namespace, "Settings"], None]] = {
    "ban": ban,
    "unban": unban,
    "bans": bans,
    "end-sessions": end_sessions,
    "remove-messages": remove_messages,
    "newcomers": newcomers,
    "invite": invite,
    "invites": invites,
    "end-invite": end_invite,
    "role": role,
    "owner-link": owner_link,
    "log": log,
}


def add_arguments(name: str, command: argparse.ArgumentParser) -> None:
    """Give a command's parser what it takes beside the house's own arguments."""
    if name == "ban":
        who = command.add_mutually_exclusive_group(required=True)
        who.add_argument("name", nargs="?", metavar="NAME", help="a person's name, or #ID")
        who.add_argument("--network", metavar="NETWORK", help="an address, or a network such as 203.0.113.0/24; takes --for")
        command.add_argument(
            "--for", type=minutes, dest="minutes", metavar="TIME", help="how long, such as 30m, 2h or 7d; without, for good"
        )
        command.add_argument(
            "--remove-since", type=_since, metavar="TIME", help="erase what the person said in that time, such as 2h, or all"
        )
    if name == "unban":
        command.add_argument("who", metavar="NAME", help="a person's name or #ID, a network, or the ban's number")
    if name == "newcomers":
        command.add_argument("state", choices=("on", "off"))
    if name in ("end-sessions", "remove-messages", "role"):
        command.add_argument("name", metavar="NAME", help="a person's name, or #ID")
    if name == "remove-messages":
        command.add_argument("--since", type=_since, metavar="TIME", required=True, help="how far back, such as 30m, 2h or 7d, or all")
    if name == "role":
        command.add_argument("role", choices=("owner", "admin", "guest"))
    if name == "invite":
        command.add_argument(
            "--for", type=minutes, dest="minutes", metavar="TIME", default=30 * 24 * 60, help="how long, such as 2h or 7d; 30d unless set"
        )
        command.add_argument("--uses", type=_uses, metavar="NUMBER", help="how many people may come by it; any number unless set")
        command.add_argument("--note", default="", metavar="WORDS", help="for whom it is; shown by invites and in the log")
    if name == "end-invite":
        command.add_argument("invite", type=_id, metavar="NUMBER", help="the invite's number, as invites shows it")
    if name == "log":
        command.add_argument("--limit", type=int, default=50, metavar="NUMBER", choices=range(1, 201), help="how many, 200 at most")
    if name in ("ban", "end-sessions", "remove-messages", "newcomers"):
        told = "told to whoever is shut out, and " if name == "ban" else ""
        command.add_argument("--reason", default="", metavar="WORDS", help=f"{told}kept in the log")


def _since(word: str) -> int:
    return FOR_EVER_MS // 60_000 if word == "all" else minutes(word)


def minutes(word: str) -> int:
    found = re.fullmatch(r"([0-9]{1,6})([mhd])", word)
    if found is None or not int(found[1]):
        raise argparse.ArgumentTypeError(f"expected a time such as 30m, 2h or 7d, got {word!r}")
    return int(found[1]) * _UNITS_MINUTES[found[2]]


def _uses(word: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", word) or not 1 <= int(word) <= MAX_USES:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MAX_USES:,}, got {word!r}")
    return int(word)


def _id(word: str) -> int:
    if not re.fullmatch("[0-9]{1,15}", word):
        raise argparse.ArgumentTypeError(f"expected a number, got {word!r}")
    return int(word)


def _invite_shown(invite: "Invite") -> str:
    by = "the command line" if invite.by.role == "bot" else f"{_plain(invite.by.name)} (#{invite.by.id})"
    how_many = f"{invite.used} came" if invite.max_uses is None else f"{invite.used} of {invite.max_uses} came"
    made = f"{'at a start' if invite.at_start else f'by {by}'}, {_time(invite.at)}"
    return f"{invite.id}  {made}  until {_time(invite.until)}  {how_many}" + (f"  {_plain(invite.note)}" if invite.note else "")


def _shown(ban: "Ban") -> str:
    who = ban.network if ban.user is None else f"{_plain(ban.user.name)} (#{ban.user.id})"
    until = "for good" if ban.until is None else f"until {_time(ban.until)}"
    return f"{ban.id}  {who}  {until}" + (f"  {_plain(ban.reason)}" if ban.reason else "")


def _value(name: str, value: Any) -> str:
    return _time(value) if name in ("until", "since") else _plain(str(value))


def _time(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> str:
    """Names and reasons are others' words: nothing of them may steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _aside(*sentences: str) -> None:
    """Say what is not the answer itself, which a script may want alone."""
    for sentence in sentences:
        if sentence:
            print(sentence, file=sys.stderr)
