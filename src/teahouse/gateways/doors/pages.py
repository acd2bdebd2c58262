"""What an old door answers to a request that is no WebSocket: one line of words."""

from typing import Any

WORDS = "This is a door for WebSockets; docs/doors.md tells what is spoken here.\n"


async def no_page(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application of a door without pages (RFC 9110 15.5.22)."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"upgrade", b"websocket"), (b"connection", b"upgrade")]
    await send({"type": "http.response.start", "status": 426, "headers": headers})
    await send({"type": "http.response.body", "body": WORDS.encode()})
