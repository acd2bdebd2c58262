"""What names look like: whoever passes for somebody else, and the many who pass for nobody."""

import sys
from ipaddress import IPv4Address, IPv6Address
from itertools import combinations, permutations
from random import Random

import pytest

from teahouse.errors import Conflict
from teahouse.lookalikes import MAX_CHARS, Reserved, is_address, passes_for, readings, skeleton, table

ROBOT = Reserved(["小小鸟", "Birdie", "小小鳥"])

ORDINARY_NAMES = """
王伟 王芳 李娜 李娜娜 张伟 张炜 欧阳修 司马光 赵小茶 钱小叶 王一 王二 王三 大土 諸葛亮 诸葛亮
さくら サクラ ひろし ヒロシ 佐藤 加藤 たなか タナカ 山口 川口 はる ばる ぱる
김민준 김민지 이서연 이서윤 박지훈 최수빈 정하은
Анна Анна-Мария Иван Иванна Лев Леа Гриша Ириша Юлия Уля Оля Ёжик Ежик Вера Женя Дима Зоя Ия Їжак
Γιάννης Γιώργος Νίκος Νίκη Ελένη Μαρία Μάριος Σοφία Ρένα Ηλίας
محمد أحمد حمد فاطمة علي عليا سارة زينب يوسف نور
דוד דנה רות נועם יעל אורי אור בן שרה משה
आरव अनिल सुनील सुनीता राम रमा गीता प्रिया
Lan Lân Lần Lán Ian Linh Nga Ngà Đạt Dat Hạnh Hanh Thảo Thao Tú Tu Tư
Anna Hanna Ana Emma Bob Rob Mia Mila Miia Lia Lisa Ali Eli Ella Łódź Lodz Zoë Zoe Jörg Jorg Bjørn Bjorn Işık Ćiro Ciro IU Lu
user1 user2 user10 user11 user100 WebSocket1 WebSocket2 a b c 1 2 3 10 11 Room-1 Room_2
"""

MORE_ADDRESSES = [
    "192.0.2.7﹪eth0",
    "fe80::1﹪eth0",
    "fe80::1٪eth0",
    "192.0.2.7％eth0",
    "192.0.2.7%",
    "192。0。2。7",
    "192｡0｡2｡7",
    "192．0．2．7",
    "१९२.०.२.७",
    "١٩٢.٠.٢.٧",
    "𝟏𝟗𝟐.𝟎.𝟐.𝟕",
    "192.000.002.007",
    "192.0.2.7.",
    "(192.0.2.7)",
    "⒈2.3.4",
    "fe80：：1",
    "fe80∶∶1",
    "[::1]",
    "::1%",
    "fe80::1%]:hi",
    "127.0.0.1﹪]-[2026",
]

PAIRS = [
    ("Keeper", "Кeeper"),
    ("Keeper", "кeeрer"),
    ("Keeper", "ΚEEΡER"),
    ("Birdie", "Bіrdie"),
    ("Paul", "PauI"),
    ("Paul", "Рaul"),
    ("Ian", "lan"),
    ("Bill", "ВILL"),
    ("Bob", "B0b"),
    ("scope", "ѕсоре"),
    ("Anna", "Аnna"),
    ("Anna", "𝐀𝐧𝐧𝐚"),
    ("Anna", "Ａnna"),
    ("Anna", "Anna\u2061\u034f"),
    ("Anna", "An\ufe0fna"),
    ("Arnie", "Arnie\u3164"),
    ("barn", "bam"),
    ("王二", "王ニ"),
    ("田力", "田カ"),
    ("Ågot", "A\u030agot"),
    ("dạ\u0302", "da\u0302\u0323"),
    ("가나", "\u1100\u1161\u1102\u1161"),
    ("İnci", "inci"),
]


KEEPERS_LIKE = [
    "Keeper.",
    "Kee per",
    "keeper",
    "ᴋeeper",
    "ᴋᴇᴇᴘᴇʀ",
    "🅺eeper",
    "К.е.е.р.е.r",
    "“Keeper”",
    "Keeper ✓",
    "👑Keeper👑",
    "Keęper",
    "Kééper",
    "Ķeeper",
    "K e e p e r",
    "⒦ⓔ🄔𝗽er",
    "Keeperʼ",
    "ʼKeeper",
    "Keʼeper",
    "Keeper™",
    "Ⓚeeper™",
    "Keeper №",
    "Keeperⓡ",
    "Keeper🅡",
    "Keeper🇨🇳",
    "Keeperᵀᴹ",
    "ᴷeeper",
    "Keeper²",
    "Keeperº",
    "Keeper\u05c0",
    "Keeper\u2016",
    "Keeper\u0640",
    "Keeper\u02d1",
    "Keeper\u0345",
    "Keeper\u0348",
    "Keeper\u0903",
    "K⃝e҈eper",
    "Keeper—",
    "Keeperー",
    "Keeper一",
    "Keeperا",
    "Keeperǃ",
    "Keeperǀ",
    "丶Keeper丶",
    "灬Keeper灬",
    "Keёper",
    "ƙeeper",
    "ᶄeeper™",
    "Keepeɾ",
    "Kǝeper",
]

