"""Who may come in, by which origin, and who gives way when the house is full."""

from tests.mutants.mutant import Edit, Mutant

SERVING = "tests/gateways/http/test_serving.py"

MUTANTS = (
    Mutant(
        "open-behind-a-proxy",
        "strangers stay out where a public address leads to a house on loopback",
        (Edit("settings.py", "is_loopback(self.host) and self.public_url is None if", "is_loopback(self.host) if"),),
        (SERVING,),
    ),
    Mutant(
        "localhost-elsewhere",
        "a house that counts as one on loopback listens on no other address",
        (Edit("listening.py", "    if is_loopback(host) and not", "    if False and not"),),
        (SERVING,),
    ),
)
