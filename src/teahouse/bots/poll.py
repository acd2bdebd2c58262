"""A quick poll: "poll: Lunch? noodles, rice, dumplings" becomes a list that people vote on by tapping a reaction."""

import re

from teahouse.bots.choices import distinct, names_alternatives, split_options
from teahouse.bots.conversation import Answer, Heard

NUMBERS = (*(f"{digit}\ufe0f\u20e3" for digit in range(1, 10)), "🔟")
YES_NO = ("👍", "👎")
MAX_QUESTION = 300
MAX_OPTION = 100

_COMMAND = re.compile(
    r"(?:(?:start|open|make|create) )?(?:an? )?(?:quick )?(?:poll|vote) ?(?::|\n|$)"
    r"|(?:发起|来个|开个|发个|做个)?(?:一个)?(?:投票|投个票|表决) ?(?:[: \n]|$)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^?\n]*(?:\?|\n)")


def open_poll(heard: Heard) -> Answer | None:
    """Return the question, its options by number, and the numbers to tap; a question without options asks yes or no."""
    command = _COMMAND.match(heard.text)
    if command is None:
        return None
    question, options = _parse(heard.text[command.end() :].strip())
    if not question and len(options) < 2:
        return Answer(heard.say("Try: poll: Lunch? noodles, rice, dumplings", "试试：投票：午饭吃什么？面条、米饭、饺子"))
    if len(options) > len(NUMBERS):
        return Answer(heard.say("Ten options are all I can count on my claws.", "选项最多十个，再多我的爪子数不过来。"))
    title = f"📊 {question[:MAX_QUESTION]}".strip()
    if len(options) < 2:
        return Answer(title, YES_NO)
    lines = [f"{number} {option[:MAX_OPTION]}" for number, option in zip(NUMBERS, options, strict=False)]
    vote = heard.say("Tap a number below to vote.", "点下面的数字投票。")
    return Answer("\n".join([title, *lines, vote]), NUMBERS[: len(options)])


def _parse(text: str) -> tuple[str, list[str]]:
    """Split what follows "poll:" into its question and its options; either may be missing."""
    asked = _QUESTION.match(text)
    if asked is not None:
        question, rest = asked.group().strip(), text[asked.end() :]
    else:
        before, colon, after = text.partition(":")
        question, rest = (before.strip(), after) if colon else ("", text)
    if not rest.strip():
        return question, split_options(question) if names_alternatives(question) else []
    options = split_options(rest)
    if len(options) == 1 and question:
        options = distinct(rest.split())
    return (question, options) if question or len(options) > 1 else (rest, [])
