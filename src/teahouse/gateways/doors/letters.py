"""Where what is said to one person goes: the direct room with whoever has that name, or may come by it one day."""

from teahouse.gateways.doors.door import Lodge
from teahouse.model import User


class Letters:
    """The direct rooms of one user, by the other's name."""

    def __init__(self, lodge: Lodge, user: User) -> None:
        self._lodge = lodge
        self._user = user
        self._rooms: dict[int, int] = {}

    async def room(self, name: str) -> int:
        """Return the direct room with `name`. Raise Invalid or Conflict for what cannot be a name, TooMuch for too many strangers."""
        lodge = self._lodge
        other = await lodge.keeper.find(name)
        if other is None:
            lodge.letters.check(self._user.id, lodge.clock_ms() / 1000, "letters to people who never came")
            other = await lodge.keeper.expect(name)
        if other.id not in self._rooms:
            self._rooms[other.id] = (await lodge.chat.open_direct(self._user, other.id)).room.id
        return self._rooms[other.id]
