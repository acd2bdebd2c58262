"""Dice and coins: `2d6+1`, `d20`, "roll a die", "抛硬币"."""

import re
from random import Random

from teahouse.bots.conversation import Answer, Heard

MAX_DICE = 100
MAX_SIDES = 1000
MAX_EXTRA = 1_000_000
SHOWN_DICE = 20
"""Throws of more dice than this tell only the sum."""

_THROW = re.compile(r"(?<![A-Za-z0-9])([0-9]*)d([0-9]+)(?: ?([+-]) ?([0-9]+))?(?![A-Za-z0-9])", re.IGNORECASE)
_WISH = re.compile(r"\broll\b|^(?:a )?(?:die|dice)$|骰|掷|摇色子", re.IGNORECASE)
_COIN = re.compile(r"\b(?:flip|toss)(?: a| the)? coin\b|^(?:a )?coin$|\bheads or tails\b|硬币", re.IGNORECASE)


def roll_dice(heard: Heard, random: Random) -> Answer | None:
    """Throw what was asked for; one plain die where the wish names none."""
    throw, wish = _THROW.search(heard.text), _WISH.search(heard.text)
    if throw is None:
        return Answer(_throw(1, 6, 0, random)) if wish else None
    count, sides, sign, extra = throw.groups()
    # "Vitamin d3" is not a wish; a die without a number before it counts only alone or with a word such as "roll".
    if not count and not wish and throw.group() != heard.text:
        return None
    dice, added = int(count or 1), int(extra or 0)
    if not (1 <= dice <= MAX_DICE and 1 <= int(sides) <= MAX_SIDES and added <= MAX_EXTRA):
        return Answer(_refusal(heard))
    return Answer(_throw(dice, int(sides), -added if sign == "-" else added, random))


def flip_coin(heard: Heard, random: Random) -> Answer | None:
    if not _COIN.search(heard.text):
        return None
    heads = random.random() < 0.5
    return Answer(f"🪙 {heard.say('Heads.' if heads else 'Tails.', '正面。' if heads else '反面。')}")


def _throw(dice: int, sides: int, extra: int, random: Random) -> str:
    rolled = [random.randint(1, sides) for _ in range(dice)]
    name = f"🎲 {dice if dice > 1 else ''}d{sides}{f'{extra:+}' if extra else ''}"
    total = sum(rolled) + extra
    if dice > SHOWN_DICE or (dice == 1 and not extra):
        return f"{name} = {total}"
    steps = " + ".join(map(str, rolled)) + (f" {'+' if extra > 0 else '-'} {abs(extra)}" if extra else "")
    return f"{name} = {steps} = {total}"


def _refusal(heard: Heard) -> str:
    return heard.say(
        f"My cup holds 1 to {MAX_DICE} dice with 1 to {MAX_SIDES:,} sides each. Try `2d6+1`.",
        f"我的杯子里只有 1 到 {MAX_DICE} 颗骰子，每颗 1 到 {MAX_SIDES} 面。试试 `2d6+1`。",
    )
