"""Choosing among things, asked for or only wondered."""

from random import Random

import pytest

from teahouse.bots.choices import choose, split_options, weigh
from teahouse.bots.conversation import hear


def picks(skill, text: str) -> set[str] | None:
    """Return everything that is ever picked, without the words around it."""
    heard = hear(text, "Aiko", always=True)
    answers = [skill(heard, Random(seed)) for seed in range(80)]
    if None in answers:
        return None
    around = ("I choose: ", "Definitely ", "My feathers say: ", "我选：", "羽毛告诉我：")
    said = {answer.text.removesuffix("，就它了。").rstrip(".!。！") for answer in answers}
    return {next((text.removeprefix(words) for words in around if text.startswith(words)), text) for text in said}


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("choose tea, coffee or water", {"tea", "coffee", "water"}),
        ("Please pick between red, green, or dark blue.", {"red", "green", "dark blue"}),
        ("choose between tea and coffee", {"tea", "coffee"}),
        ("decide: stay / go", {"stay", "go"}),
        ("选 茶 还是 咖啡", {"茶", "咖啡"}),
        ("帮我选一个：苹果、香蕉、梨", {"苹果", "香蕉", "梨"}),
        ("选 红 黄 蓝", {"红", "黄", "蓝"}),
        ("选茶或者水", {"茶", "水"}),
    ],
)
def test_it_chooses_each_of_the_options_now_and_then(text, options):
    assert picks(choose, text) == options


def test_without_options_it_says_how_to_ask():
    assert "choose tea, coffee or water" in choose(hear("choose", "Aiko", always=True), Random(1)).text
    assert "选 茶 还是 咖啡" in choose(hear("帮我选", "Aiko", always=True), Random(1)).text


@pytest.mark.parametrize("text", ["choose wisely", "选举是什么", "the chosen one", "hello"])
def test_what_lists_nothing_is_no_choice(text):
    assert picks(choose, text) is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("tea or coffee?", {"tea", "coffee"}),
        ("should I go or stay?", {"go", "stay"}),
        ("吃面还是吃饭？", {"吃面", "吃饭"}),
        ("我们今天去爬山还是看海", {"去爬山", "看海"}),
    ],
)
def test_a_question_of_this_or_that_is_answered_like_a_choice(text, options):
    assert picks(weigh, text) == options


@pytest.mark.parametrize("text", ["are you a bird or a robot?", "你是人还是鸟？", "I like tea or coffee", "x" * 61 + " or y?"])
def test_a_question_about_the_robot_or_a_long_story_is_not_weighed(text):
    assert picks(weigh, text) is None


def test_a_picked_option_is_cut_to_a_fair_length():
    assert len(choose(hear(f"choose {'x' * 900}, {'y' * 900}", "Aiko", always=True), Random(1)).text) < 250


def test_options_lose_their_bullets_and_repeats():
    assert split_options("- owl\n* wren\n1. owl\n2) jay\n\n") == ["owl", "wren", "jay"]
