"""The answer to a request that no handler has seen: bytes, and nothing after them on that connection."""

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE


def early_answer(status: int, words: str) -> bytes:
    body = msgspec.json.encode({"code": "bad_origin" if status == 403 else "invalid", "words": words, "retry": status == 408})
    head = (
        f"Content-Type: application/json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + head.encode() + body
