"""A language model behind HTTP: what it is sent, what is taken of its answer, and how every failure becomes one of a few kinds."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from teahouse.bots import endpoint as module
from teahouse.bots.endpoint import Endpoint
from teahouse.bots.prompt import Turn
from teahouse.bots.trouble import Trouble
from tests.model import DONE, Manner, Model, answers, breaks_off_after, chunk, falls_silent_after, never_stops, says
from tests.support.patience import PATIENCE_S

KEY = "sk-tea-and-secrets"
TURNS = [Turn("system", "You are a bird."), Turn("user", "<Aiko> tea?")]


@pytest.fixture
async def endpoint(model: Model) -> AsyncIterator[Endpoint]:
    endpoint = Endpoint(model.base_url + "/", "bird-1", KEY, silence_s=20, reply_s=30)
    yield endpoint
    await endpoint.close()


async def hear(endpoint: Endpoint, enough: int = 1_000_000) -> str:
    """Return what the model says, until there is `enough` of it."""
    said: list[str] = []

    def say(piece: str) -> bool:
        said.append(piece)
        return len("".join(said)) < enough

    await endpoint.complete(TURNS, say)
    return "".join(said)


async def trouble(endpoint: Endpoint) -> Trouble:
    with pytest.raises(Trouble) as raised:
        await hear(endpoint)
    return raised.value


async def test_it_is_asked_as_the_openai_api_has_it_and_answers_in_pieces(model: Model, endpoint: Endpoint) -> None:
    model.manner = says("Green ", "茶", ", please.")
    assert await hear(endpoint) == "Green 茶, please."
    request = model.requests[-1]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "bird-1",
        "messages": [{"role": "system", "content": "You are a bird."}, {"role": "user", "content": "<Aiko> tea?"}],
        "stream": True,
    }


async def test_without_a_key_none_is_sent(model: Model) -> None:
    model.manner = says("yes")
    open_one = Endpoint(model.base_url, "bird-1", None, silence_s=20, reply_s=30)
    assert await hear(open_one) == "yes"
    assert "authorization" not in model.requests[-1].headers
    await open_one.close()


async def test_pieces_come_while_the_model_still_speaks(model: Model, endpoint: Endpoint) -> None:
    said: list[str] = []
    heard = asyncio.Event()

    def say(piece: str) -> bool:
        said.append(piece)
        heard.set()
        return True

    speaking = asyncio.create_task(endpoint.complete(TURNS, say))
    model.say("one")
    await heard.wait()
    assert said == ["one"] and not speaking.done()
    model.finish()
    await speaking


STREAMS: dict[str, list[bytes]] = {
    "comments and empty choices between": [b": ping\n\n", b'data: {"choices":[],"usage":{}}\n\n', chunk("tea"), DONE],
    "a role first, and no DONE at the end": [
        b'data: {"choices":[{"delta":{"role":"assistant","content":null}}]}\n\n',
        chunk("tea", "stop"),
    ],
    "thinking that is not said": [b'data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\n', chunk("tea"), DONE],
    "lines that end as on Windows": [chunk("tea").replace(b"\n", b"\r\n"), DONE.replace(b"\n", b"\r\n")],
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
async def test_what_other_servers_do_differently_is_understood(model: Model, endpoint: Endpoint, stream: list[bytes]) -> None:
    model.manner = answers(200, b"".join(stream))
    assert await hear(endpoint) == "tea"


FAILURES: dict[str, tuple[Manner, str]] = {
    "no key of ours": (answers(401), "locked"),
    "not for us": (answers(403), "locked"),
    "too many": (answers(429), "busy"),
    "a fault": (answers(500), "broken"),
    "gone elsewhere": (answers(302, Location="http://127.0.0.1:9/elsewhere"), "broken"),
    "a page": (answers(200, b"<html>Welcome to nginx</html>", Content_Type="text/html"), "rubbish"),
    "not JSON": (answers(200, b"data: hello there\n\n"), "rubbish"),
    "JSON of another shape": (answers(200, b'data: {"choices":"tea"}\n\n'), "rubbish"),
    "JSON without a bottom": (answers(200, b"data: " + b"[" * 200_000 + b"\n\n"), "rubbish"),
    "a lone surrogate": (answers(200, b'data: {"choices":[{"delta":{"content":"\\ud800"}}]}\n\n'), "rubbish"),
    "an error in the stream": (answers(200, b'data: {"error":{"message":"overloaded"}}\n\n'), "broken"),
    "an answer that was not asked to be packed": (answers(200, gzip.compress(b"x" * 10**6), Content_Encoding="gzip"), "rubbish"),
    "cut in the middle": (breaks_off_after("so"), "cut"),
    "cut in the middle of a chunk": (answers(200, b'data: {"cho', Content_Length="5000"), "cut"),
    "nothing at all": (answers(200, b""), "cut"),
    "one line without an end": (never_stops(b"data: " + b"x" * 65_536), "endless"),
    "pings without an end": (never_stops(b": ping\n\n" * 8192), "endless"),
    "chunks without text without an end": (never_stops(chunk(None) * 500), "endless"),
}


@pytest.mark.parametrize(("manner", "kind"), FAILURES.values(), ids=list(FAILURES))
async def test_every_failure_has_its_kind(
    model: Model, endpoint: Endpoint, manner: Manner, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_STREAM_BYTES", 1 << 20)
    model.manner = manner
    raised = await trouble(endpoint)
    assert raised.kind == kind
    assert KEY not in str(raised) and "overloaded" not in str(raised)


async def test_nothing_listens_there(model: Model) -> None:
    nowhere = Endpoint("http://127.0.0.1:9/v1", "bird-1", KEY, silence_s=20, reply_s=30)
    assert (await trouble(nowhere)).kind == "down"
    await nowhere.close()


@pytest.mark.parametrize(
    ("manner", "silence_s", "reply_s"),
    [
        (falls_silent_after(), 0.05, 3600),
        (falls_silent_after("well,"), 0.05, 3600),
        (never_stops(b": still thinking\n\n"), 0.05, 3600),
        (never_stops(chunk("well, ")), 3600, 0.05),
    ],
    ids=["not a word", "not a word more", "only signs of life", "no end"],
)
async def test_who_is_too_slow_is_left(model: Model, manner: Manner, silence_s: float, reply_s: float) -> None:
    model.begin_anew()
    model.manner = manner
    slow = Endpoint(model.base_url, "bird-1", None, silence_s=silence_s, reply_s=reply_s)
    async with asyncio.timeout(PATIENCE_S):
        while not model.requests:  # on a busy machine it may be left before it has been asked
            assert (await trouble(slow)).kind == "slow"
    assert await asyncio.to_thread(model.gone.wait, PATIENCE_S), "the connection is still open"
    await slow.close()


async def test_when_there_is_enough_the_connection_is_closed(model: Model, endpoint: Endpoint) -> None:
    model.manner = never_stops(chunk("tea " * 100))
    assert len(await hear(endpoint, enough=1000)) >= 1000
    assert await asyncio.to_thread(model.gone.wait, PATIENCE_S)


async def test_the_next_answer_comes_after_a_failure(model: Model, endpoint: Endpoint) -> None:
    model.manner = answers(500)
    await trouble(endpoint)
    model.manner = says("back again")
    assert await hear(endpoint) == "back again"
