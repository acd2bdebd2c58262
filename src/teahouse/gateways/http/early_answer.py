"""The answer to a request that no handler has seen: bytes, and nothing after them on that connection."""

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

RETRY_AFTER_S = 10


def early_answer(status: int, words: str) -> bytes:
    code = {403: "bad_origin", 503: "unavailable"}.get(status, "invalid")
    body = msgspec.json.encode({"code": code, "words": words, "retry": status in (408, 503)})
    later = f"Retry-After: {RETRY_AFTER_S}\r\n" if status == 503 else ""
    head = (
        f"{later}Content-Type: application/json\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + head.encode() + body
