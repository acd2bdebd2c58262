"""`directed`: one to one by user id. `{"user_id", "login"}` once, then `{"to_user_id", "msg"}`; the receiver gets the bare text."""

from teahouse.gateways.dialects.spoken import Entrance, Heard, Login, Meant, Said, Say, Words, read_json, text_of


class Directed(Words):
    directs = True
    echoes = False

    def parse(self, raw: bytes) -> Meant | None:
        fields = read_json(raw)
        to, text = text_of(fields, "to_user_id"), text_of(fields, "msg")
        if to is not None and text is not None:
            return Say(text, to)
        name = text_of(fields, "user_id")
        return Login(name) if name is not None and fields.get("login") else None

    def render(self, heard: Heard) -> bytes | None:
        return heard.text.encode() if isinstance(heard, Said) and heard.to is not None else None


DIRECTED = Directed()


def entrance(path: str) -> Entrance:
    """Any path is as good as `/`."""
    return Entrance("login", DIRECTED)
