"""The table of the old doors: what each path of each dialect leads to. Another dialect is one file and one line here."""

from teahouse.gateways.dialects import directed, lines, nickname, relay, shout, signin
from teahouse.gateways.dialects.spoken import FindEntrance

DIALECTS: dict[str, FindEntrance] = {
    "directed": directed.entrance,
    "lines": lines.entrance,
    "nickname": nickname.entrance,
    "relay": relay.entrance,
    "shout": shout.entrance,
    "signin": signin.entrance,
}
