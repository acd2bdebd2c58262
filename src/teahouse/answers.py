"""By which client id the house's robot answers a message: so that no answer is said twice, and each is found when its question goes."""


def answer_id(room: int, seq: int) -> str:
    """Return the client id of the robot's answer to message `seq` of a room."""
    return f"re-{room}-{seq}"