KEEPERS_LIKE_OTHERS = [
    ("Tom\u0332", "Tom"),
    ("To\u20e3m", "Tom"),
    ("Tom\u0489", "Tom"),
    ("Tọ\u0332m", "Tọm"),
    ("Тоm™", "Tom"),
    ("Аnnaʼ", "Anna"),
    ("Oʼneil", "O'Neil"),
    ("Анна\u0301", "Анна"),
    ("Анна™", "Анна"),
    ("lan™", "Ian"),
    ("李明™", "李明"),
    ("李明\u0332", "李明"),
    ("丨李明丨", "李明"),
    ("李明\u302a", "李明"),
    ("李明ー", "李明"),
    ("مـحـمـد", "محمد"),
    ("مُحَمَّد", "محمد"),
    ("محمد", "مُحَمَّد"),
    ("דָּוִד", "דוד"),
    ("ปูู", "ปู"),
    ("राम\u0951", "राम"),
    ("राम\u1cd0", "राम"),
    ("가\u302e나", "가나"),
]

HONEST_NAMES = """
O'Neil Neil Anna Anna-Maria Maria D’Arcy Darcey Kaʻimi Kaimana Ṣẹ́gun Ṣọlá Bọ́lá Bolanle Nguyễn Nguyên Phượng Phương Dũng Dụng Đức Huệ Huế
Żółć Şule Sule Óscar İpek Ōta Oto Zoë Chloë Saša Siôn Siân Nuñez Nunes
Олексій Олекса Марʼяна Марина Йосип Осип Łukasz Luka Ґалина Галя Ђорђе
Άννα Αννίκα Ηλίας Ηλιάνα Արամ Արման გიორგი გიო
مُحَمَّد أحمد حامد عَلِيّ عالي فاطِمة فطيمة نُور نوار ریحانه روحانی ڈاکٹر
דָּוִד דודי שָׂרָה שרי מֹשֶׁה משי רִבְקָה רבקי ארי אורי אור
अमित अमिता अमृत सीता सिता मीना मीनू कृष्ण कृष्णा कমলা কমল কামাল அருண் அருணா அரு రాము రామ రమ ਗੁਰ ਗੁਰੂ
สมชาย สมหญิง นิด นิดา นิด้า แก้ว แก้ว์ ปู ปู่ ป้า ป่า ໄຊ ໄຊຍະ မောင် မောင်မောင် သူ သူ့ សុខ សុខា བཀྲ་ཤིས བཀྲ ሰላም ሰላማዊ
김하나 김한나 ゆうこ ゆうこー ゆこ マリ マリー ルーシー ルシー 奈々 奈 佐々木 佐木 はは ぱぱ 王一 王 王丁 李明一 李明 丁一 〇 三一 三
Tom2 Tom Tomas To Tōm Tõm
"""


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_whoever_passes_for_somebody_else_is_found(name: str, other: str) -> None:
    assert skeleton(name) in readings(other)


def test_ordinary_names_of_many_scripts_may_all_be_here() -> None:
    ordinary = ORDINARY_NAMES.split()
    assert len(ordinary) == len(set(ordinary)) > 150
    met = [(one, other) for one, other in combinations(ordinary, 2) if skeleton(one) in readings(other) or skeleton(other) in readings(one)]
    assert met == []


@pytest.mark.parametrize("name", ["Anna", "Кeeper", "Straße", "ΣΟΦΟΣ", "Ǆ", "🫖 tea", "가나", "Đạt", "MMM", "Ⅳ", "ﷺ", "1l|I0O"])
def test_a_name_looks_like_itself_in_any_case_and_form(name: str) -> None:
    assert {skeleton(name)} <= readings(name)
    assert skeleton(name.swapcase()) == skeleton(name) or not name.isascii()


@pytest.mark.parametrize(
    "name",
    [
        "机器人小小鸟",
        "小小鸟机器人",
        "聊天机器人 小小鸟",
        "小小鳥",
        "Bіrdie",
        "BIRDIE",
        "B.i-r d_i e",
        "Bírdie",
        "Ⓑirdie",
        "Вirdіе",
        "B1rdie",
        "Blrdie",
        "the real Birdie",
        "Birdie Bot",
        "robot birdie 小小鸟",
        "Birdie\u200d",
        "~小小鸟~",
        "ʙɪʀᴅɪᴇ",
        "🅑🅘🅡🅓🅘🅔",
        "🅱irdie",
        "🇧🇮🇷🇩🇮🇪",
        "小小鸟助手",
        "机器人小小鸟1",
        "Birdie 2",
        "B!rdie",
        "Birdie!",
        "机器人",
        "聊天機器人",
        "Robot 2",
        "the robot",
        "Birdję",
        "Birđie",
        "Birdiə",
        "ᴃirdiɛ",
        "8irdi3",
        "小小乌",
    ],
)
def test_nobody_is_called_as_the_robot(name: str) -> None:
    with pytest.raises(Conflict, match="robot"):
        ROBOT.check(name)


