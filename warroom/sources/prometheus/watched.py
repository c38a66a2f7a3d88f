"""The figures watched in Prometheus, each with the queries that compute it."""

from collections.abc import Mapping

import msgspec

from warroom.events.metrics import Indicator
from warroom.model.text import Safe, neutral


class Watched(msgspec.Struct, frozen=True):
    """One indicator."""

    indicator: Indicator
    query: str
    """One number for the whole cluster."""
    parts: str = ""
    """The same by node; empty where parts say nothing."""
    newest: str = ""
    """When its newest sample was taken; the time of an instant answer is only when it was computed."""
    optional: bool = False
    """Not watched where the server has no such series."""


def _watched(indicator: Indicator, by: str, *, parts: bool = False, optional: bool = False) -> Watched:
    name = indicator.metric
    return Watched(
        msgspec.structs.replace(indicator, query=Safe(f"{by}({name})")),
        f"{by}({name})",
        f"{by} by (instance) ({name})" if parts else "",
        f"max(timestamp({name}))",
        optional,
    )


BUILT_IN: tuple[Watched, ...] = (
    _watched(Indicator("request_latency_p99", Safe("p99"), "s", 1.0), "max"),
    _watched(Indicator("error_rate", Safe("errors"), "ratio", 0.05), "max", optional=True),
    _watched(Indicator("request_rate", Safe("traffic"), "per_second"), "sum", optional=True),
    _watched(Indicator("gpu_utilization", Safe("GPU use"), "percent"), "avg", parts=True),
    _watched(Indicator("gpu_temperature", Safe("GPU temp"), "celsius", 85.0), "max", parts=True),
)


def watched_with(queries: Mapping[str, str]) -> tuple[Watched, ...]:
    """The built-in figures with replaced queries, then the further ones, by name."""
    known = {watched.indicator.metric for watched in BUILT_IN}
    found = [
        _replaced(watched, queries[watched.indicator.metric])
        if watched.indicator.metric in queries
        else watched
        for watched in BUILT_IN
    ]
    found += [
        _replaced(Watched(Indicator(name, neutral(name)), ""), query)
        for name, query in sorted(queries.items())
        if name not in known
    ]
    return tuple(found)


def _replaced(watched: Watched, query: str) -> Watched:
    # Parts and sample times of the built-in query say nothing of another one.
    return Watched(msgspec.structs.replace(watched.indicator, query=neutral(query)), query)
