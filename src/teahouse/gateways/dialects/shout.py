"""`shout`: the room of 2011. `Welcome, NAME !`, then `NAME:TEXT` to all, until `quit` or the socket's end: `NAME Logout`."""

from teahouse.gateways.dialects.spoken import Came, Entrance, Heard, Quit, Said, Say, Went, Words


class Shout(Words):
    def parse(self, raw: bytes) -> Say | Quit:
        return Quit() if raw == b"quit" else Say(raw.decode())

    def render(self, heard: Heard) -> bytes | None:
        match heard:
            case Said(by, text, _, None):
                return f"{by.name}:{text}".encode()
            case Came(user):
                return f"Welcome, {user.name} !".encode()
            case Went(user):
                return f"{user.name} Logout".encode()
            case _:
                return None


SHOUT = Shout()


def entrance(path: str) -> Entrance:
    """Any path is as good as `/`."""
    return Entrance("address", SHOUT)
