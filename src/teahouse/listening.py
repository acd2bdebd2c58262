"""Ports: a socket bound to what the settings name, or one sentence that says why it cannot be had."""

import errno
import socket

from teahouse.settings import is_loopback


class CannotServe(Exception):
    """The house cannot open; the message is one sentence for the person who runs it."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the first address that `host` means. Raise CannotServe in words."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError):
        raise CannotServe(f"{host!r} is neither an address nor a known name; give an address of this machine with --host.") from None
    if is_loopback(host) and not is_loopback(str(address[0])):  # a house is open on loopback, so the name must keep its word
        raise CannotServe(f"{host!r} means {address[0]} here, which others can reach; give the address itself with --host.")
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise CannotServe(_why_not(error, host, port)) from None
    return listener


def url(host: str, port: int, scheme: str = "http") -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is in use by another program; choose another one with --port."
        case errno.EACCES:
            return f"Port {port} is reserved for privileged programs; choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine; choose another one with --host."
        case _:
            return f"Cannot listen on port {port} of {host}: {error.strerror}."
