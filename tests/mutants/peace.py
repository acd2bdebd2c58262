"""Keeping peace: nobody is put anywhere without end, and whoever is shut out stays out."""

from tests.mutants.mutant import Edit, Mutant

GATHERING = "tests/unit/test_gathering.py"

MUTANTS = (
    Mutant(
        "bring-back-the-put-out",
        "only who manages a room brings back someone put out of it",
        (Edit("storage/rooms.py", "        if not pardon:\n", "        if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "members-pardon",
        "a plain member lets nobody in again who was put out",
        (Edit("rooms.py", "pardon=manages", "pardon=True"),),
        (GATHERING,),
    ),
    Mutant(
        "forget-the-put-out",
        "being put out is stored with the entry that says so",
        (Edit("storage/rooms.py", "        put_out.note(tx, by, user, room)\n", "        pass\n"),),
        (GATHERING,),
    ),
    Mutant(
        "add-as-a-former-member",
        "who brings someone in is a member when it is stored",
        (Edit("rooms.py", "            rooms.head_for(tx.connection, user.id, room)  # one may", "            # one may"),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-without-pace",
        "rooms are made at a pace",
        (Edit("rooms.py", "        self._pace.make_room(user)\n", ""),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-without-end",
        "rooms are made up to a number",
        (Edit("policy.py", "    if made >= most and not", "    if False and not"),),
        (GATHERING,),
    ),
    Mutant(
        "targets-without-pace",
        "however many put one person into rooms, they are put there at a pace",
        (Edit("pace.py", "        self._added.check(other,", "        _ = (other,"),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-by-others-without-end",
        "the rooms in which one is by others' doing are bounded",
        (Edit("policy.py", "    if rooms >= most:\n", "    if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "directs-without-pace",
        "direct rooms are opened at a pace",
        (Edit("rooms.py", "            self._pace.open_direct(user, other)\n", "            pass\n"),),
        (GATHERING,),
    ),
)
