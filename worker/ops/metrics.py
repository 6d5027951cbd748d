"""Metrics for Prometheus, read from the database and Redis at the moment they are scraped.

Counters are rows that a transaction raised together with what it counts, so they are right after a restart
or a kill. The usual alternative, files of every forked process, leaves two files for each recycled child and
lost most counts elsewhere (client_python issue 115, posthog issue 56109). README.md describes each metric.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from worker.model import (
    DeliveryOutcome,
    Doubt,
    FeedVerdict,
    Noise,
    Outcome,
    ResourceKind,
    RevisionKind,
    RippleState,
    Verdict,
    Witness,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from enum import StrEnum

    from prometheus_client.core import Metric

    from worker.model import Backlog, Census
    from worker.ops.broker import Queues

STORED = ("articles", "versions", "figures", "revisions", "captures")  # fields of `Census`
# What storage counts with these words of its own.
ENTRIES = ("new", "known", "repeated", "dropped")
RECURRENCES = ("stale_copy", "variant")
STEPS = (
    "record",
    "record_robots",
    "fail",
    "apply_feed",
    "apply_article",
    "fail_relation",
    "apply_relation",
    "fail_replay",
    "apply_replay",
    "begin_delivery",
    "record_delivery",
)
QUARANTINES = (*(kind.value for kind in ResourceKind), "version", "visit")
OTHER = "other"  # a word that this code does not know: label values stay a closed set


@dataclass(frozen=True, slots=True)
class Observed:
    """What a scrape saw; None stands for what did not answer."""

    version: str  # of this code
    census: Census | None
    backlog: Backlog | None
    last_dispatch_at: datetime | None
    queues: Queues | None
    outage_since: datetime | None = None  # nobody at all can be reached


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value that goes up and down. What cannot be told has no sample, rather than a wrong one."""

    name: str
    help: str
    of: Callable[[Observed], float | Mapping[str, float] | None]
    label: str | None = None  # where `of` gives a value for each word of a closed set

    def family(self, observed: Observed) -> Metric:
        """The metric with what was observed."""
        family = GaugeMetricFamily(self.name, self.help, labels=[self.label] if self.label else [])
        value = self.of(observed)
        if isinstance(value, (int, float)):
            family.add_metric([], value)
        for word, number in ({} if value is None or isinstance(value, (int, float)) else value).items():
            family.add_metric([word], number)
        return family


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter kept in the database. With a label: one for each word, 0 before the first, so that rates work."""

    name: str
    help: str
    tally: str  # its name in `Census.tallies`
    label: str | None = None
    words: tuple[str, ...] = ("",)
    scale: float = 1.0  # base units in one unit of the tally

    def family(self, observed: Observed) -> Metric:
        """The metric with what was observed."""
        family = CounterMetricFamily(self.name, self.help, labels=[self.label] if self.label else [])
        if observed.census is not None:
            for word, count in self._counts(observed.census).items():
                family.add_metric([word] if self.label else [], count * self.scale)
        return family

    def _counts(self, census: Census) -> dict[str, int]:
        counts = dict.fromkeys(self.words, 0)
        for word, count in census.tallies.get(self.tally, {}).items():
            known = word if word in counts else OTHER
            counts[known] = counts.get(known, 0) + count
        return counts


def _words(*kinds: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for kind in kinds for word in kind)


def _census(field: str) -> Callable[[Observed], float | None]:
    return lambda observed: getattr(observed.census, field) if observed.census else None


def _stored(observed: Observed) -> dict[str, float] | None:
    return {kind: getattr(observed.census, kind) for kind in STORED} if observed.census else None


def _backlog(field: str) -> Callable[[Observed], float | None]:
    return lambda observed: getattr(observed.backlog, field) if observed.backlog else None


def _broken(observed: Observed) -> float | None:
    return len(observed.backlog.broken_outlets) if observed.backlog else None


def _last_dispatch(observed: Observed) -> float | None:
    return observed.last_dispatch_at.timestamp() if observed.last_dispatch_at else None


def _network_down(observed: Observed) -> float | None:
    return None if observed.census is None else float(observed.outage_since is not None)


def _up(observed: Observed) -> dict[str, float]:
    return {"database": float(observed.census is not None), "redis": float(observed.queues is not None)}


def _build(observed: Observed) -> dict[str, float]:
    return {observed.version: 1.0}


def _waiting(observed: Observed) -> Mapping[str, float] | None:
    return observed.queues.waiting if observed.queues else None


def _held(observed: Observed) -> float | None:
    return observed.queues.unacknowledged if observed.queues else None


GAUGES = (
    Gauge("figurewatch_build_info", "Always 1; the label tells the version.", _build, "version"),
    Gauge("figurewatch_up", "1 if this part answered the scrape, else 0.", _up, "part"),
    Gauge("figurewatch_last_dispatch_timestamp_seconds", "When work was last handed out.", _last_dispatch),
    Gauge("figurewatch_network_down", "1 while nobody at all can be reached, else 0.", _network_down),
    Gauge("figurewatch_due_resources", "Feeds and pages whose time has come.", _backlog("due")),
    Gauge("figurewatch_due_lag_seconds", "How long the one waiting longest is overdue.", _backlog("due_lag_seconds")),
    Gauge("figurewatch_unread_captures", "Fetched documents that wait to be read.", _backlog("unread")),
    Gauge("figurewatch_quarantined_captures", "Documents given up on, kept to look at.", _backlog("quarantined")),
    Gauge(
        "figurewatch_unrelated_versions", "Versions that wait to be related to other articles.", _backlog("unrelated")
    ),
    Gauge("figurewatch_unrelatable_versions", "Versions given up on when relating them.", _backlog("unrelatable")),
    Gauge(
        "figurewatch_quarantined_visits",
        "Feeds and pages that end whoever visits them.",
        _backlog("quarantined_visits"),
    ),
    Gauge("figurewatch_waiting_replays", "Articles whose history waits to be read again.", _backlog("replaying")),
    Gauge("figurewatch_broken_outlets", "Outlets whose extraction is broken: they make no versions.", _broken),
    Gauge(
        "figurewatch_webhook_endpoints",
        "Endpoints of webhooks by how they are doing.",
        lambda observed: observed.backlog.endpoints if observed.backlog else None,
        "state",
    ),
    Gauge("figurewatch_leased_hosts", "Hosts being visited.", _backlog("leased_hosts")),
    Gauge("figurewatch_queue_messages", "Messages that wait in Redis.", _waiting, "queue"),
    Gauge("figurewatch_unacknowledged_messages", "Messages that workers hold.", _held),
    Gauge("figurewatch_change_position", "Position of the newest change in the change feed.", _census("position")),
    Gauge("figurewatch_outlets", "Outlets configured.", _census("outlets")),
    Gauge("figurewatch_feeds", "Feeds configured.", _census("feeds")),
    Gauge("figurewatch_stored_items", "How much the database holds.", _stored, "kind"),
)
COUNTERS = (
    Counter("figurewatch_visits_total", "Visits by what came of them.", "visit", "outcome", _words(Outcome)),
    Counter("figurewatch_reused_etags_total", "Other bytes under the same strong ETag.", "reused_etag"),
    Counter("figurewatch_robots_requests_total", "robots.txt asked for.", "robots", "outcome", _words(Outcome)),
    Counter("figurewatch_wire_bytes_total", "Bytes received from outlets, compressed as sent.", "wire_bytes"),
    Counter("figurewatch_visit_seconds_total", "Time spent waiting for outlets.", "visit_ms", scale=0.001),
    Counter("figurewatch_feed_reads_total", "Feeds read.", "read_feed", "verdict", _words(FeedVerdict)),
    Counter("figurewatch_entries_total", "Entries of the feeds read.", "entry", "outcome", ENTRIES),
    Counter("figurewatch_article_reads_total", "Article pages read.", "read_article", "verdict", _words(Verdict)),
    Counter("figurewatch_versions_total", "Versions of articles found.", "version", "ordinal", ("first", "next")),
    Counter(
        "figurewatch_held_texts_total", "Page reads whose text waits for another visit.", "held", "doubt", _words(Doubt)
    ),
    Counter("figurewatch_recurrences_total", "Earlier texts seen again.", "recurrence", "kind", RECURRENCES),
    Counter(
        "figurewatch_witness_total",
        "Articles by what their structured data say.",
        "witness",
        "witness",
        _words(Witness),
    ),
    Counter("figurewatch_noise_total", "Changed pages whose text had not changed.", "noise", "rule", _words(Noise)),
    Counter("figurewatch_figures_total", "Figures found in versions.", "figure"),
    Counter("figurewatch_revisions_total", "Revisions of figures found.", "revision", "kind", _words(RevisionKind)),
    Counter(
        "figurewatch_quarantines_total",
        "Documents, versions and visits given up on.",
        "quarantine",
        "kind",
        QUARANTINES,
    ),
    Counter(
        "figurewatch_ripples_total", "Copies found behind, ahead or apart.", "ripple", "state", _words(RippleState)
    ),
    Counter("figurewatch_merges_total", "Articles that proved to be another.", "merge"),
    Counter("figurewatch_feeds_moved_total", "Feeds whose articles all got new addresses and ids.", "feed_moved"),
    Counter("figurewatch_related_total", "Versions related to other articles.", "related"),
    Counter(
        "figurewatch_webhook_deliveries_total",
        "Attempts to deliver an event by what came of them.",
        "delivery",
        "outcome",
        _words(DeliveryOutcome),
    ),
    Counter("figurewatch_stale_leases_total", "Writes refused: the work had passed on.", "stale_lease", "step", STEPS),
)
METRICS: tuple[Gauge | Counter, ...] = GAUGES + COUNTERS


class _Scrape(Collector):
    def __init__(self, observed: Observed) -> None:
        self._observed = observed

    def collect(self) -> Iterator[Metric]:
        for metric in METRICS:
            yield metric.family(self._observed)


def render(observed: Observed, accept: str = "") -> tuple[bytes, str]:
    """The exposition and its content type, in the format that the scraper's Accept header asks for."""
    registry = CollectorRegistry()
    registry.register(_Scrape(observed))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type
