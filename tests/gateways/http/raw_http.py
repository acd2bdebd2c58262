"""HTTP by hand over a plain socket, to say what no library lets one say."""

import json
import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any, Self
from urllib.parse import urlsplit

from tests.support.patience import PATIENCE_S


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """One TCP connection to a server at `address`, such as http://127.0.0.1:8000."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.socket = socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), PATIENCE_S)

    def request(self, *lines: str, body: bytes = b"") -> Answer:
        """Send a request with these lines, a good Host among them, and return the answer."""
        first, *rest = lines
        self.send("\r\n".join([first, f"Host: {self.host}", *rest, "", ""]).encode("latin-1") + body)
        return self.answer()

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def answer(self) -> Answer:
        """Read one answer."""
        response = HTTPResponse(self.socket)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())

    def hung_up(self) -> bool:
        """Wait for the server to close; whether it did so without another byte."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def rest(self) -> bytes:
        """Return what comes until the server closes."""
        heard = b""
        try:
            while more := self.socket.recv(65536):
                heard += more
        except ConnectionResetError:
            pass
        return heard

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()
