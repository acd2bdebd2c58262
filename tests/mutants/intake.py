"""What strangers send, on its way in: its share of the loop, of the interpreter and of memory."""

from tests.mutants.mutant import Edit, Mutant

MUTANTS = (
    Mutant(
        "guard-in-a-thread",
        "no guard of a request needs a thread",
        (Edit("gateways/http/same_origin.py", "    async def guard(", "    def guard("),),
        ("tests/contract/test_guards.py",),
    ),
    Mutant(
        "threads-wait-for-the-loop",
        "a thread gets the interpreter soon beside a busy loop",
        (Edit("serving.py", "    sys.setswitchinterval(SWITCH_S)\n", ""),),
        ("tests/unit/test_interpreter.py",),
    ),
)
