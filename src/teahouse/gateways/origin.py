"""Which page may speak with this server: the Origin rule of the HTTP door and of the WebSocket door, as pure functions.

An origin is scheme, host and port. A browser states it truthfully in `Origin` and a script cannot change it, so a page of
another origin is known by it even when the browser adds our cookie (RFC 6454, Fetch standard).
"""

import re
from ipaddress import IPv6Address

MAX_TOLD_CHARS = 200

_HOST = re.compile(r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LOOPBACK_NAME = re.compile(r"localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]")


def allowed_origin(origin: str | None, host: str, scheme: str, public_url: str | None) -> bool:
    """Whether a page of `origin` may use this server, which was called as `host` over `scheme` ("http" or "https").

    `public_url` is the address that people type where a proxy stands in front. A server that is called by that very name has no
    other origin: without a trusted proxy all looks like http here, and `http://` that name is a page that anyone on the way can
    write. A missing origin is not allowed: the caller decides what a request without one may do.
    """
    given = _normal(origin)
    if given is None:
        return False
    public = _normal(_origin_of(public_url))
    return given == public or (not _is_public(host, public_url) and given == _normal(f"{scheme}://{host}"))


def as_told(origin: str | None, host: str) -> dict[str, str]:
    """Return which page called us by which name, for the log. What is no origin, or no name, may be anything and is not repeated."""
    called = host.lower() if is_host(host) else "(no name)"
    return {"origin": (_normal(origin) or "(none)")[:MAX_TOLD_CHARS], "called": called[:MAX_TOLD_CHARS]}


def is_host(host: str) -> bool:
    """Whether a Host header is a name or an address, perhaps with a port, and nothing else."""
    return _HOST.fullmatch(host.lower()) is not None


def allowed_host(host: str, public_url: str | None, *, loopback: bool) -> bool:
    """Whether a server that listens on `loopback` only is called by a name of this machine, or by its public one.

    Otherwise a page of evil.example could let its own name point to 127.0.0.1 and read a house that is open to this machine
    ("DNS rebinding"): the browser would take both for one origin. Elsewhere any name may be ours.
    """
    match = _HOST.fullmatch(host.lower())
    if not loopback or match is None:
        return match is not None
    return _is_public(host, public_url) or _LOOPBACK_NAME.fullmatch(_name(match)) is not None


def is_secure(host: str, scheme: str, public_url: str | None) -> bool:
    """Whether the browser speaks https with us: directly, or with a proxy that serves `public_url` and passes its Host on."""
    if scheme == "https":
        return True
    return _origin_of(public_url).startswith("https://") and _is_public(host, public_url)


def base_path(public_url: str | None) -> str:
    """Return the path under which the house lies for browsers: "/", or "/chat/" where it shares a host with others."""
    path = (public_url or "").partition("://")[2].partition("/")[2]
    return f"/{path}/" if path else "/"


def inside(path: str, base: str) -> str:
    """Return `path` as the house itself names it. A proxy may pass `/chat/ws` on as it is or as `/ws`."""
    return path[len(base) - 1 :] if path.startswith(base) else path


def plain(path: str) -> str:
    """Return `path` without a slash at its end, where it makes no difference."""
    return path.removesuffix("/") or "/"


def _origin_of(public_url: str | None) -> str:
    """Return scheme, host and port of the public address, or nothing."""
    scheme, separator, rest = (public_url or "").partition("://")
    return scheme + separator + rest.partition("/")[0]


def _is_public(host: str, public_url: str | None) -> bool:
    """Whether a Host header is that of the public address, whichever default port it names and with the root's dot or without."""
    called, public = _HOST.fullmatch(host.lower()), _HOST.fullmatch(_origin_of(public_url).partition("://")[2].lower())
    return called is not None and public is not None and (_name(called), _port(called)) == (_name(public), _port(public))


def _name(match: re.Match[str]) -> str:
    """Return the name in one form: without the root's dot (RFC 1034 3.1), an IPv6 address as browsers write it (RFC 5952)."""
    name = match["name"].removesuffix(".")
    try:
        return f"[{_compressed(name[1:-1])}]" if name.startswith("[") else name
    except ValueError:
        return name


def _compressed(address: str) -> str:
    """Return an IPv6 address in its shortest form, in hexadecimal throughout: Python writes mapped ones with dots from 3.13 on."""
    parsed = IPv6Address(address)
    return f"::ffff:{int(parsed) >> 16 & 0xFFFF:x}:{int(parsed) & 0xFFFF:x}" if parsed.ipv4_mapped else parsed.compressed


def _port(match: re.Match[str]) -> int | None:
    """Return the port where it is not a scheme's own: a proxy may pass `host:443` or `host:80` on for `host`."""
    port = match["port"]
    return None if port is None or str(int(port)) in _DEFAULT_PORTS.values() else int(port)


def _normal(origin: str | None) -> str | None:
    """Return `origin` in lower case with its port written out, or None where it is not exactly scheme, host and port."""
    scheme, separator, host = (origin or "").lower().partition("://")
    match = _HOST.fullmatch(host)
    if not separator or scheme not in _DEFAULT_PORTS or match is None:
        return None
    name = _name(match) if match["name"].startswith("[") else match["name"]
    return f"{scheme}://{name}:{int(match['port'] or _DEFAULT_PORTS[scheme])}"
