"""A language model behind an OpenAI-compatible endpoint: messages in, pieces of text out, every failure one of a few kinds.

Loaded only when an endpoint is configured. It connects to what the owner wrote and nowhere else: no redirect, no proxy from the
environment, no cookie. What comes back is not trusted: it is bounded in time and in bytes, and nothing of it is logged.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import httpx
import msgspec
from httpx_sse import EventSource, SSEError, aconnect_sse
from msgspec import Struct

from teahouse.bots.prompt import Turn
from teahouse.bots.trouble import Kind, Trouble
from teahouse.strict_json import Reader

MAX_STREAM_BYTES = 8 << 20
"""Bytes of one answer on the wire: each few letters come in some hundred bytes of JSON."""


class _Delta(Struct):
    content: str | None = None


class _Choice(Struct):
    delta: _Delta = msgspec.field(default_factory=_Delta)
    finish_reason: str | None = None


class _Chunk(Struct):
    """As much of a `chat.completion.chunk` as is read (OpenAI API reference, "Streaming")."""

    choices: list[_Choice] = []
    error: Any = None


_chunks = Reader[_Chunk](_Chunk)


class Endpoint:
    """`silence_s` bounds the wait for the first and for each further sign of life, `reply_s` the whole answer."""

    def __init__(self, base_url: str, model: str, api_key: str | None, *, silence_s: float, reply_s: float) -> None:
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._silence_s = silence_s
        self._reply_s = reply_s
        headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        # The times are ours: httpx's would bound each step and not the whole.
        self._client = httpx.AsyncClient(headers=headers, timeout=None, trust_env=False, transport=_Bounded())  # noqa: S113

    async def complete(self, turns: Sequence[Turn], say: Callable[[str], bool]) -> None:
        """Hand each piece of the answer to `say` until it is complete or `say` wants no more. Trouble when it cannot be had."""
        body = msgspec.json.encode({"model": self._model, "messages": turns, "stream": True})
        try:
            async with (
                asyncio.timeout(self._reply_s),
                asyncio.timeout(self._silence_s) as silence,
                aconnect_sse(self._client, "POST", self._url, content=body) as source,
            ):
                _check(source)
                await self._listen(source, say, silence)
        except TimeoutError:
            raise Trouble("slow", "no answer in time") from None
        except SSEError:
            raise Trouble("rubbish", "the answer is no event stream") from None
        except httpx.HTTPError as error:
            kind: Kind = "cut" if isinstance(error, httpx.ReadError | httpx.RemoteProtocolError) else "down"
            raise Trouble(kind, type(error).__name__) from None

    async def close(self) -> None:
        await self._client.aclose()

    async def _listen(self, source: EventSource, say: Callable[[str], bool], silence: asyncio.Timeout) -> None:
        loop = asyncio.get_running_loop()
        finished = False
        async for event in source.aiter_sse():
            if event.data == "[DONE]":
                return
            if not event.data:
                continue
            text, ended = _read(event.data)
            finished = finished or ended
            silence.reschedule(loop.time() + self._silence_s)
            if text and not say(text):
                return
        if not finished:
            raise Trouble("cut", "the stream ended in the middle")


def _check(source: EventSource) -> None:
    status = source.response.status_code
    if status in (401, 403):
        raise Trouble("locked", f"status {status}")
    if status == 429:
        raise Trouble("busy", f"status {status}")
    if status != 200:
        raise Trouble("broken", f"status {status}")


def _read(data: str) -> tuple[str, bool]:
    """Return the text of one chunk and whether the model has finished."""
    try:
        chunk = _chunks.read(data)
    except msgspec.DecodeError:
        raise Trouble("rubbish", "a chunk is not JSON of the expected shape") from None
    if chunk.error is not None:
        raise Trouble("broken", "an error in the stream")
    if not chunk.choices:
        return "", False
    choice = chunk.choices[0]
    return choice.delta.content or "", choice.finish_reason is not None


class _Bounded(httpx.AsyncHTTPTransport):
    """Ends a response that is larger than any answer, or packed so that its size cannot be seen."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise Trouble("rubbish", "a compressed answer was not asked for")
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _BoundedStream(response.stream)
        return response


class _BoundedStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_STREAM_BYTES
        async for part in self._stream:
            left -= len(part)
            if left < 0:
                raise Trouble("endless", "the answer has no end")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
