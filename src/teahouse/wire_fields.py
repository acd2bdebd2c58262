"""What the fields of commands may be, and what all commands have: the ground of `wire.py` and `wire_keeping.py`."""

from typing import Annotated

from msgspec import Meta, Struct

Id = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
RequestId = Annotated[int, Meta(ge=0, le=2**53 - 1)]
ClientId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$(?!\n)")]
Emoji = Annotated[str, Meta(min_length=1, max_length=32)]
PartOfName = Annotated[str, Meta(max_length=200)]
Epoch = Annotated[str, Meta(max_length=64)]
Cursors = Annotated[dict[Id, Seq], Meta(max_length=10_000)]
Limit = Annotated[int, Meta(ge=1, le=200)]


class Command(Struct, frozen=True, kw_only=True):
    """What a client asks for. With an `id` it is answered by one `ok` or `error` carrying that id; without, only by an error."""

    id: RequestId | None = None
