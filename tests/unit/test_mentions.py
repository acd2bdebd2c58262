"""Where a text may name somebody: the cases of tests/mentions.txt, which the page's tests read as well, and what a text costs."""

import pytest

from teahouse import policy
from teahouse.mentions import MAX_CALLS, MAX_KEY_CHARS, names_called
from teahouse.text import search_key
from tests.support.foldings import table_of_mentions


@pytest.mark.parametrize(("text", "present", "meant"), table_of_mentions())
def test_of_the_names_that_fit_the_longest_is_meant(text: str, present: list[str], meant: list[str]) -> None:
    keys = {search_key(name) for name in present}
    found = [next((name for name in names if name in keys), None) for names in names_called(text)]
    assert list(dict.fromkeys(key for key in found if key)) == list(dict.fromkeys(map(search_key, meant)))


def test_a_name_is_seen_whole_however_long_it_is() -> None:
    longest = "b" * policy.MAX_NAME_CHARS
    assert longest in names_called(f"@{longest}!")[0]
    assert longest not in names_called(f"@{longest}b")[0]
    accented = "ẩ" * policy.MAX_NAME_CHARS
    assert search_key(accented) in names_called("@" + "a\u0302\u0309" * policy.MAX_NAME_CHARS)[0]


@pytest.mark.parametrize("text", ["@" * 32_000, "@b" * 16_000, "@ " * 16_000, "a@" * 16_000, "x @b" * 8000, "@京" * 9000, "@" + "ﷺ" * 9000])
def test_what_a_text_calls_is_bounded_whatever_it_says(text: str) -> None:
    called = names_called(text)
    assert len(called) <= MAX_CALLS
    assert all(len(names) <= MAX_KEY_CHARS and len(name) <= MAX_KEY_CHARS for names in called for name in names)


@pytest.mark.parametrize("text", ["", "Ben", "me@ben.example", "@ Ben", "@", "@\n", "＠\u3000Ben"])
def test_a_text_without_a_call_calls_nobody(text: str) -> None:
    assert names_called(text) == []
