"""Nicknames: their shape, their language, how rarely two guests meet theirs, and what they never say."""

import unicodedata
from random import Random

import pytest

from teahouse.nicknames import SURNAMES, nickname

MANY = 5000


def names(lang: str, count: int = MANY) -> list[str]:
    random = Random(2011)
    return [nickname(lang, random) for _ in range(count)]


def split(name: str) -> tuple[str, str]:
    """Return (surname, given name); a two-character surname wins over a one-character one."""
    length = 2 if name[:2] in SURNAMES and len(name) > 2 else 1
    return name[:length], name[length:]


def test_the_hundred_family_names_have_no_repeats_and_include_the_two_character_ones():
    assert len(SURNAMES) == len(set(SURNAMES)) == 501
    assert SURNAMES[:4] == ("赵", "钱", "孙", "李")
    assert {"欧阳", "司马", "诸葛", "慕容", "第五"} <= set(SURNAMES)


def test_a_chinese_name_is_a_family_name_and_one_to_three_given_characters():
    for name in names("zh"):
        surname, given = split(name)
        assert surname in SURNAMES
        assert 1 <= len(given) <= 3


def test_every_length_of_given_name_and_of_surname_occurs():
    parts = [split(name) for name in names("zh")]
    assert {len(surname) for surname, _ in parts} == {1, 2}
    assert {len(given) for _, given in parts} == {1, 2, 3}


def test_an_english_name_is_two_or_three_capitalised_words():
    for name in names("en"):
        words = name.split(" ")
        assert len(words) in (2, 3)
        assert all(word.isascii() and word.istitle() for word in words)


@pytest.mark.parametrize(("lang", "chinese"), [("zh", True), ("zh-CN", True), ("ZH-Hant", True), ("en", False), ("fr", False), ("", False)])
def test_the_language_tag_decides(lang, chinese):
    assert all(name.isascii() is not chinese for name in names(lang, 50))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_among_two_hundred_guests_two_with_one_name_are_rare(lang):
    random = Random(7)
    houses = [[nickname(lang, random) for _ in range(200)] for _ in range(50)]
    assert sum(len(set(guests)) < len(guests) for guests in houses) <= 15


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_reads_the_same_after_normalising_and_is_short(lang):
    for name in names(lang):
        assert unicodedata.normalize("NFKC", name) == name
        assert len(name) <= 40


def test_the_same_randomness_gives_the_same_name():
    assert nickname("zh", Random(3)) == nickname("zh", Random(3))


def test_no_name_repeats_a_joke_or_a_head_of_state():
    unwanted = ["双飞", "云雨", "胡言", "花柳", "泽东", "近平", "泽民", "锦涛", "小平"]
    assert not [name for name in names("zh", 50_000) if any(words in name for words in unwanted)]
