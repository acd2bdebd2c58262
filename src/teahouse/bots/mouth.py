"""What of a model's words goes into its reply: as much as fits, and nothing of what it thinks to itself."""

from teahouse.replies import Reply

THINKS, THOUGHT = "<think>", "</think>"
"""Some models think aloud in front of their answer, and not every endpoint takes it out (DeepSeek-R1's format)."""


class Mouth:
    """Speaks into a reply until it is full. All text comes through `say`, in pieces of any length."""

    def __init__(self, reply: Reply, max_bytes: int) -> None:
        self.is_full = False
        self._reply = reply
        self._left = max_bytes
        self._held: str | None = ""
        """The beginning, as long as it may still be a thought; None once words are said."""

    def say(self, piece: str) -> bool:
        """Add a piece, or as much of it as fits; say whether more is wanted."""
        if self._held is not None:
            piece = self._after_thoughts(self._held + piece)
        said = piece.encode()[: self._left].decode(errors="ignore")
        self._left -= len(said.encode())
        self._reply.add(said)
        self.is_full = len(said) < len(piece)
        return not self.is_full

    def _after_thoughts(self, text: str) -> str:
        """Return what is to be said of the beginning; hold it back where that cannot be known yet."""
        text = text.lstrip()
        if text.startswith(THINKS):
            _, end, answer = text.partition(THOUGHT)
            if not end:
                # Only what could be the beginning of its end is needed of a thought, however long it is.
                self._held = THINKS + text[len(THINKS) :][-len(THOUGHT) :]
                return ""
            text = answer.lstrip()
        elif THINKS.startswith(text):
            self._held = text
            return ""
        self._held = None if text else ""
        return text
