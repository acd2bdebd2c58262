"""Keeping peace: nobody is put anywhere without end, and whoever is shut out stays out."""

from tests.mutants.mutant import Edit, Mutant

GATHERING = "tests/unit/test_gathering.py"
MODERATION = "tests/unit/test_moderation.py"
MIGRATIONS = "tests/storage/test_migrations.py"
DEPARTURES = "tests/storage/test_departures.py"
LIVE = "tests/gateways/test_moderation.py"
NETWORKS = "tests/gateways/test_shut_out_networks.py"

MUTANTS = (
    Mutant(
        "bans-of-one-page",
        "the command line knows all bans, however many there are",
        (Edit("console.py", "    while more :=", "    if more :="),),
        ("tests/unit/test_console.py",),
    ),
    Mutant(
        "bring-back-the-put-out",
        "only who manages a room brings back someone put out of it",
        (Edit("storage/rooms.py", "        if not pardon:\n", "        if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "members-pardon",
        "a plain member lets nobody in again who was put out",
        (Edit("rooms.py", "pardon=undoes and manages", "pardon=True"),),
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
        "banned-in-english-alone",
        "who is shut out is told until when and why in fields, too",
        (Edit("gateways/connections.py", ", ban=refusal.ban))", "))"),),
        ("tests/gateways/test_moderation.py",),
    ),
    Mutant(
        "put-out-ones-betters",
        "a room's owner puts out nobody of a higher rank of the house",
        (Edit("rooms.py", "            keepers.check_put_out(", "            _ = ("),),
        (GATHERING,),
    ),
    Mutant(
        "keepers-stay-out",
        "a keeper of the house comes back into a public room by themselves",
        (Edit("rooms.py", "pardon=undoes and policy.is_house_keeper(newcomer)", "pardon=False"),),
        (GATHERING,),
    ),
    Mutant(
        "undo-who-put-them-out",
        "who was put out by one of a higher rank is brought back by nobody below",
        (Edit("keepers.py", "    return by is None or RANKS.get(user.role, 0) >= RANKS.get(by.role, 0)", "    return True"),),
        (GATHERING,),
    ),
    Mutant(
        "leave-first-and-come-back",
        "who left by themselves a moment before is kept out all the same",
        (Edit("rooms.py", "                put_out.note(tx, acting, target, room)\n", "                pass\n"),),
        (GATHERING,),
    ),
    Mutant(
        "keep-out-over-ones-betters",
        "who keeps somebody out changes nothing of what one of a higher rank did",
        (Edit("rooms.py", "(known.id != acting.id and keepers.may_undo(acting, known))", "known.id != acting.id"),),
        (GATHERING,),
    ),
    Mutant(
        "keep-out-without-pace",
        "people are kept out at a pace",
        (Edit("rooms.py", "self._pace.keep_out(user) if", "Charge() if"),),
        (GATHERING,),
    ),
    Mutant(
        "keeping-out-again-is-paid-for",
        "who is kept out already is so for nothing",
        (Edit("rooms.py", "            if not is_kept_out:\n", "            if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "manage-as-a-former-member",
        "who changes a room is a member of it when it is stored",
        (Edit("rooms.py", "        rooms.head_for(tx.connection, user.id, room)\n        acting", "        acting"),),
        (GATHERING,),
    ),
    Mutant(
        "manage-as-a-former-keeper",
        "who changes a room as the house's keeper is one when it is stored",
        (Edit("rooms.py", "        policy.check_manage(acting, rooms.member_role", "        policy.check_manage(user, rooms.member_role"),),
        (GATHERING,),
    ),
    Mutant(
        "keepers-stay-in-private",
        "a private room's owner chooses who listens",
        (Edit("keepers.py", 'kind == "public" and ', ""),),
        (GATHERING,),
    ),
    Mutant(
        "everybody-comes-back",
        "who was put out does not come back by themselves",
        (Edit("rooms.py", "pardon=undoes and policy.is_house_keeper(newcomer)", "pardon=True"),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-without-pace",
        "rooms are made at a pace",
        (
            Edit(
                "rooms.py",
                "with self._pace.make_room(user, in_crowd=await self._is_in_crowd(user)) as charge",
                "with Charge() as charge",
            ),
        ),
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
        (Edit("pace.py", "                charge.take(self._adders, other, ", "                _ = (other, "),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-by-one-without-end",
        "the rooms in which one is by one other's doing are bounded",
        (Edit("policy.py", "    if by_one >= of_one:\n", "    if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "rooms-by-others-without-end",
        "the rooms in which one is by others' doing are bounded",
        (Edit("policy.py", "    if in_all >= most and by_one:\n", "    if False:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "strangers-fill-the-rooms",
        "rooms that strangers filled leave a way to everybody else",
        (Edit("policy.py", "    if in_all >= most and by_one:\n", "    if in_all >= most:\n"),),
        (GATHERING,),
    ),
    Mutant(
        "strangers-use-up-the-robot",
        "nobody's additions are too many for the robot",
        (Edit("policy.py", '    if user.role == "bot" or is_house_keeper(by):', "    if is_house_keeper(by):"),),
        (GATHERING,),
    ),
    Mutant(
        "robots-without-a-way",
        "the robot has no pace that others use up",
        (Edit("rooms.py", "        if any(robot.id == other for robot in self.robots):", "        if False:"),),
        (GATHERING,),
    ),
    Mutant(
        "in-and-out-without-cost",
        "who puts somebody in and out uses up what is theirs",
        (Edit("pace.py", "            charge.take(self._of_one, pair, ", "            _ = (pair, "),),
        (GATHERING,),
    ),
    Mutant(
        "in-and-out-at-others-cost",
        "one adder uses up one of a target's adders, however often",
        (Edit("pace.py", "charge.could_take(self._first, pair)", "True"),),
        (GATHERING,),
    ),
    Mutant(
        "refusals-at-a-cost",
        "what is refused uses nothing up",
        (Edit("pace.py", "            throttle.give_back(key)\n", "            pass\n"),),
        (GATHERING,),
    ),
    Mutant(
        "repetitions-at-a-cost",
        "what was done already uses nothing up",
        (
            Edit(
                "rooms.py",
                "            if entry is None:\n                charge.give_back()\n            return entry\n\n    def _require",
                "            return entry\n\n    def _require",
            ),
        ),
        (GATHERING,),
    ),
    Mutant(
        "retries-ask-the-pace",
        "who makes a room again with the same id is not asked to wait",
        (
            Edit(
                "rooms.py",
                "created_with, user.id, client_id)\n        if known is not None:",
                "created_with, user.id, client_id)\n        if False:",
            ),
        ),
        (GATHERING,),
    ),
    Mutant(
        "directs-without-pace",
        "direct rooms are opened at a pace",
        (Edit("rooms.py", "with self._pace.open_direct(user, other, in_crowd=await self._is_in_crowd(user)):", "with Charge():"),),
        (GATHERING,),
    ),
    Mutant(
        "networks-make-rooms",
        "guests of one network make rooms at one pace",
        (Edit("pace.py", "                charge.take(self._rooms_from, network, ", "                _ = (network, "),),
        (GATHERING,),
    ),
    Mutant(
        "networks-open-directs",
        "guests of one network open direct rooms at one pace",
        (Edit("pace.py", "                charge.take(self._directs_from, network, ", "                _ = (network, "),),
        (GATHERING,),
    ),
    Mutant(
        "networks-press-one",
        "guests of one network open direct rooms with one person at one pace",
        (Edit("pace.py", "                charge.take(self._directs_with_one, (network, other), ", "                _ = (network, "),),
        (GATHERING,),
    ),
    Mutant(
        "keepers-share-a-network",
        "a keeper makes rooms whatever their network has made",
        (Edit("rooms.py", "return not policy.is_house_keeper(user) and self._clock_ms()", "return self._clock_ms()"),),
        (GATHERING,),
    ),
    Mutant(
        "nowhere-is-nobodys-network",
        "where people come from is known to the pace of rooms",
        (Edit("app.py", "pace=Pace(settings, clock_ms, last_seen.network_of),", "pace=Pace(settings, clock_ms, lambda user_id: None),"),),
        ("tests/gateways/test_rooms_of_a_network.py",),
    ),
    Mutant(
        "no-network-unless-stored",
        "whose doings are counted together does not depend on what is stored",
        (
            Edit(
                "last_seen.py",
                "        network = as_network(address)\n        if",
                "        network = as_network(address) if self._days else None\n        if",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "reactions-without-pace",
        "reactions have the pace of messages",
        (Edit("chat.py", '        self._keep_pace(user, "reactions")', "        pass"),),
        (GATHERING,),
    ),
    # Bans
    Mutant(
        "let-the-banned-in",
        "whoever is banned is nobody's session",
        (Edit("proving.py", "        self._check_bans(session.identity)  # last", "        # last"),),
        (MODERATION,),
    ),
    Mutant(
        "tickets-of-the-banned",
        "a ticket opens nothing for somebody who is banned",
        (Edit("proving.py", "        self._check_bans(session.identity)\n        return", "        return"),),
        (MODERATION,),
    ),
    Mutant(
        "free-the-names-of-the-banned",
        "nobody gets the name of somebody who is banned",
        (Edit("storage/departures.py", "    if bans.of_user(tx.connection, user_id, tx.at) is None:", "    if True:"),),
        (MODERATION,),
    ),
    Mutant(
        "leave-a-thousand-rooms-at-once",
        "who leaves many rooms does not keep the only writer from everybody else",
        (Edit("storage/departures.py", "ROOMS_AT_ONCE = 10\n", "ROOMS_AT_ONCE = 10_000\n"),),
        (DEPARTURES,),
    ),
    Mutant(
        "tell-the-first-rooms-alone",
        "every room is told who left it",
        (Edit("storage/departures.py", "    if later := ended - first:\n", "    if (later := ended - first) and not later:\n"),),
        (DEPARTURES,),
    ),
    Mutant(
        "tell-no-more-rooms",
        "a start goes on telling rooms who left them",
        (Edit("moderation_building.py", "await tell_some(self._database, self._committer) or erases", "erases"),),
        (DEPARTURES,),
    ),
    Mutant(
        "erase-all-before-rooms-are-told",
        "whoever has gone is told of while much is erased",
        (
            Edit(
                "moderation_building.py",
                "            erases = await self._erase_some()\n",
                "            while erases := await self._erase_some():\n                pass\n",
            ),
        ),
        (DEPARTURES,),
    ),
    Mutant(
        "tell-all-rooms-before-erasing",
        "a keeper's removal begins while thousands of rooms are told who left",
        (
            Edit(
                "moderation_building.py",
                "            goes_on = await tell_some(self._database, self._committer) or erases\n",
                "            while await tell_some(self._database, self._committer):\n                pass\n            goes_on = erases\n",
            ),
        ),
        (DEPARTURES,),
    ),
    Mutant(
        "forget-what-waits-to-be-erased",
        "what can be erased only later is erased then",
        (Edit("moderation_building.py", "if more or await waits(self._committer):", "if more:"),),
        (MODERATION, DEPARTURES),
    ),
    Mutant(
        "tell-rooms-again",
        "a room is told once that somebody has left it",
        (
            Edit(
                "storage/departures.py", "    tx.connection.execute(delete(departures).where(theirs, departures.c.room_id.in_(some)))\n", ""
            ),
        ),
        (DEPARTURES,),
    ),
    Mutant(
        "inside-until-all-are-told",
        "who has gone is nowhere inside, though rooms are still to be told",
        (Edit("auth.py", "            self._roster.take_out(gone)\n", "            pass\n"),),
        (DEPARTURES,),
    ),
    Mutant(
        "shut-out-by-ones-neighbours",
        "throw-away guests use up nothing of those who were here before in their network",
        (Edit("rooms.py", "- await self._database.read(people.came_at, user.id) < LATELY_MS", "> 0"),),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "nobody-came-lately",
        "throw-away guests of one network are counted together",
        (Edit("rooms.py", "- await self._database.read(people.came_at, user.id) < LATELY_MS", "< 0"),),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "join-rooms-without-end",
        "one person joins rooms up to a number",
        (Edit("rooms.py", "            policy.check_rooms_entered(newcomer, ", "            (newcomer, "),),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "remove-since-tomorrow",
        "a keeper whose clock is ahead is told so",
        (Edit("moderation.py", "    if since > tx.at:", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "refuse-who-is-in",
        "to join a room that one is in changes nothing",
        (
            Edit(
                "rooms.py",
                "            if rooms.member_role(tx.connection, user.id, room) is not None:  # it may",
                "            if False:  # it may",
            ),
        ),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "pay-twice-for-a-join",
        "a join that changed nothing uses nothing up",
        (
            Edit(
                "rooms.py",
                "            if not await self._committer.run(change):\n",
                "            if await self._committer.run(change) is None:\n",
            ),
        ),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "count-rooms-by-others",
        "nobody else uses up the rooms that one may be in",
        (Edit("storage/rooms.py", "members.c.added_by.is_(None) & (rooms.c.kind", "members.c.user_id.is_not(None) & (rooms.c.kind"),),
        ("tests/unit/test_gathering.py",),
    ),
    Mutant(
        "ghosts-after-a-ban",
        "whoever was kept by nothing but a ban has gone when its time is up",
        (Edit("moderation_building.py", "            await self.moderation.end_bans()\n", "            pass\n"),),
        (MODERATION,),
    ),
    Mutant(
        "ghosts-after-an-unban",
        "whoever was kept by nothing but a ban has gone when it is lifted",
        (Edit("moderation.py", "                departures.settle(tx, lifted.user.id)\n", "                pass\n"),),
        (MODERATION,),
    ),
    Mutant(
        "end-with-the-ban",
        "whoever has a session stays when their ban is over",
        (Edit("storage/departures.py", "    if sessions.own(tx.connection, user_id):", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "bans-without-end",
        "a ban ends by itself",
        (Edit("bans.py", "and (ban.until is None or self._clock_ms() < ban.until)", "and True"),),
        (MODERATION,),
    ),
    Mutant(
        "networks-as-they-are-written",
        "an IPv4 address inside IPv6 is the IPv4 address",
        (Edit("networks.py", "_ipv4_inside(found) or found", "found"),),
        (MODERATION,),
    ),
    Mutant(
        "ban-the-world",
        "a network has a bound on how wide it may be",
        (Edit("networks.py", "    if found.prefixlen < WIDEST[found.version]:", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "ban-oneself",
        "nobody shuts themselves out by their own address",
        (Edit("moderation.py", "        if own is not None and own in found:", "        if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "act-on-ones-betters",
        "nobody acts on someone of their own rank or above",
        (Edit("keepers.py", "    if RANKS.get(user.role, 0) <= RANKS.get(target.role, 0):", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "believe-the-connection",
        "roles are asked for in the act's transaction",
        (Edit("moderation.py", "            by = people.get(tx.connection, actor.user.id)\n", "            by = actor.user\n"),),
        (MODERATION,),
    ),
    Mutant(
        "lose-the-last-owner",
        "the last owner stays",
        (Edit("moderation.py", "and not owners.count(tx.connection, tx.at, other_than=target.id):", "and False:"),),
        (MODERATION,),
    ),
    Mutant(
        "banned-owners-count",
        "who is banned is nobody beside the last owner",
        (Edit("storage/owners.py", " & ~is_banned", ""),),
        (MODERATION,),
    ),
    Mutant(
        "keepers-of-old-doors",
        "a guest of an old door is made no keeper",
        (Edit("moderation.py", "            if role in keepers.KEEPERS:\n", "            if False:\n"),),
        (MODERATION,),
    ),
    Mutant(
        "an-answer-lost",
        "who was not answered by the owner's link is the owner all the same",
        (Edit("auth.py", "            if again is not None:\n", "            if False:\n"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "a-link-for-ever",
        "the owner's link opens nothing more once its session was used",
        (Edit("storage/owner_link.py", " or opened.used_at >= opened.opened_at", ""),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "a-link-from-week-to-week",
        "the days of the owner's link count from when it first opened",
        (Edit("storage/owner_link.py", "{first_at or tx.at}", "{tx.at}"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "a-link-said-to-be-used",
        "who is signed in as another hears how the owner's link works",
        (Edit("auth.py", 'code="sign_out_first"', 'code="bad_key"'),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "a-link-for-long",
        "the owner's link opens nothing more after its time",
        (Edit("storage/owner_link.py", "(opened, first_at) if first_at > opened_after else None", "opened, first_at"),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "a-void-link",
        "a new owner's link makes the one before void",
        (Edit("storage/people.py", "    owner_link.forget(tx)\n", ""),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "two-owners-by-one-link",
        "the session whose answer was lost ends",
        (Edit("storage/owner_link.py", "    sessions.end(tx, opened.id)\n", ""),),
        ("tests/unit/test_auth.py",),
    ),
    Mutant(
        "undo-an-owners-ban",
        "an admin undoes nothing that an owner did",
        (Edit("keepers.py", "    if not may_undo(user, by):", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "act-without-effect",
        "what keepers do holds when it is answered",
        (Edit("moderation.py", "        await self._follow()\n", ""),),
        (MODERATION,),
    ),
    Mutant(
        "remember-old-roles",
        "a role that changed is read again",
        (
            Edit(
                "house_follower.py",
                "            case RoleSet(user):\n                self._auth.forget_user(user.id)\n",
                "            case RoleSet(user):\n",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "newcomers-with-an-invite",
        "a closed house takes in nobody new",
        (Edit("storage/house_log.py", "    if not admits_newcomers(tx.connection):", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "clear-without-a-place",
        "how far the erasing has come is stored with what it erased",
        (
            Edit(
                "storage/clearings.py",
                "            clearing = structs.replace(clearing, before=reached)\n",
                "            pass\n",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "clear-all-at-once",
        "erasing holds the only writer for a slice",
        (Edit("storage/clearings.py", "            if done and not may_go_on():", "            if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "clear-what-came-later",
        "what was said after the act stays",
        (Edit("storage/clearings.py", "entries.c.at.between(clearing.since, clearing.upto)", "entries.c.at >= clearing.since"),),
        (MODERATION,),
    ),
    Mutant(
        "minutes-of-nobodys-clock",
        "the last minutes are counted by the house's clock",
        (Edit("moderation.py", "max(0, tx.at - (minutes or 0) * MINUTE_MS)", "0"),),
        (MODERATION,),
    ),
    Mutant(
        "the-cable-shut-out",
        "who is shut out by a link-local address is one, not all on the same cable",
        (Edit("networks.py", " and not found.subnet_of(LINK_LOCAL):", ":"),),
        (MODERATION,),
    ),
    Mutant(
        "the-cable-seen",
        "who is seen at a link-local address is seen at that address",
        (Edit("networks.py", "address.version == 4 or address in LINK_LOCAL", "address.version == 4"),),
        ("tests/unit/test_address.py",),
    ),
    Mutant(
        "all-of-ipv4-shut-out",
        "a translator's network is all of IPv4",
        (Edit("networks.py", "any(found.overlaps(each) for each in _TRANSLATED):", "False:"),),
        (MODERATION,),
    ),
    Mutant(
        "the-translated-as-one",
        "who comes through a translator is known by their own address",
        (Edit("networks.py", '(IPv6Network("::ffff:0:0/96"), *_TRANSLATED)', '(IPv6Network("::ffff:0:0/96"),)'),),
        (MODERATION,),
    ),
    Mutant(
        "ones-own-translators",
        "a translator of one's own is one, too",
        (Edit("networks.py", '(IPv6Network("64:ff9b::/96"), _OWN_TRANSLATORS)', '(IPv6Network("64:ff9b::/96"),)'),),
        ("tests/unit/test_address.py",),
    ),
    Mutant(
        "other-forms-of-translators",
        "an IPv4 address is read where it is",
        (Edit("networks.py", "    if address in _OWN_TRANSLATORS and not int(address) & 0xFF_FFFF:", "    if False:"),),
        ("tests/unit/test_address.py",),
    ),
    Mutant(
        "the-cable-counts-apart",
        "limits by address count all link-local addresses as one",
        (Edit("networks.py", "str(LINK_LOCAL) if address in LINK_LOCAL", "str(address) if address in LINK_LOCAL"),),
        ("tests/unit/test_address.py",),
    ),
    Mutant(
        "the-cables-people-apart",
        "what newcomers of one cable do is counted together",
        (Edit("last_seen.py", "else counted_as(known[0])", "else as_network(known[0])"),),
        (MODERATION,),
    ),
    Mutant(
        "the-cable-goes-free",
        "who is shut out by a link-local address is so while connected, too",
        (
            Edit(
                "gateways/websocket.py",
                "self._address = caller.address\n",
                'self._address = "fe80::" if caller.address[:4] == "fe80" else caller.address\n',
            ),
        ),
        (NETWORKS,),
    ),
    Mutant(
        "the-cables-crowd-apart",
        "the people of one cable are one crowd",
        (
            Edit(
                "gateways/crowds.py",
                "        address = network(address)\n        has = self._of_person[address, person]\n        if not has:",
                "        has = self._of_person[address, person]\n        if not has:",
            ),
        ),
        ("tests/unit/test_crowds.py",),
    ),
    Mutant(
        "clear-before-a-ban-holds",
        "what a banned person says until the ban takes effect goes too",
        (Edit("moderation.py", "tx.at + TAKES_EFFECT_MS if gone else tx.at", "tx.at"),),
        (MODERATION,),
    ),
    Mutant(
        "clear-too-early",
        "a clearing waits until nothing more can be said",
        (Edit("storage/clearings.py", "(NO_SEQ if at_once else tx.at)", "NO_SEQ"),),
        (MODERATION,),
    ),
    Mutant(
        "clear-no-edits",
        "an old message that says something new since then goes as well",
        (Edit("storage/clearings.py", 'each.kind in ("posted", "edited")', 'each.kind == "posted"'),),
        (MODERATION,),
    ),
    Mutant(
        "names-that-stay",
        "names and topics that somebody gave go with what they said",
        (Edit("storage/clearings.py", "return [room_names.erase(tx, by, room, entry, named[entry.seq])]", "return []"),),
        (MODERATION,),
    ),
    Mutant(
        "names-that-came-later",
        "a name that was given after the act stays",
        (Edit("storage/clearings.py", "clearing.since <= entry.at <= clearing.upto", "clearing.since <= entry.at"),),
        (MODERATION,),
    ),
    Mutant(
        "names-carried-on",
        "a name that somebody gave goes also where others carried it on",
        (Edit("storage/clearings.py", "here.where(or_(said, named))", "here.where(said)"),),
        (MODERATION,),
    ),
    Mutant(
        "names-of-others",
        "a name that others gave stays, whoever changed the topic",
        (Edit("storage/room_names.py", '"name_seq": row.name_seq if name == row.name else entry.seq', '"name_seq": entry.seq'),),
        (MODERATION,),
    ),
    Mutant(
        "topics-of-others",
        "a topic that others gave stays, whoever changed the name",
        (Edit("storage/room_names.py", '"topic_seq": row.topic_seq if topic == row.topic else entry.seq', '"topic_seq": entry.seq'),),
        (MODERATION,),
    ),
    Mutant(
        "names-of-who-carries-on",
        "who gave a name is asked, not who carried it on",
        (Edit("storage/room_names.py", 'says.get(f"{field}_seq", CREATED)', "key"),),
        (MODERATION,),
    ),
    Mutant(
        "names-by-their-letters",
        "a name that others gave again stays, though it was theirs before",
        (Edit("storage/room_names.py", "room, {0: row}, is_theirs", 'room, {0: row | {"name_seq": CREATED}}, is_theirs'),),
        (MODERATION,),
    ),
    Mutant(
        "names-of-both",
        "where two named a room together, each is cleared of their own part",
        (
            Edit(
                "storage/room_names.py",
                "msgspec.json.decode(entry.body) | {field: NEUTRAL[field] for field in fields}",
                "msgspec.json.decode(entry.body) | NEUTRAL",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "names-of-both-told",
        "who is there is told which part of a name went",
        (Edit("storage/room_names.py", "Removed(entry.seq, tuple(fields))", "Removed(entry.seq)"),),
        (MODERATION,),
    ),
    Mutant(
        "names-carried-past-the-place",
        "what a room is called goes first, so that nobody carries it on behind a clearing's place",
        (Edit("storage/clearings.py", "done = room_names.take_away(", "done = end <= 3 and room_names.take_away("),),
        (MODERATION,),
    ),
    Mutant(
        "wrong-clocks-end-a-clearing",
        "a room is cleared to its beginning, whatever time stamps stand between",
        (
            Edit(
                "storage/clearings.py",
                "    return reached, end - reached, done\n",
                "    return reached if found else FIRST, end - reached, done\n",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "clear-past-what-was-found",
        "what one slice does not take up is left to the next",
        (Edit("storage/clearings.py", "found[-1].seq if len(found) == FOUND else first", "first"),),
        (MODERATION,),
    ),
    Mutant(
        "names-of-nobody-known",
        "who gave a room its name in an older version is learned from its log",
        (Edit("storage/migrations/versions/0014_given_by.py", "            if body[field] != before:\n", "            if False:\n"),),
        (MIGRATIONS,),
    ),
    Mutant(
        "names-given-by-the-eraser",
        "a name that stood before and after something was erased was given before",
        (Edit("storage/migrations/versions/0014_given_by.py", "            continue\n", "            pass\n"),),
        (MIGRATIONS,),
    ),
    Mutant(
        "all-leave-at-once",
        "whoever posts goes between those of a crowd that leaves",
        (Edit("auth.py", "        async with self._leaving:", "        if True:"),),
        (DEPARTURES,),
    ),
    Mutant(
        "one-nameless-room",
        "any number of rooms have lost their names",
        (Edit("policy.py", " and name != NAMELESS else None", " else None"),),
        (MODERATION,),
    ),
    Mutant(
        "names-held",
        "a name that went is free",
        (Edit("storage/room_names.py", '{"unique_key": None} if "name" in gone else {}', "{}"),),
        (MODERATION,),
    ),
    Mutant(
        "reactions-that-stay",
        "reactions that somebody gave go with what they said",
        (Edit("storage/clearings.py", 'each.kind == "reacted" or ', ""),),
        (MODERATION,),
    ),
    Mutant(
        "reactions-taken-in-silence",
        "who is there hears that reactions went",
        (
            Edit(
                "storage/clearings.py",
                "    return [Draft(room, people.get(tx.connection, user_id), Reacted(entry.message_seq, emoji, False))]\n",
                "    return []\n",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "reactions-of-before",
        "a reaction from before stays",
        (Edit("storage/reactions.py", "of_kind = and_(_of(room, seq), reactions.c.emoji == emoji)", "of_kind = _of(room, seq)"),),
        (MODERATION,),
    ),
    Mutant(
        "answers-that-stay",
        "the robot's answers go with what they answer",
        (Edit("storage/clearings.py", "            said[asked[row.client_id]].add(row.seq)\n", "            pass\n"),),
        (MODERATION,),
    ),
    Mutant(
        "answers-of-the-hidden",
        "the robot's answers go also where the question was removed by its author",
        (
            Edit(
                "storage/clearings.py",
                "{message: seqs & standing for message, seqs in said.items() if seqs & standing}",
                "{message: seqs & standing for message, seqs in said.items() if message in standing}",
            ),
        ),
        (MODERATION,),
    ),
    Mutant(
        "answers-after",
        "the robot answers nothing that was removed a moment ago",
        (Edit("storage/posts.py", 'elif quoted and draft.by.role == "bot" and not quotes[draft.log, quoted].text:', "elif False:"),),
        ("tests/storage/test_history.py",),
    ),
    Mutant(
        "answers-that-grow-on",
        "a growing reply ends with its question",
        (Edit("bots/runner.py", "if isinstance(entry.fact, Removed) and self._thoughts is not None:", "if False:"),),
        ("tests/unit/bots/test_thoughts.py",),
    ),
    Mutant(
        "names-that-hold-up-the-index",
        "a name that went holds up no index",
        (Edit("storage/search/following.py", "where(message)).first()", "where(message)).one()"),),
        ("tests/storage/test_search_index.py",),
    ),
    Mutant(
        "sign-in-from-nowhere",
        "who signs in is known by the network that they came from",
        (Edit("auth.py", "        self.on_seen(identity.user.id, address)\n", ""),),
        (MODERATION,),
    ),
    Mutant(
        "rest-from-nowhere",
        "who speaks over REST alone is known by the network that they came from",
        (Edit("gateways/http/identity.py", "    parts.auth.on_seen(identity.user.id, client_address(connection))\n", ""),),
        (NETWORKS,),
    ),
    Mutant(
        "addresses-with-every-request",
        "a request that says nothing new of an address stores nothing",
        (Edit("last_seen.py", "known[0] == address and now - known[1] < AGAIN_MS", "False"),),
        (MODERATION,),
    ),
    Mutant(
        "seats-of-the-gone",
        "who has gone by another process is in no room here",
        (Edit("house_follower.py", "            self._roster.take_out(user.id)", "            pass"),),
        (MODERATION,),
    ),
    Mutant(
        "join-after-going",
        "who has gone becomes a member of nothing",
        (Edit("storage/rooms.py", "    if by.id == user.id and known.name_key is None:", "    if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "tokens-after-going",
        "a session that has ended makes no token",
        (Edit("tokens.py", "            if asker is None or asker.user.role != user.role:", "            if False:"),),
        (MODERATION,),
    ),
    Mutant(
        "leave-the-banned-connected",
        "a ban ends live connections",
        (
            Edit(
                "gateways/connections.py",
                "        for connection, (address, _) in list(self._live.items()):\n            self._shut_out",
                "        for connection, (address, _) in ():\n            self._shut_out",
            ),
        ),
        (LIVE,),
    ),
    Mutant(
        "doors-without-bans",
        "a network is shut out at old doors",
        (Edit("gateways/doors/socket.py", "            self._desk.check(None, self._address)\n", ""),),
        (NETWORKS,),
    ),
    Mutant(
        "rest-without-bans",
        "a network is shut out on every road",
        (Edit("gateways/http/identity.py", "    parts.auth.bans.check(identity.user, client_address(connection))\n", ""),),
        (NETWORKS,),
    ),
    Mutant(
        "body-after-the-guard",
        "who is shut out while the end of a body is kept back gets nothing done",
        (Edit("gateways/http/strict_body.py", "    await look_again(request)\n", ""),),
        ("tests/gateways/test_late_bodies.py",),
    ),
    Mutant(
        "sign-in-without-bans",
        "nobody signs in from a network that is shut out",
        (Edit("gateways/http/session.py", "    parts.auth.bans.check(", "    _ = ("),),
        (NETWORKS,),
    ),
    Mutant(
        "sockets-without-bans",
        "a network is shut out at the WebSocket",
        (Edit("gateways/websocket.py", "            self._desk.check(identity.user, self._address)\n", ""),),
        (NETWORKS,),
    ),
)
