"""A crowd's reactions are bounded, and add up."""

from tests.mutants.mutant import Edit, Mutant

POLICY = "tests/unit/test_policy.py"
REACTIONS = "tests/storage/test_reactions.py"
LARGEST = "tests/contract/test_largest_page.py"

MUTANTS = (
    Mutant(
        "kinds-without-bound",
        "a message takes so many kinds",
        (Edit("policy.py", "    if emoji not in kinds and len(kinds) >= MAX_REACTION_KINDS:\n", "    if False:\n"),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "no-joining-a-full-message",
        "a kind that is there can always be joined",
        (Edit("policy.py", "    if emoji not in kinds and len(kinds) >=", "    if len(kinds) >="),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "one-person-closes-a-message",
        "one person begins few kinds on a message",
        (Edit("policy.py", "begun >= MAX_KINDS_BEGUN and not is_free", "False"),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "five-and-no-joining",
        "who began as many as they may joins those that are there",
        (Edit("policy.py", "if emoji not in kinds and begun >=", "if begun >="),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "no-polls-of-ones-own",
        "who wrote a message begins as many kinds as it takes",
        (Edit("policy.py", "is_free = user.id == message.by.id or ", "is_free = "),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "managers-are-bounded",
        "so does who manages the room",
        (Edit("policy.py", ' or user.role == "bot" or may_manage(user, role)\n', ' or user.role == "bot"\n'),),
        (POLICY, REACTIONS),
    ),
    Mutant(
        "nobody-knows-who-manages",
        "who manages a room is known where somebody reacts",
        (Edit("chat.py", "        role = seat.role if (seat := self._roster.seat(user.id, room)) else None\n", "        role = None\n"),),
        (REACTIONS,),
    ),
    Mutant(
        "the-robot-is-bounded",
        "so does the robot",
        (Edit("policy.py", ' or user.role == "bot" or may_manage', " or may_manage"),),
        (POLICY,),
    ),
    Mutant(
        "who-joins-has-begun",
        "of a kind only the first has begun it",
        (Edit("storage/reactions.py", "sum(row.mine == row.first for row in found)", "len(given_by_them)"),),
        (REACTIONS,),
    ),
    Mutant(
        "reactions-without-bound",
        "a message takes so many reactions in all",
        (Edit("policy.py", "    if total >= MAX_REACTIONS:\n", "    if False:\n"),),
        (POLICY,),
    ),
    Mutant(
        "everybody-is-named",
        "a page names some of a crowd",
        (Edit("storage/reactions.py", "or_(ranked.c.rank <= MAX_LISTED_PEOPLE, ranked.c.user_id == user_id)", "ranked.c.rank >= 0"),),
        (REACTIONS,),
    ),
    Mutant(
        "the-reader-is-not-named",
        "whoever reads finds themselves among those who reacted",
        (
            Edit(
                "storage/reactions.py",
                "or_(ranked.c.rank <= MAX_LISTED_PEOPLE, ranked.c.user_id == user_id)",
                "ranked.c.rank <= MAX_LISTED_PEOPLE",
            ),
        ),
        (REACTIONS,),
    ),
    Mutant(
        "reactions-weigh-nothing",
        "reactions make a page shorter",
        (Edit("storage/reactions.py", "            chars += sum(kind.chars for kind in kinds)\n", "            pass\n"),),
        (REACTIONS,),
    ),
    Mutant(
        "a-kind-moves",
        "a kind stays at its place when whoever began it takes theirs back",
        (Edit("storage/reactions.py", ".values(place=place))\n    return True", ".values(place=first))\n    return True"),),
        (REACTIONS,),
    ),
    Mutant(
        "a-kind-moves-up",
        "a kind stays at its place when somebody else than whoever began it takes theirs back",
        (Edit("storage/reactions.py", "reactions.c.place == first, reactions.c.place > place", "reactions.c.place == first"),),
        (REACTIONS,),
    ),
    Mutant(
        "a-page-for-a-crowd",
        "the largest page fits into what may be left unread",
        (Edit("storage/history.py", "MAX_PAGE_CHARS = 128 * 1024", "MAX_PAGE_CHARS = 1024 * 1024"),),
        (LARGEST,),
    ),
)
