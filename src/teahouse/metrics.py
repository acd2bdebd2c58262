"""What a house counts for those who watch it. Numbers only: no names, no texts, no addresses.

The parts keep plain counters and know nothing of this file; they are read when somebody asks, and then only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from teahouse.delivery.hub import Hub
from teahouse.gateways.connections import Connections
from teahouse.gateways.slots import Slots
from teahouse.storage.committer import Committer
from teahouse.tally import SECONDS, Histogram
from teahouse.throttle import Throttle


class Gauge(Struct, frozen=True):
    """A number that goes up and down."""

    name: str
    words: str
    value: float


class Count(Struct, frozen=True):
    """A number that only grows."""

    name: str
    words: str
    value: float


class Counts(Struct, frozen=True):
    """Numbers that only grow, one for each value of a label; the mapping is nobody else's, for another thread reads it."""

    name: str
    words: str
    values: Mapping[str, float]
    label: str


class Spread(Struct, frozen=True):
    """How values are spread."""

    name: str
    words: str
    histogram: Histogram


Family = Gauge | Count | Counts | Spread


class Metrics:
    """Reads the parts of one house. `slots` and `turned_away` (by status) are the HTTP server's, set when it opens."""

    def __init__(self, hub: Hub, committer: Committer, connections: Connections, throttles: Mapping[str, Throttle]) -> None:
        self.loop_lag_s = Histogram(SECONDS)
        self.throttles = dict(throttles)
        self.slots: Slots | None = None
        self.turned_away: Counter[str] = Counter()
        self._hub = hub
        self._committer = committer
        self._connections = connections

    def families(self) -> Iterator[Family]:
        """Yield every family as it stands now; belongs to the event loop's thread."""
        yield from self._of_connections()
        yield from self._of_commits()
        yield from self._of_delivery()
        refused = {what: throttle.refused for what, throttle in self.throttles.items()}
        yield Counts("teahouse_rate_refusals", "Requests refused because they came too fast", refused, "what")
        yield Spread("teahouse_loop_lag_seconds", "How much too late the event loop came to a regular task", self.loop_lag_s)

    def _of_connections(self) -> Iterator[Family]:
        here = self._connections
        yield Gauge("teahouse_connections", "Connections that are open and signed in, by WebSocket or HTTP", len(here))
        yield from self._of_slots()
        yield Gauge("teahouse_sessions", "Sessions that have a connection open", len(here.sessions()))
        yield Gauge("teahouse_users", "People who have a connection open", here.users)
        yield Gauge("teahouse_commands_waiting", "Commands that wait for an earlier one of the same connection", here.commands_waiting())
        yield Counts(
            "teahouse_connections_refused", "WebSocket handshakes refused, by HTTP status or close code", dict(here.refused), "status"
        )
        yield Counts("teahouse_http_refused", "HTTP requests refused before any handler saw them", dict(self.turned_away), "status")

    def _of_slots(self) -> Iterator[Family]:
        slots = self.slots
        if slots is None:
            return
        _networks, largest = slots.sharers()
        yield Gauge("teahouse_connections_max", "Connections that there may be (max_connections, or as many files as fit)", slots.limit)
        yield Gauge("teahouse_tcp_connections", "Connections of every kind, HTTP ones too", len(slots))
        yield Gauge("teahouse_connections_largest_share", "Connections without a session of the network that has most", largest)
        yield Counts(
            "teahouse_connections_displaced",
            "Connections that gave way to others when there was no room",
            dict(slots.displaced) | {"unread": self._connections.unread.given_up},
            "what",
        )

    def _of_commits(self) -> Iterator[Family]:
        committer = self._committer
        yield Gauge("teahouse_commits_waiting", "Changes that wait for the next commit", committer.waiting)
        yield Spread("teahouse_commit_batch_size", "Changes in one commit; the count is the number of commits", committer.batch_sizes)
        yield Spread("teahouse_commit_seconds", "From the begin of a commit to its return", committer.commit_s)

    def _of_delivery(self) -> Iterator[Family]:
        channels = self._hub.channels.values()
        readers = sum(len(channel.readers) for channel in channels)
        live = sum(len(channel.live) for channel in channels)
        yield Count("teahouse_deliveries", "Entries written to a reader", self._hub.deliveries)
        yield Gauge("teahouse_logs_followed", "Logs that somebody here follows", len(channels))
        yield Gauge("teahouse_readers", "Readers, counted once for each log they follow", readers)
        yield Gauge("teahouse_readers_behind", "Readers that are behind in a log and catch up at their own speed", readers - live)
