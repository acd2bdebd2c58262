"""Other lives of a database: cursors and words of one mean nothing in another."""

from tests.mutants.mutant import Edit, Mutant

RESUME = "tests/gateways/connection/test_resume.py"
ON_EVERY_ROAD = "tests/gateways/test_in_step.py::test_a_cursor_above_the_head_is_of_another_life_on_every_road"
REST = "tests/gateways/http/test_rooms.py::test_who_reads_on_is_told_that_the_house_was_put_back"
ANOTHER_LIFE = "tests/browser/test_another_life.py"

MUTANTS = (
    Mutant(
        "resume-another-epoch",
        "an old cursor cannot lie",
        (Edit("gateways/returning.py", "    if hello.epoch != house.epoch:\n        return Worth(other_life=True)\n", ""),),
        (RESUME,),
    ),
    Mutant(
        "resume-above-a-head",
        "a cursor above a head proves another life, in which no cursor means anything",
        (Edit("gateways/returning.py", "    if any(mine[log] > heads[log] for log in doubtful):\n", "    if False:\n"),),
        (RESUME, ON_EVERY_ROAD),
    ),
    Mutant(
        "page-in-another-epoch",
        "who reads on by pages is told of another life by the epoch that they send back",
        (Edit("gateways/http/messages.py", "    if epoch is not None and epoch != parts.epoch:\n", "    if False:\n"),),
        (REST,),
    ),
    Mutant(
        "page-above-the-head",
        "and by a number above the head without it",
        (Edit("gateways/http/messages.py", "    if after is not None and after > found.head:\n", "    if False:\n"),),
        (REST,),
    ),
    Mutant(
        "judge-by-what-was-heard",
        "a server that lags behind another one asks the database before it calls a cursor wrong",
        (
            Edit(
                "gateways/returning.py",
                "    heads = await house.chat.heads([inbox, *doubtful])\n",
                "    heads = {log: house.hub.head(log) or 0 for log in doubtful} | await house.chat.heads([inbox])\n",
            ),
        ),
        (RESUME,),
    ),
    Mutant(
        "judge-by-foreign-logs",
        "nobody learns by a cursor how far a log goes that is not theirs",
        (Edit("gateways/returning.py", " if log in rooms or log == inbox}", "}"),),
        (RESUME,),
    ),
    Mutant(
        "believe-what-was-not-judged",
        "no cursor is followed that was not compared with its head",
        (Edit("gateways/connection.py", "seen = cursors.get(room) if room in judged else None", "seen = cursors.get(room)"),),
        (RESUME,),
    ),
    Mutant(
        "call-a-lagging-server-another-life",
        "who is ahead of a server that cannot read at the moment waits for it",
        (
            Edit(
                "delivery/subscriber.py",
                "channel.position.seen < max(cursor.since, min(cursor.seen, channel.head)):",
                "channel.position.seen < cursor.since:",
            ),
        ),
        ("tests/delivery/test_returns.py",),
    ),
    Mutant(
        "send-words-of-another-life",
        "what was queued in another life of the database is sent by its writer's hand alone",
        (Edit("web/outbox.js", "    if (epoch === this.#epoch || item.state !== 'queued') return item;\n", "    return item;\n"),),
        (ANOTHER_LIFE,),
    ),
    Mutant(
        "find-anothers-draft",
        "what somebody began to write is not found by who has their number in another life",
        (
            Edit(
                "web/drafts.js",
                "return kept.since === you.since ? { text: kept.text, replyTo: kept.replyTo } : { text: '' };",
                "return { text: kept.text };",
            ),
        ),
        (ANOTHER_LIFE,),
    ),
)
