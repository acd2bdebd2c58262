"""A quick poll: question, numbered options, and the reactions to tap."""

import pytest

from teahouse.bots.conversation import Answer, hear
from teahouse.bots.poll import NUMBERS, YES_NO, open_poll


def poll(text: str) -> Answer | None:
    return open_poll(hear(text, "Aiko", always=True))


def test_an_english_poll():
    assert poll("poll: Lunch? noodles, rice, dumplings") == Answer(
        "📊 Lunch?\n1️⃣ noodles\n2️⃣ rice\n3️⃣ dumplings\nTap a number below to vote.", ("1️⃣", "2️⃣", "3️⃣")
    )


def test_a_chinese_poll():
    assert poll("投票：午饭吃什么？面条、米饭、饺子") == Answer(
        "📊 午饭吃什么?\n1️⃣ 面条\n2️⃣ 米饭\n3️⃣ 饺子\n点下面的数字投票。", ("1️⃣", "2️⃣", "3️⃣")
    )


@pytest.mark.parametrize(
    ("text", "question", "options"),
    [
        ("poll:\nBest bird\n- owl\n- wren", "Best bird", ["owl", "wren"]),
        ("start a poll: Best bird: owl, wren", "Best bird", ["owl", "wren"]),
        ("vote: tea or coffee?", "tea or coffee?", ["tea", "coffee"]),
        ("poll: owl, wren", "", ["owl", "wren"]),
        ("来个投票 去哪儿？ 山 海", "去哪儿?", ["山", "海"]),
        ("投票：喝茶还是喝咖啡？", "喝茶还是喝咖啡?", ["喝茶", "喝咖啡"]),
    ],
)
def test_the_ways_to_write_one(text, question, options):
    title, *lines, _ = poll(text).text.split("\n")
    assert title == f"📊 {question}".strip()
    assert lines == [f"{number} {option}" for number, option in zip(NUMBERS, options, strict=False)]
    assert poll(text).reactions == NUMBERS[: len(options)]


@pytest.mark.parametrize(
    ("text", "title"), [("poll: Shall we meet at noon?", "📊 Shall we meet at noon?"), ("投票：明天去爬山", "📊 明天去爬山")]
)
def test_a_question_without_options_asks_yes_or_no(text, title):
    assert poll(text) == Answer(title, YES_NO)


def test_ten_options_are_the_most():
    assert poll("poll: a,b,c,d,e,f,g,h,i,j").reactions == NUMBERS
    assert poll("poll: a,b,c,d,e,f,g,h,i,j,k") == Answer("Ten options are all I can count on my claws.")


@pytest.mark.parametrize("text", ["poll:", "poll", "投票："])
def test_an_empty_poll_is_told_how(text):
    assert "noodles" in poll(text).text or "面条" in poll(text).text
    assert poll(text).reactions == ()


@pytest.mark.parametrize("text", ["pollen: a, b", "poll results", "投票结果呢", "hello"])
def test_what_opens_no_poll(text):
    assert poll(text) is None
