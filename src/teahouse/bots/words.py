"""What the robot says about its own mind: why the small one answers, and why an answer ends early. Chinese and English."""

from teahouse.bots.conversation import Answer, Heard

WHY: dict[str, tuple[str, str]] = {
    "down": ("my language model cannot be reached", "我的语言模型连不上"),
    "slow": ("my language model did not answer in time", "我的语言模型迟迟没有回答"),
    "busy": ("my language model is too busy", "我的语言模型太忙了"),
    "locked": ("my language model does not let me in", "我的语言模型不让我进门"),
    "broken": ("my language model has a fault", "我的语言模型出了故障"),
    "rubbish": ("my language model said something I cannot read", "我的语言模型说的话我读不懂"),
    "cut": ("my language model broke off", "我的语言模型说到一半断了"),
    "endless": ("my language model would not stop", "我的语言模型说个没完"),
    "empty": ("my language model had nothing to say", "我的语言模型什么也没说"),
    "spent": ("my thinking for this hour is used up", "我这个小时的思考额度用完了"),
    "crowded": ("too many want me to think at once", "同时找我思考的人太多了"),
}
"""Reasons by kind: those of `endpoint.Trouble`, and the robot's own."""


def instead(heard: Heard, why: str, small: Answer | None) -> Answer:
    """Return the small mind's answer with words in front that say honestly that it is that."""
    en, zh = WHY[why]
    said = heard.say(f"({_sentence(en)}, so my small head answers.)", f"（{zh}，只好用小脑袋回答。）")
    return Answer(f"{said}\n\n{small.text}", small.reactions) if small else Answer(said)


def broken_off(heard: Heard, why: str) -> str:
    en, zh = WHY[why]
    return heard.say(f"({_sentence(en)} here.)" if why == "cut" else f"(Not finished: {en}.)", f"（没说完：{zh}。）")


def stopped(heard: Heard) -> str:
    return heard.say("(Stopped.)", "（已停止。）")


def too_long(heard: Heard) -> str:
    return heard.say("(Cut here: that was long enough.)", "（太长了，就说到这里。）")


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
