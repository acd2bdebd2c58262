from teahouse.gateways.dialects.directed import DIRECTED
from teahouse.gateways.dialects.spoken import Came, Login, Said, Say
from teahouse.model import User

ANN = User(7, "Ann", "f01")


def test_a_login_names_who_the_socket_is() -> None:
    assert DIRECTED.parse(b'{"user_id": "WebSocket1", "login": "1"}') == Login("WebSocket1")
    assert DIRECTED.parse(b'{"user_id": "WebSocket1", "login": true}') == Login("WebSocket1")


def test_a_message_names_its_receiver() -> None:
    assert DIRECTED.parse('{"to_user_id": "WebSocket2", "msg": "茶"}'.encode()) == Say("茶", "WebSocket2")


def test_the_receiver_gets_the_bare_text() -> None:
    assert DIRECTED.render(Said(ANN, '"quoted" 茶', 1, "Ben")) == '"quoted" 茶'.encode()


def test_the_room_is_not_heard() -> None:
    assert DIRECTED.render(Said(ANN, "to all", 1)) is None
    assert DIRECTED.render(Came(ANN, 1)) is None
