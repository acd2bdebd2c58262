"""Dice and coins."""

import re
from random import Random

import pytest

from teahouse.bots.conversation import hear
from teahouse.bots.dice import flip_coin, roll_dice


def throw(text: str, seed: int = 1) -> str | None:
    answer = roll_dice(hear(text, "Aiko", always=True), Random(seed))
    return None if answer is None else answer.text


@pytest.mark.parametrize(
    ("text", "name", "lowest", "highest"),
    [
        ("2d6+1", "2d6+1", 3, 13),
        ("d20", "d20", 1, 20),
        ("3d6-2", "3d6-2", 1, 16),
        ("3D6 - 2", "3d6-2", 1, 16),
        ("please roll 2d8 for me", "2d8", 2, 16),
        ("roll d4", "d4", 1, 4),
        ("帮我掷2d6吧", "2d6", 2, 12),
        ("２ｄ６＋１", "2d6+1", 3, 13),
        ("roll a die", "d6", 1, 6),
        ("掷骰子", "d6", 1, 6),
        ("100d1000", "100d1000", 100, 100_000),
        ("1d1", "d1", 1, 1),
    ],
)
def test_a_throw_names_the_dice_and_lies_in_their_range(text, name, lowest, highest):
    for seed in range(30):
        said = throw(text, seed)
        assert said.startswith(f"🎲 {name} = ")
        assert lowest <= int(said.rpartition("= ")[2]) <= highest


def test_the_steps_add_up():
    for seed in range(30):
        _, steps, total = throw("4d6-3", seed).split(" = ")
        added = sum(int(sign + number) for sign, number in re.findall(r"([+-]?) ?(\d+)", steps))
        assert added == int(total)


def test_every_side_falls():
    assert {throw("d6", seed) for seed in range(200)} == {f"🎲 d6 = {side}" for side in range(1, 7)}


@pytest.mark.parametrize("text", ["101d6", "2d1001", "0d6", "2d0", "2d6+1000001", "9" * 500 + "d6", "d" + "9" * 500])
def test_beyond_the_bounds_it_says_the_bounds(text):
    assert "1 to 100 dice with 1 to 1,000 sides" in throw(text)
    assert "1 到 100 颗" in throw(f"掷 {text}")


@pytest.mark.parametrize("text", ["vitamin d3 is good", "I do not want to die", "x2d6", "2d", "the 2nd day", "add2 d", "hello"])
def test_what_is_no_throw_is_left_alone(text):
    assert throw(text) is None


@pytest.mark.parametrize("text", ["flip a coin", "coin", "heads or tails?", "抛硬币", "扔个硬币吧"])
def test_a_coin_falls_on_either_side(text):
    heard = hear(text, "Aiko", always=True)
    sides = {"Heads.", "Tails."} if heard.lang == "en" else {"正面。", "反面。"}
    assert {flip_coin(heard, Random(seed)).text for seed in range(30)} == {f"🪙 {side}" for side in sides}


def test_a_collector_of_coins_gets_no_toss():
    assert flip_coin(hear("I like coins", "Aiko", always=True), Random(1)) is None
