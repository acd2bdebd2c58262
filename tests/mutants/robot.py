"""The robot."""

from tests.mutants.mutant import Edit, Mutant

RETURNS = "tests/delivery/test_returns.py"
REPLIES = "tests/unit/test_replies.py"
ENDPOINT = "tests/unit/bots/test_endpoint.py"
THINKER = "tests/unit/bots/test_thinker.py"
THOUGHTS = "tests/unit/bots/test_thoughts.py"
PROMPT = "tests/unit/bots/test_prompt.py"

MUTANTS = (
    # The robot
    Mutant(
        "late-sees-nothing",
        "who becomes live is shown what goes on without a number",
        (Edit("delivery/subscriber.py", "            self._show_ongoing(channel)\n", ""),),
        (RETURNS,),
    ),
    Mutant(
        "anyone-stops",
        "a reply is stopped by who asked and by who manages the room",
        (Edit("replies.py", "        policy.check_stop(user, seat.role, reply.asker)\n", ""),),
        (REPLIES,),
    ),
    Mutant(
        "question-forgotten",
        "a question is read again until it is answered",
        (Edit("bots/thoughts.py", "        self._marks.hold(entry.log, entry.seq)\n", ""),),
        (THOUGHTS,),
    ),
    Mutant(
        "endless-answer",
        "a model's answer is bounded in bytes",
        (Edit("bots/endpoint.py", "            if left < 0:\n", "            if False:\n"),),
        (ENDPOINT,),
    ),
    Mutant(
        "follow-anywhere",
        "the key goes to no other address",
        (Edit("bots/endpoint.py", "timeout=None,", "timeout=None, follow_redirects=True,"),),
        (ENDPOINT,),
    ),
    Mutant(
        "key-in-log",
        "a library's words about a request are not logged",
        (Edit("bots/thinker.py", "words=type(error).__name__", "words=str(error)"),),
        (THINKER,),
    ),
    Mutant(
        "speak-for-another",
        "nobody's text passes for another one's message",
        (Edit("bots/prompt.py", '"\\n  ".join(text.splitlines())', "text"),),
        (PROMPT,),
    ),
)
