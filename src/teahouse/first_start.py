"""What a new database needs before anybody comes: its lobby and its robot."""

from teahouse import bots
from teahouse.faces import ROBOT
from teahouse.model import LOBBY, Created, User
from teahouse.policy import fold_name, room_key
from teahouse.storage import log, people, rooms
from teahouse.storage.database import UnusableDatabase
from teahouse.storage.log import Transaction

LOBBY_NAME = "Lobby"


def furnish(tx: Transaction) -> tuple[User, int]:
    """See that a new database has its lobby and its robot; return the robot and its inbox."""
    found = people.find_bot(tx.connection)
    if found is not None:
        return found
    lobby = log.create_log(tx)  # before any inbox, so that it is log 1
    if lobby != LOBBY:
        raise UnusableDatabase(f"a new database's first log is {LOBBY}, and here it is {lobby}")
    robot, inbox = people.create(tx, bots.NAME, fold_name(bots.NAME), ROBOT, "bot")
    rooms.open_in(tx, lobby, robot, Created("public", LOBBY_NAME, ""), unique_key=room_key("public", LOBBY_NAME))
    rooms.add(tx, robot, robot, lobby)
    return robot, inbox
