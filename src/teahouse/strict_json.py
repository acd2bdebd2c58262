"""JSON from outside. Whatever is wrong with its bytes fails in one way: `msgspec.DecodeError`.

msgspec alone has three: its own error, UnicodeDecodeError for a string that is no UTF-8, RecursionError for what is nested too deep.
Who knows only the first answers the others as a fault of the server.
"""

from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

MAX_WORDS = 200

_items = msgspec.json.Decoder(list[msgspec.Raw])


class Reader(Generic[T]):
    """Reads values of one shape, strictly: nothing is converted to fit."""

    __slots__ = ("_decode",)

    def __init__(self, shape: Any) -> None:
        self._decode = msgspec.json.Decoder(shape, strict=True).decode

    def read(self, raw: bytes | str) -> T:
        """Return what `raw` says. DecodeError where it is no JSON, its subclass ValidationError where it is of another shape."""
        try:
            if isinstance(raw, bytes):
                raw.decode()  # all of it is to be UTF-8 (RFC 8259 8.1), and fields that are not known are skipped below
            value: T = self._decode(raw)
            return value
        except msgspec.ValidationError as error:
            raise msgspec.ValidationError(_shortened(str(error))) from None
        except UnicodeError:
            raise msgspec.DecodeError("JSON is malformed: not UTF-8") from None
        except RecursionError:
            raise msgspec.DecodeError("JSON is nested too deep") from None


def _shortened(words: str) -> str:
    """Return `words` without the middle: they may quote what was sent, and their end says where it stands."""
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS // 2]} … {words[-MAX_WORDS // 2 :]}"


def items_of(raw: bytes) -> list[bytes]:
    """Return the items of a list, each as it was written and still to be read. DecodeError where it is no list."""
    try:
        return [bytes(item) for item in _items.decode(raw)]
    except RecursionError:
        raise msgspec.DecodeError("JSON is nested too deep") from None
