import json

from teahouse.faces import FACES
from teahouse.gateways.dialects.signin import SIGN_IN, face_of
from teahouse.gateways.dialects.spoken import Came, Heard, Listing, Said, Say, Went
from teahouse.model import User

MEI = User(3, "赵小茶", FACES[4])
BIRD = User(1, "小小鸟 Birdie", "birdie", "bot")


def told(heard: Heard, number: int = 17) -> object:
    payload = SIGN_IN.render(heard)
    return None if payload is None else json.loads(SIGN_IN.numbered(number, payload))


def test_plain_text_is_stripped() -> None:
    assert SIGN_IN.parse(" 茶 \n".encode()) == Say("茶")


def test_every_event_has_its_number_type_user_and_data() -> None:
    mei = {"id": 3, "name": "赵小茶", "imageid": "5"}
    assert told(Said(MEI, "茶", 1)) == {"id": 17, "type": "chat", "user": mei, "data": "茶"}
    assert told(Came(MEI, 1)) == {"id": 17, "type": "join", "user": mei, "data": "赵小茶进入了聊天室."}
    assert told(Went(MEI, 1)) == {"id": 17, "type": "left", "user": mei, "data": "赵小茶离开了聊天室."}


def test_the_robot_is_user_0_and_first_in_the_list() -> None:
    bird = {"id": 0, "name": "机器人小小鸟", "imageid": "bot"}
    assert told(Said(BIRD, "叽叽", 1)) == {"id": 17, "type": "chat", "user": bird, "data": "叽叽"}
    listing = told(Listing([BIRD, MEI]))
    assert isinstance(listing, dict)
    assert listing["data"] == [bird, {"id": 3, "name": "赵小茶", "imageid": "5"}]


def test_a_second_window_of_the_same_person_is_no_second_coming() -> None:
    assert told(Came(MEI, 1, first=False)) is None
    assert told(Went(MEI, 1, last=False)) is None


def test_image_ids_and_faces_are_one_to_one() -> None:
    assert len(FACES) >= 27
    assert [face_of(str(number)) for number in range(1, len(FACES) + 1)] == list(FACES)
    assert face_of("bot") == "birdie"
    assert [face_of(wrong) for wrong in ("0", str(len(FACES) + 1), "-1", "", "x", "1.0", "٣", "9" * 5000)] == [None] * 8
