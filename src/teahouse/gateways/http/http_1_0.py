"""What differs where a client speaks HTTP/1.0, as some health checks and old tools do."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

VERSION = "1.0"


def own_name(server: tuple[str, int | None] | None) -> bytes:
    """Return the Host for a request that has none, which is allowed in HTTP/1.0 alone: the address that it came to (RFC 9112 3.3)."""
    if server is None:
        return b"localhost"
    host, port = server[0].partition("%")[0], server[1]
    return (f"[{host}]" if ":" in host else host).encode() + (b"" if port is None else b":%d" % port)


def without_chunks(app: Any, cycle: RequestResponseCycle) -> Any:
    """Return `app` so that an answer whose length it does not say ends with the connection: chunks came with 1.1 (RFC 9112 6.3)."""

    async def bare(scope: Any, receive: Any, send: Any) -> None:
        endless = False

        async def answer(message: Any) -> None:
            nonlocal endless
            if message["type"] == "http.response.start":
                endless = not any(name.lower() == b"content-length" for name, _value in message["headers"])
                cycle.chunked_encoding = False if endless else None
            elif endless:
                cycle.expected_content_length = len(message["body"])
            await send(message)

        await app(scope, receive, answer)

    return bare
