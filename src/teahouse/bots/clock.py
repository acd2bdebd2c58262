"""What time it is where the house stands."""

import re
from datetime import datetime

from teahouse.bots.conversation import Answer, Heard

_ASKED = re.compile(
    r"\bwhat(?:'s| is) the (?:time|date|day)\b|\bwhat (?:time|day|date)(?: is it| is today| is it today)?(?: now)?[ ?!.]*$"
    r"|\btoday's date\b|^(?:the )?(?:time|date|clock)[ ?!.]*$"
    r"|几点|什么时间|现在时间|报时|日期|几号|几月|星期几|周几|礼拜几|^时间",
    re.IGNORECASE,
)
# strftime's names follow the server's locale; the answer follows the question's language.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_ZH = "一二三四五六日"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def tell_time(heard: Heard, now: datetime) -> Answer | None:
    """Tell time, weekday and date of `now`, and its distance from UTC when it knows its zone: readers may live elsewhere."""
    if not _ASKED.search(heard.text):
        return None
    offset = now.strftime("%z")
    zone = f"UTC{offset[:3]}:{offset[3:5]}" if offset else ""
    en = f"🕒 It is {now:%H:%M} on {_DAYS[now.weekday()]}, {now.day} {_MONTHS[now.month - 1]} {now.year}"
    zh = f"🕒 现在是 {now.year} 年 {now.month} 月 {now.day} 日，星期{_DAYS_ZH[now.weekday()]}，{now:%H:%M}"
    return Answer(heard.say(f"{en} ({zone})." if zone else f"{en}.", f"{zh}（{zone}）。" if zone else f"{zh}。"))
