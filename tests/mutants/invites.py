"""Invites and owners: who is let in by which link, for how long, and who may say so."""

from tests.mutants.mutant import Edit, Mutant

KEPT = "tests/storage/test_invites.py"
KEEPERS = "tests/unit/test_invites.py"
MIGRATIONS = "tests/storage/test_migrations.py"
LIVE = "tests/gateways/test_invites.py"
STARTS = "tests/gateways/http/test_serving.py"

MUTANTS = (
    Mutant(
        "invites-without-end",
        "an invite is good until its time is up",
        (Edit("storage/invites.py", "(invites.c.expires_at > now) & or_", "or_"),),
        (KEPT,),
    ),
    Mutant(
        "invites-for-any-number",
        "an invite lets so many in as it says",
        (Edit("storage/invites.py", "invites.c.used < invites.c.max_uses)", "invites.c.used <= invites.c.max_uses)"),),
        (KEPT,),
    ),
    Mutant(
        "count-nobody-in",
        "it is counted who came by an invite",
        (Edit("storage/invites.py", ".values(used=invites.c.used + 1)", ".values(used=invites.c.used)"),),
        (KEPT,),
    ),
    Mutant(
        "end-no-invite",
        "an ended invite lets nobody in",
        (Edit("storage/invites.py", "    tx.connection.execute(delete(invites).where(invites.c.id == invite))\n", ""),),
        (KEPT, KEEPERS),
    ),
    Mutant(
        "invites-of-every-start",
        "however often a server starts, its invites are few",
        (Edit("storage/invites.py", ".limit(START_INVITES_KEPT)", ".limit(1000)"),),
        (KEPT,),
    ),
    Mutant(
        "end-what-people-hold",
        "starts end no invite by which somebody came",
        (Edit("storage/invites.py", ", *tx.connection.scalars(newest.where(invites.c.used > 0))", ""),),
        (KEPT,),
    ),
    Mutant(
        "end-what-was-printed",
        "the invites of the last starts are good however many came by those before",
        (Edit("storage/invites.py", "{*tx.connection.scalars(newest), *", "{*"),),
        (KEPT,),
    ),
    Mutant(
        "starts-end-keepers-invites",
        "a start ends no invite of a keeper",
        (Edit("storage/invites.py", "delete(invites).where(invites.c.at_start, ", "delete(invites).where("),),
        (KEPT,),
    ),
    Mutant(
        "forget-the-good",
        "an invite that lets people in is never forgotten",
        (Edit("storage/invites.py", "invites.c.expires_at <= now", "invites.c.expires_at > 0"),),
        (KEPT,),
    ),
    Mutant(
        "forget-by-the-clock",
        "a clock that is wrong for a while ends no invite",
        (
            Edit(
                "moderation_building.py",
                "        if (now := self._database.house_clock.settled_at()) is not None:\n",
                "        if now := self._database.house_clock._calendar_ms():\n",
            ),
        ),
        (KEEPERS,),
    ),
    Mutant(
        "remember-every-invite",
        "invites whose time is up are forgotten",
        (Edit("moderation_building.py", "            await self._committer.run(partial(invites.forget, now=now))\n", ""),),
        (KEEPERS,),
    ),
    Mutant(
        "old-invites-end",
        "invites that an older version gave out stay good",
        (Edit("storage/migrations/versions/0015_invites.py", '    op.execute(\n        "INSERT', '    str(\n        "INSERT'),),
        (MIGRATIONS,),
    ),
    Mutant(
        "starts-end-old-invites",
        "starts end no invite that an older version gave out",
        (Edit("storage/migrations/versions/0015_invites.py", "0, '', false FROM keys", "0, '', true FROM keys"),),
        (MIGRATIONS,),
    ),
    Mutant(
        "invites-as-owner-keys",
        "an old invite makes nobody the owner",
        (Edit("storage/migrations/versions/0015_invites.py", "    op.execute(\"DELETE FROM keys WHERE kind = 'invite'\")\n", ""),),
        (MIGRATIONS,),
    ),
    Mutant(
        "owner-keys-as-invites",
        "an owner's key is no invite",
        (Edit("storage/migrations/versions/0015_invites.py", "WHERE kind = 'invite' AND EXISTS", "WHERE EXISTS"),),
        (MIGRATIONS,),
    ),
    Mutant(
        "invites-without-number",
        "a house has so many invites at once",
        (Edit("moderation.py", "            if invites.count(tx.connection, tx.at) >= MAX_INVITES:", "            if False:"),),
        (KEEPERS,),
    ),
    Mutant(
        "used-up-invites-are-in-the-way",
        "an invite that is used up makes way for another",
        (Edit("storage/invites.py", "where(~invites.c.at_start, _lets_in(now))", "where(~invites.c.at_start)"),),
        (KEEPERS,),
    ),
    Mutant(
        "starts-are-in-the-way",
        "invites of starts keep no keeper from making one",
        (Edit("storage/invites.py", "where(~invites.c.at_start, _lets_in(now))", "where(_lets_in(now))"),),
        (KEEPERS,),
    ),
    Mutant(
        "invites-for-ever",
        "an invite is for a year at most",
        (Edit("moderation.py", "        if minutes > MAX_INVITE_MINUTES:", "        if False:"),),
        (KEEPERS,),
    ),
    Mutant(
        "former-keepers-ways-in",
        "whose role is taken back leaves no invite",
        (Edit("moderation.py", "            if role not in keepers.KEEPERS:\n", "            if False:\n"),),
        (KEEPERS,),
    ),
    Mutant(
        "new-owners-invites-end",
        "an admin who becomes an owner has their invites still",
        (Edit("moderation.py", "            if role not in keepers.KEEPERS:\n", "            if True:\n"),),
        (KEEPERS,),
    ),
    Mutant(
        "banned-keepers-ways-in",
        "a keeper who is banned leaves no invite",
        (Edit("moderation.py", "                invites.end_of(tx, target.id)\n", "                pass\n"),),
        (KEEPERS,),
    ),
    Mutant(
        "ended-keepers-ways-in",
        "a keeper whose sessions are ended leaves no invite",
        (
            Edit(
                "moderation.py",
                "            ended = sessions.end_all(tx, user)\n            invites.end_of(tx, user)\n",
                "            ended = sessions.end_all(tx, user)\n",
            ),
        ),
        (KEEPERS,),
    ),
    Mutant(
        "invites-unlogged",
        "an invite that is made stands in the log",
        (Edit("moderation.py", "            self._note(tx, by, Invited(", "            _ = (Invited("),),
        (KEEPERS,),
    ),
    Mutant(
        "ended-invites-unlogged",
        "an invite that is ended stands in the log",
        (Edit("moderation.py", "            self._note(tx, by, Uninvited(", "            _ = (Uninvited("),),
        (KEEPERS,),
    ),
    Mutant(
        "invites-of-anybody",
        "only keepers make invites",
        (
            Edit(
                "moderation.py",
                '            by, _ = self._begin(tx, actor, "invite")\n',
                '            by = actor.user or self._begin(tx, actor, "invite")[0]\n',
            ),
        ),
        (KEEPERS, "tests/unit/test_moderation.py"),
    ),
    Mutant(
        "invites-shown-to-anybody",
        "only keepers see invites",
        (Edit("moderation.py", '        self._check(actor, "invites")\n', ""),),
        ("tests/unit/test_moderation.py",),
    ),
    Mutant(
        "invites-of-one-page",
        "the command line knows all invites, however many there are",
        (Edit("console.py", "        while page := ", "        if page := "),),
        ("tests/unit/test_console.py",),
    ),
    Mutant(
        "links-to-the-settings",
        "the owner's link names the address that the house has",
        (Edit("console.py", "    if left is None:\n", "    if True:\n"),),
        (STARTS,),
    ),
    Mutant(
        "links-to-nobody",
        "it is said of a link when the house does not run",
        (Edit("console.py", '"" if is_running else', '"" if left else'),),
        (STARTS,),
    ),
    Mutant(
        "links-by-no-network",
        "others reach a house on the network by its address there",
        (Edit("whereabouts.py", "        if self.public_url is None and self.host in ANY_ADDRESS:\n", "        if False:\n"),),
        ("tests/unit/test_whereabouts.py",),
    ),
    Mutant(
        "held-by-asking",
        "asking who holds a folder keeps nobody from it",
        (Edit("storage/claim.py", "    finally:\n        os.close(file)\n    return False\n", "    return False\n"),),
        ("tests/storage/test_claim.py",),
    ),
    Mutant(
        "refused-by-who-asks",
        "a server starts while somebody asks whether one runs",
        (Edit("storage/claim.py", "TRIES, PAUSE_S = 5, 0.02", "TRIES, PAUSE_S = 1, 0.02"),),
        ("tests/storage/test_claim.py",),
    ),
    Mutant(
        "held-where-none-can-hold",
        "a folder that cannot be locked is not taken for one that a server holds",
        (Edit("storage/claim.py", "return isinstance(error, BlockingIOError)", "return True"),),
        ("tests/storage/test_claim.py",),
    ),
    Mutant(
        "ways-in-of-the-gone",
        "who went a moment ago makes no invite",
        (Edit("moderation.py", "    if people.has_gone(tx.connection, user.id):\n", "    if False:\n"),),
        (KEEPERS,),
    ),
    Mutant(
        "ways-in-of-the-banned",
        "who was banned a moment ago makes no invite",
        (Edit("moderation.py", "    if bans.of_user(tx.connection, user.id, tx.at) is not None:\n", "    if False:\n"),),
        (KEEPERS,),
    ),
    Mutant(
        "an-owner-who-went-stays",
        "the invites of an owner who has gone can be ended",
        (Edit("moderation.py", " and not people.has_gone(tx.connection, target.id)\n", "\n"),),
        (KEEPERS,),
    ),
)
