"""Run as `redirected.py HOW ARGUMENT…`: becomes `python -m teahouse ARGUMENT…` with standard streams that something is wrong with."""

import os
import sys
from collections.abc import Callable

OUT, ERR = 1, 2


def closed(*descriptors: int) -> Callable[[], None]:
    def close() -> None:
        for each in descriptors:
            os.close(each)

    return close


def on_a_full_disk() -> None:
    _become(os.open("/dev/full", os.O_WRONLY))


def to_nobody() -> None:
    theirs, ours = os.pipe()
    os.close(theirs)
    _become(ours)


def to_who_stands_still() -> None:
    theirs, ours = os.pipe()
    os.set_inheritable(theirs, True)  # it stays open, and nobody reads
    _become(ours)


def to_who_leaves_at_the_first_word() -> None:
    theirs, ours = os.pipe()
    if os.fork() == 0:
        os.close(ours)
        os.read(theirs, 1)
        os._exit(0)
    os.close(theirs)
    _become(ours)


def _become(descriptor: int) -> None:
    for each in (OUT, ERR):
        os.dup2(descriptor, each)


WAYS: dict[str, Callable[[], None]] = {
    "output closed": closed(OUT),
    "errors closed": closed(ERR),
    "both closed": closed(OUT, ERR),
    "all three closed": closed(0, OUT, ERR),
    "full disk": on_a_full_disk,
    "nobody": to_nobody,
    "who stands still": to_who_stands_still,
    "who leaves": to_who_leaves_at_the_first_word,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    os.execv(sys.executable, [sys.executable, "-m", "teahouse", *sys.argv[2:]])
