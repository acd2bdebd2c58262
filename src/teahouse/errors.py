"""The tree of refusals. Each has a stable code, an HTTP status and says whether sending the same again makes sense.

TeahouseError
├── Invalid        400  the request cannot be understood or breaks a bound
├── NotSignedIn    401  no session, or one that has ended
├── NotAllowed     403  understood, and refused to this user
├── NotFound       404  no such thing, or not for this user to know of
├── Conflict       409  something else holds that place
├── TooMuch        429  a rate or a quota; retry after a while
├── Unavailable    503  nothing wrong with the request; retry
└── Damaged        503  nothing wrong with the request either, and sending it again helps nobody

`code` is part of the protocol: docs/protocol.md lists every one, and a contract test compares.
"""

from typing import ClassVar

from msgspec import Struct


class ShutOut(Struct, frozen=True, omit_defaults=True):
    """What a ban says to whom it holds for: until when (Unix ms; none for no end), why, and whether it is their network's."""

    until: int | None = None
    reason: str = ""
    network: bool = False


class TeahouseError(Exception):
    """A refusal in words. `code` may narrow the class's own code; `retry_after_s` is set where waiting helps."""

    status: ClassVar[int] = 500
    code: str = "internal"
    retry: ClassVar[bool] = False

    def __init__(self, words: str, *, code: str | None = None, retry_after_s: float | None = None, ban: ShutOut | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.ban = ban
        self.retry_after_s = retry_after_s
        if code is not None:
            self.code = code


class Invalid(TeahouseError):
    status = 400
    code = "invalid"


class NotSignedIn(TeahouseError):
    status = 401
    code = "not_signed_in"


class NotAllowed(TeahouseError):
    status = 403
    code = "not_allowed"


class NotFound(TeahouseError):
    status = 404
    code = "not_found"


class Conflict(TeahouseError):
    status = 409
    code = "conflict"


class TooMuch(TeahouseError):
    status = 429
    code = "too_much"
    retry = True


class Unavailable(TeahouseError):
    status = 503
    code = "unavailable"
    retry = True


class Damaged(TeahouseError):
    status = 503
    code = "damaged"


CODES: dict[str, str] = {
    "invalid": "the command or a field of it is malformed or out of bounds",
    "unknown_command": "no command has this `type`",
    "empty_text": "the text is empty or only white space",
    "text_too_long": "the text is above `max_text_bytes`",
    "bad_name": "the name is empty, too long, piles up marks, or nothing of it shows",
    "bad_face": "no face has this name",
    "not_signed_in": "there is no session, or it has ended",
    "invite_needed": "this house is open by invite only",
    "house_closed": "this house takes in nobody new at the moment",
    "banned": "shut out of this house; the words say why and until when",
    "put_out": "put out of that room; only who manages it lets them in again",
    "sign_out_first": "the owner link made its bearer the owner under another name, and waits for them",
    "bad_key": "the invite or owner link is wrong, used up or expired",
    "not_allowed": "understood, and refused to this user",
    "beyond_token": "the token's scope does not reach that far, or no token's does",
    "not_member": "the room exists for its members only, and this user is not one",
    "bad_origin": "the request comes from a page of another origin",
    "not_found": "no such thing, or not for this user to know of",
    "name_taken": "someone here holds this name now, or it passes for that of somebody who is or was here, or of the robot",
    "conflict": "something else holds that place, such as a client_id already used in another room",
    "other_life": "the house was put back to a backup since: what one knows of it, as numbers of messages, means nothing now",
    "too_much": "too many commands, connections or attempts; wait `retry_after_s` and send it again",
    "unavailable": "the server could not store it now; nothing was stored, send it again",
    "damaged": "that part of the house's database is damaged; to send it again does not help",
    "internal": "a fault of the server; it is logged under the id that the words name",
}
"""Every code that a client can meet, with its meaning."""
