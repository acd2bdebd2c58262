"""The house's numbers for Prometheus, rendered by its own library, which is loaded when somebody first asks."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import chain
from math import inf
from typing import Any

from litestar import Request, Response, get

from teahouse.errors import NotAllowed, NotFound
from teahouse.gateways.address import PASSED_ON, is_of_this_machine
from teahouse.gateways.http.identity import Given
from teahouse.gateways.http.parts import Parts
from teahouse.metrics import Count, Counts, Facts, Family, Gauge, Spread


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any], parts: Given[Parts]) -> Response[bytes]:
    """Answer in the text format that the client asks for; by default only to this machine itself (setting `metrics`)."""
    if parts.metrics_for == "off":
        raise NotFound("there is nothing at this path")
    if parts.metrics_for == "loopback" and not _from_this_machine(request):
        raise NotAllowed("the numbers are for programs of this machine; the setting metrics shows them to all")
    # Read here, where nothing changes meanwhile; the disk is read, and all rendered, beside the loop, which has others to serve.
    families = chain(list(parts.metrics.families()), parts.metrics.on_disk())
    body, kind = await asyncio.to_thread(render, families, request.headers.get("accept", ""))
    return Response(body, headers={"Content-Type": kind})  # as a media type it would be given a second charset


def render(families: Iterable[Family], accept: str) -> tuple[bytes, str]:
    """Return the exposition of `families` and of this process, and its content type."""
    from prometheus_client import CollectorRegistry, ProcessCollector
    from prometheus_client.exposition import choose_encoder

    class Given:
        def collect(self) -> Iterator[Any]:
            return map(_family, families)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Given())
    ProcessCollector(registry=registry)
    encoder, kind = choose_encoder(accept)
    return encoder(registry), kind


def _family(family: Family) -> Any:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    match family:
        case Gauge():
            return GaugeMetricFamily(family.name, family.words, value=family.value)
        case Count():
            return CounterMetricFamily(family.name, family.words, value=family.value)
        case Counts():
            counter = CounterMetricFamily(family.name, family.words, labels=[family.label])
            for label, value in family.values.items():
                counter.add_metric([label], value)
            return counter
        case Facts():
            facts = GaugeMetricFamily(family.name, family.words, labels=list(family.labels))
            facts.add_metric(list(family.labels.values()), 1)
            return facts
        case Spread():
            buckets = [("+Inf" if bound == inf else str(bound), count) for bound, count in family.histogram.buckets()]
            return HistogramMetricFamily(family.name, family.words, buckets=buckets, sum_value=family.histogram.total)


def _from_this_machine(request: Request[Any, Any, Any]) -> bool:
    client = request.client.host if request.client else ""
    return is_of_this_machine(client) and not any(name in request.headers for name in PASSED_ON)
