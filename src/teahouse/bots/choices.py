"""Choosing among things: "choose tea, coffee or water", "选 茶 还是 咖啡", "tea or coffee?"."""

import re
from random import Random

from teahouse.bots.conversation import Answer, Heard

MAX_SHOWN = 200
MAX_WEIGHED = 60
"""Characters of one side of an "a or b?" without a word such as "choose"; longer ones are a story, not a choice."""

_COMMAND = re.compile(
    r"(?:please |can you |could you |help me )*(?:choose|pick|decide)\b(?: (?:between|from|among|for me|one of|one))*[ :]*"
    r"|(?:请|你|帮我|帮忙|替我|给我)*(?:二选一|选择|选一个|选一下|选个|挑一个|挑个|选|挑)[ :]*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[,、;/\n|]| or | vs\.? |还是|或者", re.IGNORECASE)
_AND = re.compile(r" and | & |和|跟", re.IGNORECASE)
_EITHER_OR = re.compile(r" or |还是", re.IGNORECASE)
_ABOUT_THE_ROBOT = re.compile(r"\b(?:are|do|can) you\b|你是|你会|你喜欢", re.IGNORECASE)
_LEAD = re.compile(r"(?:or|and|either|between) |[-*•] |[0-9]{1,2}[.)] ", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"(?:(?:should|shall|do|can) (?:i|we) (?:want |have |take |get |drink |eat )?|what about |which(?: is better)?[,:]? )"
    r"|(?:我们|我|你说|今天|明天|中午|晚上|应该|该|要|是)+",
    re.IGNORECASE,
)
_EDGES = " \n?!.。\"'“”‘’「」"


def choose(heard: Heard, random: Random) -> Answer | None:
    """Pick one of what follows a word such as "choose"; say how to ask when nothing follows."""
    command = _COMMAND.match(heard.text)
    if command is None:
        return None
    rest = heard.text[command.end() :]
    options = split_options(rest)
    if len(options) < 2:
        options = distinct(_AND.split(rest)) if rest else []
    if len(options) < 2 and heard.lang == "zh":
        options = distinct(rest.split())
    if len(options) >= 2:
        return _pick(heard, options, random)
    hint = heard.say("Between what? Try: choose tea, coffee or water", "在什么之间选？试试：选 茶 还是 咖啡")
    return None if rest else Answer(hint)


def weigh(heard: Heard, random: Random) -> Answer | None:
    """Answer "tea or coffee?" and "喝茶还是咖啡", which ask to choose without saying so."""
    asked = (heard.text.endswith("?") or "还是" in heard.text) and not _ABOUT_THE_ROBOT.search(heard.text)
    sides = _EITHER_OR.split(heard.text) if asked else []
    if len(sides) < 2 or max(map(len, sides)) > MAX_WEIGHED:
        return None
    options = split_options(_PREAMBLE.sub("", heard.text, count=1) if _PREAMBLE.match(heard.text) else heard.text)
    return _pick(heard, options, random) if len(options) >= 2 else None


def split_options(text: str) -> list[str]:
    """Return the things that `text` lists with commas, lines, "or" or "还是"; each once and without its bullet."""
    return distinct(_SEPARATOR.split(text))


def distinct(parts: list[str]) -> list[str]:
    trimmed = (_LEAD.sub("", part.strip(_EDGES), count=1) if _LEAD.match(part.strip(_EDGES)) else part.strip(_EDGES) for part in parts)
    return list(dict.fromkeys(part for part in trimmed if part))


def names_alternatives(text: str) -> bool:
    """Say whether `text` itself asks "this or that"."""
    return _EITHER_OR.search(text) is not None


def _pick(heard: Heard, options: list[str], random: Random) -> Answer:
    picked = random.choice(options)[:MAX_SHOWN]
    en = random.choice(("I choose: {}.", "Definitely {}.", "My feathers say: {}.", "{}!"))
    zh = random.choice(("我选：{}。", "{}，就它了。", "羽毛告诉我：{}。", "{}！"))
    return Answer(heard.say(en, zh).replace("{}", picked))
