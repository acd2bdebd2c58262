"""Who is shut out now, in memory, so that no look-up of a session reads the database for it. `house_follower.py` keeps it true."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from ipaddress import ip_network

from teahouse import keepers
from teahouse.errors import NotAllowed, ShutOut
from teahouse.keeping import Ban
from teahouse.model import User
from teahouse.networks import parse_address

Place = tuple[int, int]
"""The version of IP and the length of a prefix."""


class Bans:
    """The bans that hold. One whose time is up does not, whoever forgot to take it away."""

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        self._clock_ms = clock_ms
        self._of_users: dict[int, Ban] = {}
        self._of_networks: dict[Place, dict[int, Ban]] = {}

    def load(self, bans: Iterable[Ban]) -> None:
        """Take the bans as they are in the database, in place of all that was known."""
        of_users: dict[int, Ban] = {}
        of_networks: dict[Place, dict[int, Ban]] = {}
        for ban in bans:
            if ban.user is not None:
                of_users[ban.user.id] = ban
            if ban.network is not None:
                network = ip_network(ban.network)
                place = network.version, network.prefixlen
                of_networks.setdefault(place, {})[int(network.network_address)] = ban
        self._of_users, self._of_networks = of_users, of_networks

    def refusal(self, user: User | None, address: str | None) -> NotAllowed | None:
        """Return in words why somebody, or whoever comes from `address`, is shut out now. A network's ban does not hold for keepers."""
        ban = None if user is None else self._holding(self._of_users.get(user.id))
        if ban is not None:
            return self._words("you are banned from this house", ban)
        if address is None or (user is not None and user.role in keepers.KEEPERS):
            return None
        ban = self._of_address(address)
        return None if ban is None else self._words("this house is closed to your network", ban)

    def check(self, user: User | None, address: str | None = None) -> None:
        """Raise the refusal, if there is one."""
        refusal = self.refusal(user, address)
        if refusal is not None:
            raise refusal

    def _of_address(self, text: str) -> Ban | None:
        address = parse_address(text) if self._of_networks else None
        if address is None:
            return None
        number, bits = int(address), address.max_prefixlen
        for (version, length), networks in self._of_networks.items():
            if version == address.version:
                ban = self._holding(networks.get(number >> (bits - length) << (bits - length)))
                if ban is not None:
                    return ban
        return None

    def _holding(self, ban: Ban | None) -> Ban | None:
        return ban if ban is not None and (ban.until is None or self._clock_ms() < ban.until) else None

    def _words(self, what: str, ban: Ban) -> NotAllowed:
        until, after_s = "", None
        if ban.until is not None:
            until = f" until {datetime.fromtimestamp(ban.until / 1000, UTC):%Y-%m-%d %H:%M} UTC"
            after_s = max(1, -(-(ban.until - self._clock_ms()) // 1000))
        reason = f": {ban.reason}" if ban.reason else ""
        told = ShutOut(ban.until, ban.reason, network=ban.network is not None)
        return NotAllowed(f"{what}{until}{reason}", code=keepers.BANNED, retry_after_s=after_s, ban=told)
