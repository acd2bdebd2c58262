"""A port for a server that must be told one before it runs."""

import random
import socket

NEVER_HANDED_OUT = range(10_240, 32_768)
"""No system takes ports of these for outgoing connections or for port 0 (Linux: ip_local_port_range begins at 32768)."""


def free_port() -> int:
    """Return a port of this machine at which nobody listens, and that the system gives to nobody who asks for any."""
    while True:
        port = random.SystemRandom().choice(NEVER_HANDED_OUT)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
