"""Old doors: what they open, and who one is there."""

from tests.mutants.mutant import Edit, Mutant

COMING_IN = "tests/unit/doors/test_door_connection.py"
GUESTS = "tests/unit/doors/test_door_guests.py"
BACKLOG = "tests/unit/doors/test_backlog.py"
HELD = "tests/gateways/doors/test_held_at_doors.py"
HANDSHAKES = "tests/gateways/test_refused_handshakes.py"
NAMES = "tests/storage/test_names.py"
LOOKS = "tests/unit/test_lookalikes.py"
OPENER = "tests/unit/doors/test_opener.py"

MUTANTS = (
    Mutant(
        "origins-without-end",
        "a stranger who makes origins up fills no log",
        (Edit("gateways/doors/foreign_pages.py", "        if len(self._told) > MAX_ORIGINS or (dialect", "        if (dialect"),),
        ("tests/unit/doors/test_foreign_pages.py",),
    ),
    Mutant(
        "refused-without-a-word",
        "a page that a door refuses is told of on the terminal",
        (Edit("gateways/doors/admission.py", "            door.lodge.foreign_pages.note(door.dialect, origin)\n", "            pass\n"),),
        ("tests/gateways/doors/test_foreign_pages.py",),
    ),
    Mutant(
        "door-guests-at-home",
        "a door's session is no session of the house",
        (Edit("proving.py", "        if identity is None or identity.access is not None:", "        if identity is None:"),),
        (GUESTS,),
    ),
    Mutant(
        "door-guests-as-programs",
        "a door's session is no program's token",
        (Edit("proving.py", " or policy.opens_door(identity.access):", ":"),),
        (GUESTS,),
    ),
    Mutant(
        "unbound-door-guests",
        "whoever signs in at a door is bound to it",
        (Edit("auth.py", 'None if door is None else Access("door", frozenset({door}))', "None"),),
        (GUESTS,),
    ),
    Mutant(
        "one-door-for-all",
        "a door's session opens the doors to its room alone",
        (Edit("policy.py", "(room is None or room in (access.rooms or ()))", "True"),),
        (GUESTS,),
    ),
    Mutant(
        "door-guests-may-act",
        "a door's session is refused also where one gets to a check by mistake",
        (Edit("policy.py", "    if opens_door(access):\n", "    if False:\n"),),
        (GUESTS,),
    ),
    Mutant(
        "door-guests-in-the-lobby",
        "whoever signs in at a door is in its room alone",
        (Edit("auth.py", "rooms.add(tx, user, user, LOBBY if door is None else door)", "rooms.add(tx, user, user, LOBBY)"),),
        (GUESTS,),
    ),
    Mutant(
        "claims-open-the-house",
        "a name claimed at a door opens nothing by itself",
        (
            Edit(
                "doorkeeper.py",
                "sessions.open_session(tx, user.id, digest(token), NOWHERE)",
                "sessions.open_session(tx, user.id, digest(token))",
            ),
        ),
        (GUESTS,),
    ),
    Mutant(
        "guests-of-doors-that-are-gone",
        "sessions end with their door",
        (Edit("doorkeeper.py", "            if not theirs & open_rooms:", "            if False:"),),
        (GUESTS,),
    ),
    Mutant(
        "robot-set-for-ever",
        "what a door changed is undone when it is gone",
        (Edit("door_building.py", "            rooms.set_robot(tx, robot, room, before[room])", "            pass"),),
        (GUESTS,),
    ),
    Mutant(
        "robot-set-at-each-start",
        "what people choose for the robot outlives a start",
        (Edit("door_building.py", "sorted(signed_in - before.keys())", "sorted(signed_in)"),),
        (GUESTS,),
    ),
    Mutant(
        "hide-by-client-id",
        "nobody hides a message from a socket by its client ids",
        (Edit("gateways/doors/outlet.py", "line.by == self.reader and line.client_id", "line.client_id"),),
        ("tests/gateways/doors/test_relay.py",),
    ),
    Mutant(
        "known-when-in",
        "whoever ends connections knows of those that come in",
        (
            Edit(
                "gateways/doors/connection.py",
                "            self._lodge.connections.add(self, self._address, is_anybodys=counted_as is None)\n",
                "",
            ),
            Edit(
                "gateways/doors/connection.py",
                "        self._door.porch.come(self)\n",
                "        self._lodge.connections.add(self, self._address)\n        self._door.porch.come(self)\n",
            ),
        ),
        (COMING_IN,),
    ),
    Mutant(
        "put-out-before-the-look",
        "who is put out of the door's room and let in again meanwhile is not at the door that follows nothing",
        (Edit("gateways/doors/connection.py", "        if not is_told or not self", "        if not self"),),
        (COMING_IN,),
    ),
    Mutant(
        "put-out-after-the-look",
        "who is put out of the door's room while their rooms are read is not at the door",
        (
            Edit(
                "gateways/doors/connection.py",
                "        if not is_told or not self._admitted.holds(self._door, self.identity):",
                "        if not is_told:",
            ),
        ),
        (COMING_IN,),
    ),
    Mutant(
        "expected-in-a-closed-house",
        "whom a letter awaits and who never came is new",
        (Edit("doorkeeper.py", "user is None or people.has_gone(tx.connection, user.id):", "user is None:"),),
        (GUESTS,),
    ),
    Mutant(
        "handshakes-outlive-bans",
        "a network that is shut out makes nobody, whenever it shook hands",
        (Edit("gateways/doors/connection.py", "        if refusal is not None:  # the network", "        if False:  # the network"),),
        (COMING_IN,),
    ),
    Mutant(
        "break-lines",
        "a text is one line at doors of lines",
        (Edit("gateways/dialects/plain_lines.py", '_BREAK.sub(" ", text)', "text"),),
        ("tests/unit/dialects/test_shout.py",),
    ),
    Mutant(
        "names-of-lines",
        "a name does not end its brackets",
        (Edit("gateways/dialects/lines.py", "without_brackets(user.name)", "user.name"),),
        ("tests/unit/dialects/test_lines.py",),
    ),
    Mutant(
        "names-that-say",
        "a name is not an address and something said",
        (Edit("gateways/dialects/shout.py", "    return without_colons(user.name)\n", "    return user.name\n"),),
        ("tests/unit/dialects/test_shout.py",),
    ),
    Mutant(
        "brackets-of-ascii",
        "a name ends its brackets with no other kind either",
        (Edit("gateways/dialects/plain_lines.py", "_BRACKETS.get(characters.category(character), character)", "character"),),
        ("tests/unit/dialects/test_lines.py",),
    ),
    Mutant(
        "colons-after-addresses",
        "a name that begins with an address is no address",
        (Edit("gateways/dialects/plain_lines.py", "_ADDRESS.fullmatch(name)", "_ADDRESS.match(name)"),),
        ("tests/unit/dialects/test_shout.py",),
    ),
    Mutant(
        "longer-addresses",
        "a text does not go on with an address",
        (Edit("gateways/dialects/shout.py", "if any(map(is_address, (*beginnings, *others))) else", "if False else"),),
        ("tests/unit/dialects/test_shout.py",),
    ),
    # What is held
    Mutant(
        "texts-by-number",
        "what waits at a door is bounded in bytes",
        (Edit("gateways/doors/backlog.py", " or self.size >= MAX_BYTES:", ":"),),
        (BACKLOG,),
    ),
    Mutant(
        "under-way-for-nothing",
        "a text that waits for its turn counts, with what its characters take",
        (Edit("gateways/doors/backlog.py", "        self._count(self._under_way)\n", "        self._under_way = 0\n"),),
        (BACKLOG,),
    ),
    Mutant(
        "doors-hold-for-nothing",
        "what a door's socket holds counts among what everybody holds",
        (Edit("gateways/doors/socket.py", "hold(size, also_live=True)", "hold(size)"),),
        (HELD,),
    ),
    Mutant(
        "draft-76-holds-for-nothing",
        "what a socket of draft 76 holds counts among what everybody holds",
        (Edit("gateways/doors/draft76_socket.py", "hold(size, also_live=True)", "hold(size)"),),
        (HELD,),
    ),
    Mutant(
        "frames-for-nothing",
        "a frame that is not whole counts",
        (Edit("gateways/doors/socket.py", " + len(self._protocol.reader.buffer)", ""),),
        (HELD,),
    ),
    Mutant(
        "fragments-for-nothing",
        "a message that is not whole counts",
        (Edit("gateways/messages.py", "        self.size += len(frame.data)\n", ""),),
        (HELD,),
    ),
    Mutant(
        "last-words-for-nothing",
        "who is gone keeps their place while their last words wait",
        (
            Edit(
                "gateways/doors/socket.py",
                "        if self._guest is None:\n            super()._lose",
                "        if True:\n            super()._lose",
            ),
        ),
        (HELD,),
    ),
    Mutant(
        "last-words-of-the-displaced",
        "whose place is needed says no last words",
        (Edit("gateways/doors/socket.py", "            self._slot.attach(self._guest.close)  # what", "            # what"),),
        (HELD,),
    ),
    Mutant(
        "gone-without-a-word",
        "the place of who is cut off in their last words is free",
        (Edit("gateways/doors/connection.py", "            self._last_words.cancel()\n            self._then()\n", "            pass\n"),),
        (COMING_IN,),
    ),
    Mutant(
        "refusals-at-hand",
        "a refusal is forgotten while one waits",
        (
            Edit(
                "gateways/doors/connection.py",
                "                return refusal.retry_after_s or RETRY_S\n",
                "                await asyncio.sleep(refusal.retry_after_s or RETRY_S)\n                return 0.0\n",
            ),
        ),
        (COMING_IN,),
    ),
    Mutant(
        "a-line-for-each",
        "nobody sizes the log",
        (Edit("gateways/doors/given_up.py", "        if now_s - self._told_at >= QUIET_S:\n", "        if True:\n"),),
        ("tests/unit/doors/test_given_up.py",),
    ),
    Mutant(
        "refused-handshakes-are-faults",
        "a handshake that is refused writes nothing into the log",
        (Edit("gateways/websocket.py", "        except TeahouseError as error:\n", "        except ZeroDivisionError as error:\n"),),
        (HANDSHAKES,),
    ),
    Mutant(
        "refused-at-doors-are-faults",
        "nor does one at a door",
        (Edit("gateways/doors/socket.py", "        except TeahouseError as refusal:\n", "        except ZeroDivisionError as refusal:\n"),),
        (HANDSHAKES,),
    ),
    Mutant(
        "silent-faults-of-old-handshakes",
        "who shakes hands in draft 76 hears of a fault, and the log tells it",
        (Edit("gateways/doors/draft76_socket.py", "        except Exception as error:\n", "        except ZeroDivisionError as error:\n"),),
        (HANDSHAKES,),
    ),
    Mutant(
        "circles-of-the-gone",
        "a connection that is over holds itself by nothing",
        (Edit("gateways/doors/connection.py", "        self.outlet.part()\n", ""),),
        (COMING_IN,),
    ),
    Mutant(
        "timers-of-the-gone",
        "nor by the timer of its last words",
        (
            Edit(
                "gateways/doors/connection.py",
                "            self._last_words.cancel()\n            self._then()\n",
                "            self._then()\n",
            ),
        ),
        (COMING_IN,),
    ),
    Mutant(
        "render-for-each-socket",
        "a line is rendered once for all sockets of a dialect",
        (Edit("gateways/doors/socket.py", "    @staticmethod\n    def frame(", "    def frame(self, "),),
        (HELD,),
    ),
    Mutant(
        "look-for-nothing",
        "what is read before the protocol is known counts",
        (Edit("gateways/doors/sniffer.py", "        self._slot.hold(len(self._read))\n", ""),),
        (HELD,),
    ),
    Mutant(
        "long-heads-of-draft-76",
        "a head has a bound in any draft",
        (Edit("gateways/doors/sniffer.py", "if end > self._max_head_bytes or (end < 0 and", "if (end < 0 and"),),
        (HELD,),
    ),
    # Names
    Mutant(
        "look-alikes-come-in",
        "nobody passes for somebody who is here",
        (Edit("storage/names.py", "    if not unlike:\n", "    if True:\n"),),
        (NAMES,),
    ),
    Mutant(
        "forget-names-of-the-gone",
        "nobody passes under a strange spelling for somebody who has gone",
        (Edit("storage/names.py", "    if theirs < mine is Mixture.MIXED:\n", "    if False:\n"),),
        (NAMES,),
    ),
    Mutant(
        "visits-shut-out",
        "a visit shuts out nobody's name",
        (Edit("storage/names.py", "bool(other.kept_until > max(now, own))", "own_kept_until is None"),),
        (NAMES,),
    ),
    Mutant(
        "long-stays-are-visits",
        "who was here long keeps look-alikes away",
        (Edit("storage/names.py", "bool(other.kept_until > max(now, own))", "False"),),
        (NAMES,),
    ),
    Mutant(
        "first-come-keeps-it",
        "of two who were here, who was here longer has it",
        (
            Edit(
                "storage/names.py",
                "bool(other.kept_until > max(now, own))",
                "own_kept_until is None and other.kept_until > now",
            ),
        ),
        (NAMES,),
    ),
    Mutant(
        "stays-do-not-add-up",
        "whoever comes again and again has been here in all",
        (Edit("storage/names.py", "case((held_names.c.kept_until > tx.at, held_names.c.kept_until), else_=tx.at)", "tx.at"),),
        (NAMES,),
    ),
    Mutant(
        "held-since-ever",
        "a name is held from when somebody took it",
        (Edit("storage/names.py", "    _put(tx, name, name_key, since=tx.at)\n", "    _put(tx, name, name_key, since=0)\n"),),
        (NAMES,),
    ),
    Mutant(
        "visits-are-stays",
        "a visit keeps nobody away, however soon somebody comes",
        (Edit("storage/names.py", " & (held_names.c.since <= tx.at - VISIT_MS)", ""),),
        (NAMES,),
    ),
    Mutant(
        "spellings-without-end",
        "of names that look the same a few are remembered",
        (Edit("storage/names.py", "    if excess:\n", "    if False:\n"),),
        (NAMES,),
    ),
    Mutant(
        "shut-out-the-plain",
        "a strange spelling shuts nobody out, however long it was held",
        (Edit("storage/names.py", "    return not mine < theirs and ", "    return "),),
        (NAMES,),
    ),
    Mutant(
        "mixed-for-good",
        "who was here long by a mixed name is not shut out by a plainer visit",
        (Edit("storage/names.py", "bool(own <= max(now, other.kept_until))", "True"),),
        (NAMES,),
    ),
    Mutant(
        "two-who-look-the-same",
        "of two who look the same one is here, however plain the other's name is",
        (Edit("storage/names.py", "    if other.held:\n", "    if other.held and not mixture(name_key) < mixture(other.name_key):\n"),),
        (NAMES,),
    ),
    Mutant(
        "passes-for-a-keeper",
        "nobody passes for somebody who keeps the house by spaces, signs or accents",
        (Edit("storage/names.py", "    if any(passes_for(name, keeper) for", "    if any(False for"),),
        (NAMES,),
    ),
    Mutant(
        "passes-for-a-former-keeper",
        "a keeper's name that is free is as free as others",
        (Edit("storage/names.py", '.in_(("owner", "admin")), users.c.name_key.is_not(None))', '.in_(("owner", "admin")))'),),
        (NAMES,),
    ),
    Mutant(
        "passes-for-an-admin",
        "admins keep the house as well",
        (Edit("storage/names.py", '(("owner", "admin"))', '(("owner",))'),),
        (NAMES,),
    ),
    Mutant(
        "passes-for-anybody",
        "of others the names may be spaced and adorned",
        (Edit("storage/names.py", 'users.c.role.in_(("owner", "admin")), ', ""),),
        (NAMES,),
    ),
    Mutant(
        "accents-make-keepers",
        "a keeper's name with accents is a keeper's name",
        (Edit("lookalikes.py", "is_sure and not (bare and _is_mark(part)) else", "is_sure else"),),
        (LOOKS,),
    ),
    Mutant(
        "short-names-without-accents",
        "Lan and Lân are two people",
        (Edit("lookalikes.py", "MIN_BARE_LETTERS = 5\n", "MIN_BARE_LETTERS = 1\n"),),
        (LOOKS,),
    ),
    Mutant(
        "signs-without-name",
        "whose name is signs alone passes for nobody",
        (Edit("lookalikes.py", '    if theirs == "":\n        return False\n', ""),),
        (LOOKS,),
    ),
    Mutant(
        "called-robot",
        "nobody but the robot is called robot",
        (Edit("lookalikes.py", "(*names, *ROBOTS)", "names"),),
        (LOOKS,),
    ),
    Mutant(
        "leet-robots",
        "nor by signs for letters",
        (Edit("lookalikes.py", "_letters(name.translate(_AS_LETTERS))", "_letters(name)"),),
        (LOOKS,),
    ),
    Mutant(
        "near-robots",
        "nor by letters that are near enough",
        (Edit("lookalikes.py", ".translate(_NEAR)", '.replace("l", "i")'),),
        (LOOKS,),
    ),
    Mutant(
        "shut-out-other-scripts",
        "a mixed spelling shuts out no name of one script, in any script",
        (Edit("storage/names.py", "theirs < mine is Mixture.MIXED", "theirs is not mine"),),
        (NAMES,),
    ),
    Mutant(
        "one-language-is-mixed",
        "who is called in the scripts of one language is not shut out by who mixes at will",
        (
            Edit(
                "scripts.py", "Mixture.ONE_LANGUAGE if any(found <= together for together in TOGETHER) else Mixture.MIXED", "Mixture.MIXED"
            ),
        ),
        ("tests/unit/test_scripts.py",),
    ),
    Mutant(
        "lock-the-very-name",
        "a name that is free may be taken again",
        (
            Edit("storage/names.py", " for row in found if row.name_key != name_key):", " for row in found):"),
            Edit("storage/names.py", "max(now, own)", "now"),
        ),
        (NAMES,),
    ),
    Mutant(
        "letters-to-look-alikes",
        "a letter is sent to nobody who could not come",
        (Edit("doorkeeper.py", "            names.check_free(tx, name, policy.fold_name(name))\n", ""),),
        (NAMES,),
    ),
    Mutant(
        "addresses-by-looks",
        "whoever comes from an address has it as their name",
        (Edit("doorkeeper.py", 'unlike=claim == "name"', "unlike=True"),),
        (NAMES,),
    ),
    Mutant(
        "names-drawn-empty",
        "nobody gets another name by what is drawn as nothing",
        (Edit("policy.py", 'return "" if is_hidden(character) or kind', 'return "" if kind'),),
        ("tests/unit/test_policy.py",),
    ),
    Mutant(
        "doors-forget-names",
        "a name that was held at a door is remembered",
        (Edit("storage/doors.py", "    names.note(tx, name, name_key)\n", ""),),
        (NAMES,),
    ),
    Mutant(
        "keep-old-skeletons",
        "skeletons are of the table that compares them",
        (Edit("storage/names.py", "    if known == version and not again:\n", "    if known is not None:\n"),),
        (NAMES,),
    ),
    Mutant(
        "titles-make-names",
        "the robot's name with a title is the robot's name",
        (Edit("lookalikes.py", "{*self._names, *map(_letters, TITLES)}", "self._names"),),
        (LOOKS,),
    ),
    Mutant(
        "dressed-robots",
        "the robot's name in small capitals or white on black is the robot's name",
        (Edit("lookalikes.py", "letter[1].lower() if letter else character", "character"),),
        (LOOKS,),
    ),
    Mutant(
        "numbered-robots",
        "the robot's name with a number is the robot's name",
        (Edit("lookalikes.py", "left.strip(_LIKE_DIGITS)", "left"),),
        (LOOKS,),
    ),
    Mutant(
        "capital-i-is-i",
        "a capital I passes for a small L",
        (Edit("lookalikes.py", 'word[:1] + word[1:].replace("I", "l")', "word"),),
        (LOOKS,),
    ),
    Mutant(
        "addresses-in-letters",
        "what looks like an address is none's name",
        (Edit("lookalikes.py", ".translate(_DIGITS)", ""),),
        (LOOKS,),
    ),
    Mutant(
        "look-before-folding",
        "a sign that looks like a percent sign makes a name of no address",
        (Edit("lookalikes.py", "skeleton(name.translate(_STOPS)).partition(_PERCENT)[0]", 'skeleton(name.partition("%")[0])'),),
        (LOOKS,),
    ),
    Mutant(
        "digits-of-ascii",
        "an address in any digits is none's name",
        (Edit("lookalikes.py", "str(int(character)) if character.isdecimal() else character", "character"),),
        (LOOKS,),
    ),
    Mutant(
        "look-at-everything",
        "what is looked at of a name is bounded",
        (Edit("lookalikes.py", "for character in name[:MAX_CHARS] for part", "for character in name for part"),),
        (LOOKS,),
    ),
    Mutant(
        "token-from-outside",
        "a token opens a door for who is in its room",
        (Edit("gateways/doors/admission.py", "if not door.has_inside([identity.user.id]):", "if False:"),),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
    Mutant(
        "door-open-behind-who-left",
        "what a token opened ends when its person is put out",
        (Edit("gateways/doors/connection.py", "if user_id in self._admitted.depends_on(self.identity):", "if user_id == self.user.id:"),),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
    Mutant(
        "a-leaving-is-a-line",
        "who leaves a room is no line of a door's",
        (
            Edit(
                "gateways/doors/outlet.py",
                "        if line.put_out:\n            return False\n",
                "        if line.put_out:\n            return True\n",
            ),
        ),
        ("tests/unit/doors/test_door_connection.py",),
    ),
    Mutant(
        "slow-readers-are-told",
        "nobody hears more at a door than whose token opened it might",
        (Edit("gateways/doors/outlet.py", "        if lines and not self._holds():", "        if False:"),),
        ("tests/unit/doors/test_door_connection.py",),
    ),
    Mutant(
        "slow-readers-say-on",
        "nobody says more at a door than whose token opened it might",
        (
            Edit(
                "gateways/doors/connection.py",
                '            return self.end(UNSIGNED, "log in first")\n        if not self._admitted.holds(self._door, self.identity):\n',
                '            return self.end(UNSIGNED, "log in first")\n        if False:\n',
            ),
        ),
        ("tests/unit/doors/test_door_connection.py",),
    ),
    Mutant(
        "told-on-the-way-out",
        "a door that is about to close says nothing more",
        (Edit("gateways/doors/outlet.py", "if lines and not self.is_over:", "if lines:"),),
        ("tests/unit/doors",),
    ),
    Mutant(
        "opener-thrown-away",
        "who signs in at a door by a token depends on it",
        (Edit("gateways/doors/signin_pages.py", "door=room, opener=opener, ticket=ticket)", "door=room, ticket=ticket)"),),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
    Mutant(
        "guest-outlives-token",
        "whom a token let in ends with it, whatever the database is asked through",
        (Edit("storage/sessions.py", "    if row.opened_by is not None and opener is None:\n        return None\n", ""),),
        (OPENER,),
    ),
    Mutant(
        "guest-remembered-behind-token",
        "whom a token let in is forgotten with it",
        (
            Edit("known_sessions.py", "*self._let_in.get(session, ())]", "]"),
            Edit("identity.py", "[self.session, self.opener.session]", "[self.session]"),
        ),
        (OPENER,),
    ),
    Mutant(
        "guest-remembered-behind-maker",
        "whom a token let in is looked up anew when its person is",
        (Edit("known_sessions.py", "any(each.id == user_id for each in kept.identity.people)", "kept.identity.user.id == user_id"),),
        (OPENER,),
    ),
    Mutant(
        "guest-looked-up-behind-token",
        "a token that ends while its guest is looked up lets nobody in",
        (Edit("identity.py", "[self.session, self.opener.session]", "[self.session]"),),
        (OPENER,),
    ),
    Mutant(
        "guest-outlasts-tokens-end",
        "whom a token let in is nobody when its time is up",
        (Edit("proving.py", "found.expires_at if opener is None else opener.expires_at)", "found.expires_at)"),),
        (OPENER,),
    ),
    Mutant(
        "guest-awake-in-openers-ban",
        "whom a token let in sleeps with the ban of its person",
        (Edit("identity.py", "[self.user, self.opener.user]", "[self.user]"),),
        (OPENER, "tests/gateways/doors/test_door_sessions.py"),
    ),
    Mutant(
        "guest-left-behind",
        "whom a token let in leaves the house with it",
        (
            Edit("auth.py", "        self._left_behind |= bool(ended)\n", ""),
            Edit("auth.py", "        self._left_behind = True\n\n    def ended", "\n    def ended"),
        ),
        (OPENER,),
    ),
    Mutant(
        "guests-left-by-a-stop",
        "a start sees to whom tokens that ended had let in",
        (Edit("auth.py", '        self._left_behind = True\n        """Whether', '        self._left_behind = False\n        """Whether'),),
        (OPENER,),
    ),
    Mutant(
        "guests-left-by-a-failure",
        "whom a sweep could not see off the next one does",
        (Edit("auth.py", "                self._left_behind = True\n                raise\n", "                raise\n"),),
        (OPENER,),
    ),
    Mutant(
        "all-guests-at-once",
        "however many a token let in go a few in a sweep",
        (Edit("auth.py", "read(sessions.left_behind, GUESTS_A_SWEEP)", "read(sessions.left_behind, 10_000)"),),
        (OPENER,),
    ),
    Mutant(
        "guest-of-an-ended-token",
        "nobody signs in by a token that ends meanwhile",
        (Edit("auth.py", "if opener is not None and sessions.find_by_id(tx.connection, opener.session) is None:", "if False:"),),
        (OPENER,),
    ),
    Mutant(
        "ticket-for-a-refusal",
        "a refused form leaves the ticket good",
        (
            Edit("gateways/doors/signin_pages.py", "partial(self.auth.prove, keep_ticket=True)", "self.auth.prove"),
            Edit("gateways/doors/signin_pages.py", 'shown.secret if shown is not None and shown.kind == "ticket" else None', "None"),
        ),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
    Mutant(
        "ticket-never-used-up",
        "a ticket lets one guest in",
        (Edit("auth.py", "if ticket is not None and sessions.use_ticket(tx, digest(ticket)) is None:", "if False:"),),
        (OPENER,),
    ),
    Mutant(
        "cookie-without-opener",
        "the socket of a guest whom a token let in ends with it",
        (Edit("gateways/doors/connection.py", "            self._lodge.connections.opened_by(self, identity.opener)\n", ""),),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
    Mutant(
        "cookie-from-outside",
        "a guest whom a token let in is at the door while its person is in the room",
        (Edit("gateways/doors/admission.py", "[each.id for each in reader.people]", "[reader.user.id]"),),
        ("tests/gateways/doors/test_door_sessions.py",),
    ),
)