@pytest.mark.parametrize(
    "name", [*ORDINARY_NAMES.split(), "Bird", "小鸟", "Birdie's friend", "机器人的朋友", "Bot", "Robota", "the", "小小鸟的朋友", "Abirdie"]
)
def test_others_may_have_names_that_only_sound_like_it(name: str) -> None:
    ROBOT.check(name)


@pytest.mark.parametrize("name", KEEPERS_LIKE)
def test_nobody_passes_for_a_keeper(name: str) -> None:
    assert passes_for(name, "Keeper")


@pytest.mark.parametrize(("name", "keeper"), KEEPERS_LIKE_OTHERS)
def test_nobody_passes_for_a_keeper_of_another_script_or_a_short_name(name: str, keeper: str) -> None:
    assert passes_for(name, keeper)


def test_honest_names_of_many_scripts_pass_for_none_of_each_other() -> None:
    names = HONEST_NAMES.split()
    assert len(names) == len(set(names)) > 150
    assert {(name, keeper) for name, keeper in permutations(names, 2) if passes_for(name, keeper)} == set()


@pytest.mark.parametrize("sign", ["™", "ʼ", "ـ", "ー", "\u0332", "\u20dd"])
def test_the_robots_name_is_not_adorned_either(sign: str) -> None:
    for name in (f"Birdie{sign}", f"{sign}小小鸟{sign}"):
        with pytest.raises(Conflict, match="robot"):
            ROBOT.check(name)


@pytest.mark.parametrize(
    ("name", "keeper"),
    [
        ("Keeper 2", "Keeper"),
        ("Keepers", "Keeper"),
        ("the Keeper", "Keeper"),
        ("Bookkeeper", "Keeper"),
        ("Lân", "Lan"),
        ("Ian", "Lan"),
        ("Phương", "Phượng"),
        ("Юлія", "Юлия"),
        ("ばる", "はる"),
        ("रमा", "राम"),
        ("👑", "👍"),
        ("Anna-Мария", "Anna"),
        ("To\u0300m", "Tom"),
        ("Keeper Ⓐ.", "Keeper B"),
    ],
)
def test_honest_names_pass_for_no_keeper(name: str, keeper: str) -> None:
    assert not passes_for(name, keeper)


def test_of_ordinary_names_two_are_one_name_when_a_keeper_has_it() -> None:
    met = {(name, keeper) for name, keeper in permutations(ORDINARY_NAMES.split(), 2) if passes_for(name, keeper)}
    assert met == {("Bjørn", "Bjorn")}


@pytest.mark.parametrize(
    "name", ["192.0.2.7", "l92.0.2.7", "192.O.2.7", "１９２.0.2.7", "::1", "fe80::l%eth0", "192․0․2․7", *MORE_ADDRESSES]
)
def test_nobody_is_called_as_an_address(name: str) -> None:
    assert is_address(name)
    with pytest.raises(Conflict, match="address"):
        ROBOT.check(name)


@pytest.mark.parametrize("name", ["1", "lo", "ace", "192.0.2", "192.0.2.7 ok", "127.0.0.1:hi", "o.o"])
def test_other_numbers_are_names(name: str) -> None:
    assert not is_address(name)


@pytest.mark.parametrize("seed", range(20))
def test_what_the_network_calls_people_is_nobodys_to_choose(seed: int) -> None:
    random = Random(seed)
    for address in (IPv4Address(random.getrandbits(32)), IPv6Address(random.getrandbits(128)), IPv6Address(random.getrandbits(16))):
        for scope in ("", "%eth0", "%br-1.2_a"):
            with pytest.raises(Conflict, match="address"):
                ROBOT.check(f"{address}{scope}")


def test_what_is_looked_at_is_bounded() -> None:
    assert skeleton("a" * 10_000) == "a" * MAX_CHARS
    assert len(skeleton("\ufdfa" * 10_000)) <= 18 * MAX_CHARS
    assert len(readings("Il" * 10_000)) <= 3


def test_the_table_is_of_one_unicode_whatever_python_runs() -> None:
    assert table().version.startswith("ICU 78.3, Unicode 17.0, ")
    assert 9000 < len(table().looks) < 12_000
    assert all(look != chr(code) and code <= sys.maxunicode for code, look in table().looks.items())
    settled = {code: look for code, look in table().looks.items() if skeleton(skeleton(chr(code))) != skeleton(chr(code))}
    assert settled == {}, "a skeleton looks like itself"
