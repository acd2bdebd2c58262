"""The session cookie of a house: its names, its attributes and how it is read, for every gateway.

Cookies know no ports (RFC 6265 8.5), so each house has a name of its own for it, and two on one host keep theirs apart. The name that
all had before is set too, for programs that read it, and read where the other is missing or is nobody's any more.
"""

from msgspec import Struct

NAME = "teahouse_session"
HOST_PREFIX = "__Host-"
"""On https. Browsers take a `__Host-` cookie only from this very host over https, so a neighbour cannot plant one (RFC 6265bis)."""
SHARED_PREFIX = "__Secure-"
"""On https below a path, where `__Host-` is not to be had: it stands for the whole host, and another house may be there."""

_SECONDS_PER_DAY = 86_400


class SessionCookie(Struct, frozen=True):
    """The cookie of the house called `house`, for its path `base`; `stem` begins its names."""

    house: str
    max_days: int
    base: str = "/"
    stem: str = NAME

    def tokens(self, header: str | None, *, secure: bool) -> list[str]:
        """Return the tokens in a Cookie header, the more likely first: one or two, none where it has none.

        Of two cookies with one name the browser sends that of the longer path first (RFC 6265 5.4), so a house below a path
        finds its own.
        """
        held: dict[str, str] = {}
        for pair in (header or "").split(";"):
            name, separator, value = pair.strip().partition("=")
            if separator:
                held.setdefault(name, value)
        own, common = self._names(secure)
        return [held[name] for name in (own, common) if name in held]

    def keep(self, token: str, *, secure: bool) -> list[str]:
        """Return the Set-Cookie values that make a browser remember `token`: under the common name, and last under the house's own."""
        own, common = self._names(secure)
        return [self._set(name, token, self.max_days * _SECONDS_PER_DAY, secure) for name in (common, own)]

    def forget(self, header: str | None, *, secure: bool) -> list[str]:
        """Return the Set-Cookie values that make a browser forget its session: not that of a neighbour under the common name."""
        own, common = self._names(secure)
        held = self.tokens(header, secure=secure)
        names = [common, own] if len(set(held)) < 2 else [own]
        return [self._set(name, "", 0, secure) for name in names]

    def _set(self, name: str, value: str, max_age_s: int, secure: bool) -> str:
        suffix = "; Secure" if secure else ""
        return f"{name}={value}; Max-Age={max_age_s}; Path={self.base}; HttpOnly; SameSite=Lax{suffix}"

    def _names(self, secure: bool) -> tuple[str, str]:
        """Return the house's own name of the cookie, and the one that is common to all."""
        prefix = "" if not secure else HOST_PREFIX if self.base == "/" else SHARED_PREFIX
        common = f"{prefix}{self.stem}"
        return f"{common}_{self.house}", common
