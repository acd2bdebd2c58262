"""The address to examine, taken apart."""

from urllib.parse import quote, urlsplit

from msgspec import Struct

DEFAULT_PORTS = {"http": 80, "https": 443}
IN_A_PATH = "/%:@!$&'()*+,;="
"""What stays as it is in a path (RFC 3986 3.3); everything else travels in per cent."""


class BadAddress(Exception):
    """The address cannot be examined; the message says why."""


class Target(Struct, frozen=True):
    """Where a house is said to be. `base` is its path, "/" or "/chat/"."""

    scheme: str
    host: str
    port: int
    base: str = "/"

    @property
    def netloc(self) -> str:
        """Return what stands in the Host header: a default port is left out, as browsers do."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.base}"

    def path(self, name: str) -> str:
        """Return the path of the house's own `name`, such as `api/v1/house`."""
        return f"{self.base}{name}"


def target(url: str) -> Target:
    """Return the parts of `url`; without a scheme it is http for this machine and https elsewhere. Raise BadAddress."""
    given = url if "://" in url else f"{'http' if _is_here(url) else 'https'}://{url}"
    scheme, separator, rest = given.partition("://")
    scheme = {"ws": "http", "wss": "https"}.get(scheme.lower(), scheme.lower())
    try:
        parts = urlsplit(f"{scheme}{separator}{rest}")
        host, port = _as_sent(parts.hostname or ""), parts.port
    except ValueError as error:
        raise BadAddress(f"{url} is no address: {error}") from None
    if scheme not in DEFAULT_PORTS or not host:
        raise BadAddress(f"{url} is no address of a house: expected something like https://chat.example.org")
    base = parts.path.removesuffix("ws").rstrip("/") + "/"
    return Target(scheme, host, port or DEFAULT_PORTS[scheme], quote(base, safe=IN_A_PATH))


def _as_sent(host: str) -> str:
    """Return the name as DNS and the Host header have it: letters beyond ASCII in IDNA."""
    return host if host.isascii() else host.encode("idna").decode()


def _is_here(url: str) -> bool:
    return url.startswith(("localhost", "127.", "[::1]"))
