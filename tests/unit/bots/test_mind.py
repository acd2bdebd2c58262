"""What the robot answers: each skill in both languages, honesty beyond them, and the same speed for any text."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teahouse.bots.conversation import Answer, hear
from teahouse.bots.mind import reply
from teahouse.bots.phrases import HELP, TOPICS, UNKNOWN

NOW = datetime(2026, 7, 3, 14, 5, tzinfo=timezone(timedelta(hours=8)))


def answer(text: str, *, author: str = "Aiko", seed: int = 1, now: datetime = NOW) -> Answer:
    heard = hear(text, author, always=True)
    assert heard is not None
    return reply(heard, now, Random(seed))


def topic_of(text: str, author: str = "Aiko") -> int | None:
    """Return which topic's wording answers `text`, by its place in the list."""
    said = {answer(text, author=author, seed=seed).text for seed in range(20)}
    for index, (_, wording) in enumerate(TOPICS):
        if said <= {phrase.replace("{name}", author) for phrase in wording.en + wording.zh}:
            return index
    return None


def admits(text: str) -> bool:
    return answer(text).text in UNKNOWN.en + UNKNOWN.zh


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("hello", "你好"),
        ("Hi there!", "大家好！"),
        ("thanks a lot", "谢谢你"),
        ("how are you?", "你好吗？"),
        ("who are you", "你是谁？"),
        ("are you a robot?", "你是人还是机器人？"),
        ("goodbye", "再见"),
        ("good night", "晚安"),
        ("good morning", "早上好"),
        ("tell me a joke", "讲个笑话"),
        ("how is the weather", "今天天气怎么样"),
        ("a cup of tea please", "来杯茶"),
        ("I am bored", "好无聊"),
        ("sorry", "对不起"),
        ("haha", "哈哈哈"),
    ],
)
def test_small_talk_answers_one_topic_in_the_language_of_the_question(english, chinese):
    assert topic_of(english) is not None
    assert topic_of(english) == topic_of(chinese)
    assert answer(english).text in {phrase.replace("{name}", "Aiko") for _, wording in TOPICS for phrase in wording.en}
    assert answer(chinese).text in {phrase.replace("{name}", "Aiko") for _, wording in TOPICS for phrase in wording.zh}


def test_it_calls_people_by_their_name_whatever_is_in_it():
    assert answer("who am i", author="{name}{0}%s").text == "You are {name}{0}%s, at least in here."


@pytest.mark.parametrize(
    ("text", "wording"), [("help", HELP.en), ("?", HELP.en), ("What can you do?", HELP.en), ("帮助", HELP.zh), ("你会做什么", HELP.zh)]
)
def test_help_lists_every_skill(text, wording):
    assert (answer(text).text,) == wording


@pytest.mark.parametrize("line", [line for wording in (HELP.en, HELP.zh) for line in wording[0].split("\n")[3:6]])
def test_every_example_in_the_help_works(line):
    example = line.partition(" ")[2]
    assert not admits(example)


@pytest.mark.parametrize(
    "text", ["what is the meaning of life", "量子力学是什么", "choose wisely", "选举是什么", "vitamin d3 is good for you"]
)
def test_what_it_does_not_know_it_says_so_with_what_it_can_do(text):
    assert admits(text)


@pytest.mark.parametrize("text", ["what time is it?", "what's the date", "time", "what day is today?"])
def test_the_time_in_english(text):
    assert answer(text).text == "🕒 It is 14:05 on Friday, 3 July 2026 (UTC+08:00)."


@pytest.mark.parametrize("text", ["现在几点了", "今天几号", "今天星期几", "日期"])
def test_the_time_in_chinese(text):
    assert answer(text).text == "🕒 现在是 2026 年 7 月 3 日，星期五，14:05（UTC+08:00）。"


def test_a_clock_without_a_zone_claims_none():
    assert "UTC" not in answer("time", now=datetime(2026, 7, 3, 14, 5, tzinfo=UTC).replace(tzinfo=None)).text


@pytest.mark.parametrize(
    "hostile",
    [
        "*",
        "a ",
        " or ",
        ", ",
        "1d",
        "d1",
        "9",
        "?",
        "\n",
        "poll: ",
        "poll:?",
        "选",
        "投票:",
        "@",
        "@birdie",
        "小小鸟 ",
        "birdie!",
        "hi ",
        "ha",
        "你好啊",
        "(",
        "\u3000",
    ],
)
@pytest.mark.parametrize("prefix", ["", "choose ", "poll: ", "2d", "hello "])
def test_sixty_four_kilobytes_of_anything_take_milliseconds(hostile, prefix):
    text = prefix + hostile * (65_536 // len(hostile.encode()))
    best = min(_seconds(text) for _ in range(3))
    assert best < 0.1  # measured 7 ms; a quadratic pattern takes seconds


def _seconds(text: str) -> float:
    """What it takes of the processor: what else the machine does is not counted."""
    start = thread_time()
    answer(text)
    return thread_time() - start


@given(st.text(max_size=300), st.integers(0, 9))
def test_any_text_gets_a_short_answer(text, seed):
    said = answer(text, seed=seed)
    assert said.text.strip()
    assert len(said.text) < 2500
