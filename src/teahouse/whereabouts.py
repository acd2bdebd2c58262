"""Where a house is reached, by whoever runs it and by others. A server that opens one leaves it to the command line beside it."""

import contextlib
import ipaddress
import socket
from typing import Self

from msgspec import Struct

from teahouse.listening import url
from teahouse.settings import Settings

ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 -- compared with, not bound to


class Whereabouts(Struct, frozen=True):
    """Where a server listens, and the address that stands before it, if one does."""

    host: str
    port: int
    public_url: str | None = None

    @classmethod
    def set_by(cls, settings: Settings, port: int | None = None) -> Self:
        """As the settings say; `port` is the one that was got where they ask for a free one."""
        return cls(settings.host, settings.port if port is None else port, settings.public_url)

    @property
    def address(self) -> str:
        """Where whoever runs the house reaches it."""
        return self.public_url or url("127.0.0.1" if self.host in ANY_ADDRESS else self.host, self.port)

    def addresses_for_others(self) -> list[str]:
        """Return where others reach it, the likeliest first; none on a machine without a network. This may ask for the machine's name."""
        if self.public_url is None and self.host in ANY_ADDRESS:
            return [url(each, self.port) for each in lan_addresses()]
        return [self.address]


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that others on the network may reach, the one towards the default route first."""
    found: list[str] = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks the kernel for the route (address of RFC 5737)
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)]
    return [each for each in dict.fromkeys(found) if not ipaddress.ip_address(each).is_loopback]
