"""The robot's own mind: it needs no network, knows a few tricks and small talk in Chinese and English, and admits the rest. Pure."""

from datetime import datetime
from random import Random

from teahouse.bots.choices import choose, weigh
from teahouse.bots.clock import tell_time
from teahouse.bots.conversation import Answer, Heard
from teahouse.bots.dice import flip_coin, roll_dice
from teahouse.bots.poll import open_poll
from teahouse.bots.small_talk import admit, small_talk, tell_help

MAX_TRICK_CHARS = 40
"""A longer text with "roll" in it is about sushi, when there is a mind that knows of it."""


def trick(heard: Heard, random: Random) -> Answer | None:
    """Return what this mind does better than a language model: real dice, polls to tap, and the list of what it can."""
    if len(heard.text) > MAX_TRICK_CHARS:
        return open_poll(heard)
    return open_poll(heard) or roll_dice(heard, random) or flip_coin(heard, random) or tell_help(heard, random)


def reply(heard: Heard, now: datetime, random: Random) -> Answer:
    """Return the robot's answer. The more exact a skill is about what it takes for a wish, the earlier it is asked."""
    return (
        open_poll(heard)
        or choose(heard, random)
        or roll_dice(heard, random)
        or flip_coin(heard, random)
        or tell_help(heard, random)
        or tell_time(heard, now)
        or weigh(heard, random)
        or small_talk(heard, random)
        or admit(heard, random)
    )
