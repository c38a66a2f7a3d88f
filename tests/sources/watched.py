"""One source on its fake server, watched as a room watches it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from warroom.host.ports import Actuator, Outcome, Source
from warroom.model.requests import Request
from warroom.model.text import Safe
from warroom.sources.alertmanager.adapter import AlertmanagerAlerts
from warroom.sources.prometheus.adapter import PrometheusMetrics
from warroom.sources.settings import AlertmanagerSettings, PrometheusSettings, Settings, SlurmSettings
from warroom.sources.slurm.adapter import SlurmCluster
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.watcher import Watcher, watching
from warroom.testing.wire import Wire

NO_CONF = "/nonexistent/slurm.conf"
"""Nothing that is started by a test may reach a Slurm of this machine."""


def source_on(wire: Wire, settings: Settings, clock: LeapingClock) -> Source:
    """The adapter of these settings, on that server."""
    here: Any = msgspec.structs.replace(settings, url=wire.url)
    if isinstance(here, SlurmSettings):
        return SlurmCluster(msgspec.structs.replace(here, conf=here.conf or NO_CONF), clock=clock)
    kinds = {PrometheusSettings: PrometheusMetrics, AlertmanagerSettings: AlertmanagerAlerts}
    made: Source = kinds[type(here)](here, clock=clock)
    return made


@asynccontextmanager
async def watched(
    wire: Wire, settings: Settings, clock: LeapingClock | None = None
) -> AsyncIterator[Watcher]:
    """The server answers and the source looks, for the time of a test."""
    clock = clock or LeapingClock()
    here: Any = wire
    here.token = ""
    if isinstance(wire, FakeAlertmanager):
        wire.clock = clock
    async with wire, watching(source_on(wire, settings, clock), clock) as seen:
        yield seen


async def outcome_of(
    seen: Watcher, request: Request, operation: str = "r-1-act1", steps: list[Safe] | None = None
) -> Outcome:
    """What the source answers to a request."""
    assert isinstance(seen.source, Actuator)

    def report(said: Safe, done: int, total: int) -> None:
        if steps is not None:
            steps.append(said)

    return await seen.source.carry_out(request, operation=operation, report=report)
