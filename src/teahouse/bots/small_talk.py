"""Small talk: find the topic of a message and say one of its phrases. Help and the honest "I don't know" are here as well."""

from random import Random

from teahouse.bots.conversation import Answer, Heard
from teahouse.bots.phrases import HELP, HELP_PATTERN, TOPICS, UNKNOWN, Wording

MAX_NAME = 40


def small_talk(heard: Heard, random: Random) -> Answer | None:
    """Answer the first topic that the message is about, if any."""
    for pattern, wording in TOPICS:
        if pattern.search(heard.text):
            return _say(heard, wording, random)
    return None


def tell_help(heard: Heard, random: Random) -> Answer | None:
    return _say(heard, HELP, random) if HELP_PATTERN.search(heard.text) else None


def admit(heard: Heard, random: Random) -> Answer:
    """Say honestly that this is beyond a small bird, and what is not."""
    return _say(heard, UNKNOWN, random)


def _say(heard: Heard, wording: Wording, random: Random) -> Answer:
    # `replace`, not `format`: a name may hold braces.
    return Answer(random.choice(heard.say(wording.en, wording.zh)).replace("{name}", heard.author[:MAX_NAME]))
