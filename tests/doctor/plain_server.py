"""A server that says the same to everyone, for what no house would say."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

Serve = Callable[..., str]
"""Starts one that says these bytes, over TLS with a context; returns its address."""


class PlainServer:
    """Runs while the `with` lasts, at `address`."""

    def __init__(self, says: bytes, context: ssl.SSLContext | None) -> None:
        self._says, self._context = says, context

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"{'https' if self._context else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=_answer_all, args=(self._listener, self._says, self._context), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who accepts
        self._listener.close()


def _answer_all(listener: socket.socket, says: bytes, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            line, _address = listener.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(line, server_side=True) if context else line as line:
                if line.recv(65_536):
                    line.sendall(says)
        except OSError:
            line.close()


def http(status: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]).encode()


def make_certificate(folder: Path, days: int) -> tuple[Path, Path]:
    """Return a new key and its certificate for 127.0.0.1, signed by itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days)]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", *kind, *name, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate
