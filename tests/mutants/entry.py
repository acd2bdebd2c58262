"""Who may come in, by which origin, and who gives way when the house is full."""

from tests.mutants.mutant import Edit, Mutant

ORIGIN = "tests/gateways/http/test_origin.py"
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
    Mutant(
        "downgraded-origin",
        "a house called by its public name has no other origin",
        (Edit("gateways/origin.py", "(not _is_public(host, public_url) and given ==", "(given =="),),
        ("tests/gateways/http/test_public_name.py",),
    ),
    Mutant(
        "public-name-as-typed",
        "a default port and the root's dot make no other name of the public one",
        (
            Edit("gateways/origin.py", '    name = match["name"].removesuffix(".")\n', '    name = match["name"]\n'),
            Edit(
                "gateways/origin.py",
                "    return None if port is None or str(int(port)) in _DEFAULT_PORTS.values() else int(port)",
                "    return int(port or 0)",
            ),
        ),
        (ORIGIN,),
    ),
    Mutant(
        "stream-for-another-page",
        "a stream is held open for our own pages alone",
        (
            Edit(
                "gateways/http/same_origin.py",
                "    if not _from_own_page(connection, connection.app.state.parts.public_url):\n",
                '    if connection.headers.get("sec-fetch-site") not in _OWN_SITES:\n',
            ),
        ),
        ("tests/gateways/http/test_public_name.py",),
    ),
)
