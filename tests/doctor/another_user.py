"""A user of this machine who is nobody's friend."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

NUMBER = 12_345


@contextmanager
def another_user() -> Iterator[None]:
    """Be somebody to whom rights apply: whoever runs the tests may be root, to whom they do not."""
    if os.getuid() != 0:
        yield
        return
    "".encode("idna")  # Python loads it when it is needed, from where another user may not look
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(NUMBER, NUMBER, 0)
    os.setresuid(NUMBER, NUMBER, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)
