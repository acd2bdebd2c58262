"""How long sessions last, and what may not hang on one reading of a clock."""

from tests.mutants.mutant import Edit, Mutant

CLOCK = "tests/storage/test_house_clock.py"
LIFETIMES = "tests/unit/test_lifetimes.py"
STOP = "tests/faults/test_stop.py"
WRONG_CLOCK = "tests/faults/test_wrong_clock.py"

MUTANTS = (
    Mutant(
        "idle-while-shut",
        "time in which the house was shut is no idleness",
        (Edit("storage/house_clock.py", "self._ahead_ms = stood - self", "self._ahead_ms = self._calendar_ms() - self"),),
        (CLOCK, LIFETIMES),
    ),
    Mutant(
        "a-clock-that-is-not-kept",
        "what the house was open is not forgotten at its stop",
        (Edit("storage/house_clock.py", ".values(value=self._written()))", '.values(value="0 0"))'),),
        (CLOCK,),
    ),
    Mutant(
        "two-clocks",
        "the house is open while any server is",
        (Edit("storage/house_clock.py", "self._ahead_ms += max(0, int(kept.split()[0]) - self())", "pass"),),
        (CLOCK,),
    ),
    Mutant(
        "begin-at-the-calendar",
        "an upgrade after a summer break ends nobody",
        (Edit("storage/house_clock.py", "begin = now if last is None else min(now, int(last))", "begin = now"),),
        (CLOCK,),
    ),
    Mutant(
        "uses-yet-to-come",
        "what an older version wrote by a wrong clock lasts no longer",
        (Edit("storage/house_clock.py", ".where(own, column > begin)", ".where(own, column < 0)"),),
        (CLOCK,),
    ),
    Mutant(
        "no-hour",
        "nothing ends for good in the first hour",
        (Edit("storage/house_clock.py", "if steady - self._unsettled_since >= SETTLES_MS else None", "if calendar else None"),),
        (CLOCK,),
    ),
    Mutant(
        "jumps-unseen",
        "what is set while the house runs is believed after an hour",
        (Edit("storage/house_clock.py", "if abs(jumped_ms) >= JUMP_MS:", "if False:"),),
        (CLOCK,),
    ),
    Mutant(
        "too-old-at-the-start",
        "who is past their time at the start has an hour to come by",
        (Edit("lifetimes.py", " or self.clock.settled_at() is None", ""),),
        (LIFETIMES,),
    ),
    Mutant(
        "end-who-came-by",
        "a session that was used meanwhile does not end",
        (Edit("storage/departures.py", "if stale is not None and sessions.lasts(tx.connection, session, *stale):", "if False:"),),
        (LIFETIMES,),
    ),
    Mutant(
        "tokens-end-by-one-reading",
        "a clock that is wrong for a moment ends no token for good",
        (Edit("auth.py", "            if limits is None:\n", "            if False:\n"),),
        (LIFETIMES,),
    ),
    Mutant(
        "bans-end-by-one-reading",
        "a clock that is wrong for a moment ends no ban for good",
        (
            Edit(
                "moderation_building.py",
                "        if self._database.house_clock.settled_at() is not None:\n            await self.moderation",
                "        if True:\n            await self.moderation",
            ),
        ),
        (LIFETIMES,),
    ),
    Mutant(
        "bans-forgotten-at-the-start",
        "a start with a wrong clock lets no banned one in once it is right",
        (Edit("house_follower.py", "self._bans.load(found)", "self._bans.load(ban for ban in found if self._bans._holding(ban))"),),
        (LIFETIMES,),
    ),
    Mutant(
        "stop-when-others-have-done",
        "a stop waits for no other program's lock",
        (Edit("serving.py", "    house.database.hurry()", "    pass"),),
        (STOP,),
    ),
    Mutant(
        "stop-said-twice",
        "two signals in one instant are one stop in order",
        (Edit("serving.py", " and loop.time() > again_from:", ":"),),
        (STOP,),
    ),
    Mutant(
        "stop-said-too-late",
        "a signal that comes when the house is closed changes nothing",
        (Edit("serving.py", "            signal.signal(number, signal.SIG_IGN)  #", "            pass  #"),),
        (STOP,),
    ),
    Mutant(
        "stop-whatever-else-is-said",
        "a later signal ends a house that stops at once",
        (Edit("serving.py", "            os._exit(128 + number)\n", "            pass\n"),),
        (STOP,),
    ),
    Mutant(
        "stop-when-others-have-done-for-who-waits",
        "a stop waits for no other program's lock, whoever waits for it already",
        (Edit("storage/engines.py", "min(STEP_MS, lock_wait_ms()) if writes else lock_wait_ms()", "lock_wait_ms()"),),
        (STOP,),
    ),
    Mutant(
        "a-silent-start",
        "whoever runs the house is told of a calendar to be doubted",
        (Edit("timekeeping.py", "if words or people:", "if False:"),),
        (LIFETIMES, WRONG_CLOCK),
    ),
    # Use of a token is use
    Mutant(
        "programs-are-nobodys-use",
        "whose programs work is not idle",
        (Edit("storage/sessions.py", ", sessions.c.id == _last_used)", ",)"),),
        (LIFETIMES,),
    ),
    Mutant(
        "idle-as-remembered",
        "who is not idle in the database is let in",
        (Edit("proving.py", "if session is None or not self._alive(session):  # it may", "if session is None:  # it may"),),
        (LIFETIMES,),
    ),
    Mutant(
        "a-guests-use-is-no-openers",
        "a token is in use while whom it let in are here",
        (Edit("proving.py", "clock(), session.identity.sessions", "clock(), [session.identity.session]"),),
        (LIFETIMES,),
    ),
    Mutant(
        "keep-the-forgotten",
        "a program keeps no session that its person has forgotten",
        (Edit("storage/sessions.py", ".order_by(_own.c.used_at.desc(), _own.c.id.desc())", ".order_by(_own.c.used_at, _own.c.id)"),),
        (LIFETIMES,),
    ),
    Mutant(
        "used-before-it-was-opened",
        "after a kill, too, the owner's link opens nothing more once its session was used",
        (Edit("storage/sessions.py", "(sessions.c.at > tx.house_at, sessions.c.at), ", ""),),
        (CLOCK,),
    ),
    Mutant(
        "an-end-that-is-not",
        "a token says when it ends",
        (Edit("tokens.py", "min(days * DAY_MS, left_ms)", "days * DAY_MS"),),
        (LIFETIMES,),
    ),
    Mutant(
        "no-last-week",
        "a program is told that its token ends",
        (Edit("tokens.py", "ends_at - self._clock_ms() <= LAST_WEEK_MS", "ends_at < 0"),),
        (LIFETIMES,),
    ),
    Mutant(
        "an-answer-without-the-end",
        "each answer to a program tells that its token ends soon",
        (Edit("gateways/http/front.py", "    if token_ends_at is not None:\n", "    if False:\n"),),
        ("tests/gateways/http/test_tokens.py",),
    ),
    Mutant(
        "a-handshake-without-the-end",
        "a handshake tells that its token ends soon",
        (Edit("gateways/desk.py", "        if ends_at is not None:\n", "        if False:\n"),),
        ("tests/gateways/test_tokens.py",),
    ),
    # Private rooms
    Mutant(
        "rooms-of-nobody",
        "whose time ends leaves the private rooms in which they are alone to the house's owner",
        (Edit("storage/departures.py", "    if stale is not None and _hands_over(tx, session):\n", "    if False:\n"),),
        (LIFETIMES,),
    ),
    Mutant(
        "diaries-of-who-signs-out",
        "who signs out leaves what they wrote to nobody",
        (Edit("storage/departures.py", "    if stale is not None and _hands_over(tx, session):\n", "    if _hands_over(tx, session):\n"),),
        (LIFETIMES,),
    ),
    Mutant(
        "rooms-of-others",
        "the house's owner gets into no private room in which somebody is",
        (Edit("storage/heirs.py", "members.c.user_id == user.id, ~someone)", "members.c.user_id == user.id)"),),
        (LIFETIMES,),
    ),
    Mutant(
        "rooms-of-who-stays",
        "one session of several that ends takes nobody's rooms",
        (Edit("storage/sessions.py", ".having(func.count() == 1)", ""),),
        (LIFETIMES,),
    ),
)
