"""Attempts to sign in are counted per network address, and requests per user."""

from tests.gateways.http.conftest import Visit

SETTINGS = {"SIGN_INS_PER_MINUTE_PER_ADDRESS": "5", "COMMANDS_PER_S": "0.001", "COMMAND_BURST": "4"}


def test_one_user_asks_only_so_often_and_another_is_not_held_up(visit: Visit) -> None:
    hasty, other = visit("Hasty"), visit("Other")
    assert [hasty.get("/api/v1/rooms").status_code for _ in range(5)] == [200] * 4 + [429]
    assert hasty.get("/api/v1/me").json()["code"] == "too_much"
    assert other.get("/api/v1/me").status_code == 200


def test_too_many_attempts_to_sign_in_are_told_when_to_come_back(visit: Visit) -> None:
    client = visit()
    attempt = {"name": "", "face": "f01"}

    codes = []
    while (refused := client.post("/api/v1/session", json=attempt)).status_code != 429:
        codes.append(refused.json()["code"])

    assert set(codes) == {"bad_name"} and len(codes) >= 3
    assert (refused.status_code, refused.json()["code"], refused.json()["retry"]) == (429, "too_much", True)
    assert 0 < refused.json()["retry_after_s"] <= 12
    assert int(refused.headers["retry-after"]) >= refused.json()["retry_after_s"]
    assert client.get("/api/v1/house").status_code == 200
