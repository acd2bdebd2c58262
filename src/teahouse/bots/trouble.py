"""Why a language model did not answer: the few kinds that the robot has words for."""

from typing import Literal

Kind = Literal["down", "slow", "busy", "locked", "broken", "rubbish", "cut", "endless"]


class Trouble(Exception):
    """The model did not answer as it should. The message is for the log: a few plain words, nothing that came from outside."""

    def __init__(self, kind: Kind, words: str) -> None:
        super().__init__(words)
        self.kind: Kind = kind
