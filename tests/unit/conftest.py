"""Chat and sign-in are tested on a real database, the same as storage."""

from tests.storage.conftest import another, house

__all__ = ["another", "house"]
