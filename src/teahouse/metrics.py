"""What a house counts for those who watch it. Numbers only: no names, no texts, no addresses.

The parts keep plain counters and know nothing of this file; they are read when somebody asks, and then only.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from teahouse import __version__
from teahouse.auth import Authenticator
from teahouse.backup import record
from teahouse.delivery.hub import Hub
from teahouse.gateways.connections import Connections
from teahouse.gateways.slots import Slots
from teahouse.occurrences import Occurrences
from teahouse.search import Search
from teahouse.storage.committer import Committer
from teahouse.storage.database import Database
from teahouse.storage.sizes import file_bytes
from teahouse.storage.tables import SCHEMA_VERSION
from teahouse.tally import SECONDS, Histogram
from teahouse.throttle import Throttle
from teahouse.troubles import Troubles
from teahouse.watch import Watch


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


class Facts(Struct, frozen=True):
    """What does not change while the house runs, as labels of the number 1."""

    name: str
    words: str
    labels: Mapping[str, str]


class Spread(Struct, frozen=True):
    """How values are spread."""

    name: str
    words: str
    histogram: Histogram


Family = Gauge | Count | Counts | Facts | Spread


class Metrics:
    """Reads the parts of one house. `slots` and `turned_away` (by status) are the HTTP server's, set when it opens, as is `lines_lost`."""

    def __init__(
        self,
        hub: Hub,
        committer: Committer,
        connections: Connections,
        throttles: Mapping[str, Throttle],
        auth: Authenticator,
        search: Search,
        database: Database,
        troubles: Troubles,
        watch: Watch,
        data: Path,
    ) -> None:
        self.loop_lag_s = Histogram(SECONDS)
        self.throttles = dict(throttles)
        self.slots: Slots | None = None
        self.turned_away: Counter[str] = Counter()
        self.lines_lost: Callable[[], int] = lambda: 0
        self._hub = hub
        self._committer = committer
        self._connections = connections
        self._auth = auth
        self._search = search
        self._database = database
        self._troubles = troubles
        self._watch = watch
        self._data = data

    def families(self) -> Iterator[Family]:
        """Yield every family as it stands now; belongs to the event loop's thread."""
        labels = {"version": __version__, "schema": SCHEMA_VERSION}
        yield Facts("teahouse_build_info", "Which version runs, and the schema of its database", labels)
        yield from self._of_connections()
        yield from self._of_commits()
        yield from self._of_delivery()
        yield from self._of_search()
        yield from self._of_people()
        yield from self._of_health()
        refused = {what: throttle.refused for what, throttle in self.throttles.items()}
        yield Counts("teahouse_rate_refusals", "Requests refused because they came too fast", refused, "what")
        yield Spread("teahouse_loop_lag_seconds", "How much too late the event loop came to a regular task", self.loop_lag_s)
        yield Count("teahouse_log_lines_lost", "Log lines that could not be written", self.lines_lost())

    def on_disk(self) -> Iterator[Family]:
        """Yield what is read from the disk, which may take its time: any thread may ask for it."""
        last = record.last(self._data)
        at_ms = last.at if last is not None and last.epoch == self._database.epoch else 0
        words = "When the last good backup of this house was taken, in seconds since 1970; 0 where none is known"
        yield Gauge("teahouse_last_backup_timestamp_seconds", words, at_ms / 1000)

    def tell(self, now_s: float) -> None:
        """Tell the log what happened to people since it was told last. Call it every few seconds, and at the end with infinity."""
        for occurrences in self._occurrences:
            occurrences.tell(now_s)

    @property
    def _occurrences(self) -> tuple[Occurrences, ...]:
        return self._connections.foreign, self._auth.refused, self._auth.ended_sessions

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
        yield Count("teahouse_commits_failed", "Commits of which nothing was stored", self._database.failed_commits)
        sizes = file_bytes(self._database)
        if sizes is not None:
            yield Gauge("teahouse_database_bytes", "The file of the database", sizes[0])
            yield Gauge("teahouse_write_ahead_log_bytes", "The file of the write-ahead log", sizes[1])

    def _of_health(self) -> Iterator[Family]:
        yield Gauge("teahouse_healthy", "1 while nothing is wrong that /healthz would tell", float(not self._troubles.unwell))
        yield Counts("teahouse_troubles", "Times that something began to be wrong", dict(self._troubles.spells), "kind")
        yield Counts("teahouse_failures", "Times that something wrong was met", dict(self._troubles.failures), "kind")
        yield Gauge("teahouse_disk_free_bytes", "Room that is left where the data lie", self._watch.free_bytes)

    def _of_delivery(self) -> Iterator[Family]:
        channels = self._hub.channels.values()
        readers = sum(len(channel.readers) for channel in channels)
        live = sum(len(channel.live) for channel in channels)
        yield Count("teahouse_deliveries", "Entries written to a reader", self._hub.deliveries)
        yield Gauge("teahouse_logs_followed", "Logs that somebody here follows", len(channels))
        yield Gauge("teahouse_readers", "Readers, counted once for each log they follow", readers)
        yield Gauge("teahouse_readers_behind", "Readers that are behind in a log and catch up at their own speed", readers - live)

    def _of_search(self) -> Iterator[Family]:
        yield Gauge("teahouse_search_waiting", "Entries that the search index has yet to take up", self._search.waiting)
        yield Spread("teahouse_search_seconds", "From a question to its answer, with the wait for its turn", self._search.took_s)

    def _of_people(self) -> Iterator[Family]:
        foreign, refused, ended = self._occurrences
        yield Counts("teahouse_origins_refused", "Requests from pages of another origin, or by another name", dict(foreign.counts), "where")
        yield Counts("teahouse_sign_ins_refused", "Attempts to sign in that were refused", dict(refused.counts), "code")
        yield Counts("teahouse_sessions_ended", "Sessions of people and programs that ended", dict(ended.counts), "why")
