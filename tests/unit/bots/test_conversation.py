"""When the robot is meant, what is left of the message, and the language of the answer."""

import pytest

from teahouse.bots.conversation import ATTENTION, hear


def heard(text: str, *, always: bool = False):
    return hear(text, "Aiko", always=always)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@Birdie roll 2d6", "roll 2d6"),
        ("roll 2d6 @birdie", "roll 2d6"),
        ("@小小鸟 你好", "你好"),
        ("@小小鸟你好", "你好"),
        ("＠小小鸟　几点", "几点"),
        ("@小小鸟 Birdie help", "help"),
        ("小小鸟，现在几点？", "现在几点?"),
        ("Birdie, help", "help"),
        ("BIRDIE: help", "help"),
        ("你好@小小鸟", "你好"),
        ("@ＢＩＲＤＩＥ help", "help"),
        ("@Bir\u00addie help", "help"),
        ("안녕@birdie help", "안녕 help"),
    ],
)
def test_in_a_room_it_listens_to_a_mention_or_to_its_name_in_front(text, rest):
    assert heard(text).text == rest


@pytest.mark.parametrize(
    "text",
    [
        "hello all",
        "I saw a birdie",
        "Birdies fly",
        "Birdie's cup",
        "mail to me@birdie.example",
        "@Birdiefan hi",
        "一只小小鸟",
        "",
        "josé@birdie.example",
        "@Birdieé",
        "birdieé hi",
    ],
)
def test_in_a_room_it_does_not_listen_to_anything_else(text):
    assert heard(text) is None


@pytest.mark.parametrize("text", ["hello", "一只小小鸟", "@someone hello", ""])
def test_where_it_always_answers_it_listens_to_everything(text):
    assert heard(text, always=True).text == text


def test_its_name_at_the_end_is_a_courtesy():
    assert heard("good morning, Birdie!", always=True).text == "good morning"


def test_a_mention_far_back_in_a_long_message_is_heard():
    assert heard("x" * 60_000 + " @Birdie d20").text == "d20"


def test_only_so_much_of_a_message_is_looked_at():
    assert len(heard("@Birdie " + "x" * 60_000).text) < ATTENTION


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("@Birdie hello", "en"),
        ("@Birdie 你好", "zh"),
        ("@小小鸟 hello there", "en"),
        ("@小小鸟 2d6", "zh"),
        ("@Birdie 2d6", "en"),
        ("@小小鸟 🎲", "zh"),
        ("@Birdie choose 茶 or 咖啡", "en"),
        ("@Birdie poll: 午饭吃什么", "zh"),
    ],
)
def test_the_language_is_that_of_the_words_or_else_of_the_name(text, lang):
    assert heard(text).lang == lang


def test_full_width_letters_and_signs_read_like_plain_ones():
    assert heard("２ｄ６＋１？", always=True).text == "2d6+1?"
