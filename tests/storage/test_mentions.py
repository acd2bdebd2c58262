"""Whom a text names: the same rule as the page's web/mentions.js."""

import pytest

from teahouse.storage.mentions import names


@pytest.mark.parametrize("text", ["@Ben", "hi @ben!", "line\n@BEN, tea?", "(@Ben)", "@Ben你好"])
def test_a_text_names_someone_by_an_at_sign_and_their_whole_name(text: str) -> None:
    assert names(text, "Ben")


@pytest.mark.parametrize("text", ["Ben", "@Benny", "me@Ben.example", "@ Ben", "@Be"])
def test_a_part_of_a_word_names_nobody(text: str) -> None:
    assert not names(text, "Ben")


def test_a_name_in_a_script_without_spaces_has_no_edges() -> None:
    assert names("@小明你好", "小明")


def test_a_name_full_of_signs_is_taken_as_it_is_written() -> None:
    assert names("@a.*(b", "a.*(b") and not names("@axxxb", "a.*(b")
