"""What went while no host looked is told by the next one, and a look counts when all of it was told."""

from typing import Any

from tests.sources.watched import source_on
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import InstancesChanged, NodesChanged
from warroom.host.ports import Recalling, Source
from warroom.sources.settings import AlertmanagerSettings, SlurmSettings
from warroom.state.slices import State
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.fake_slurm import FakeSlurm, job_38
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.watcher import Watcher, watching


def open_to_all(wire: Any) -> Any:
    """A fake server that asks for no token."""
    wire.token = ""
    return wire


async def state_seen_by(source: Source, clock: LeapingClock) -> State:
    """What a host saw before it was killed."""
    async with watching(source, clock) as seen:
        await seen.synced()
        return seen.state


def recalling(source: Source, state: State) -> Source:
    """The source of the next host."""
    assert isinstance(source, Recalling)
    source.recall(state)
    return source


async def seen_anew(source: Source, clock: LeapingClock) -> Watcher:
    async with watching(source, clock) as seen:
        await seen.synced()
        return seen


async def test_a_job_that_ended_between_two_hosts_leaves_its_node() -> None:
    """A drain that waited for it would wait for ever."""
    async with open_to_all(FakeSlurm("v0.0.38")) as wire:
        wire.jobs[7] = job_38(7)
        wire.touch()
        settings, clock = SlurmSettings(url=""), LeapingClock()
        before = await state_seen_by(source_on(wire, settings, clock), clock)
        assert [instance.workload for instance in before.cluster.instances.values()] == ["7"]
        wire.jobs[7].update(job_state="COMPLETED", nodes="")
        del wire.nodes["gpu02"]
        wire.touch()
        seen = await seen_anew(recalling(source_on(wire, settings, clock), before), clock)
        (gone,) = [event for event in seen.of(InstancesChanged) if event.gone]
        assert (gone.gone, gone.witnessed) == (("7",), False)
        assert [(event.gone, event.witnessed) for event in seen.of(NodesChanged)] == [(("gpu02",), False)]


async def test_an_alert_that_ended_between_two_hosts_is_told_as_ended() -> None:
    async with open_to_all(FakeAlertmanager()) as wire:
        settings, clock = AlertmanagerSettings(url=""), LeapingClock()
        before = await state_seen_by(source_on(wire, settings, clock), clock)
        fired = tuple(before.alerts.alerts)
        assert fired
        wire.alerts.clear()
        seen = await seen_anew(recalling(source_on(wire, settings, clock), before), clock)
        (ended,) = seen.of(AlertsChanged)
        assert (ended.resolved, ended.witnessed) == (fired, False)


async def test_only_the_last_event_of_a_look_makes_it_whole() -> None:
    """A node that is drained with a job that started on it would else look empty for a moment."""
    async with open_to_all(FakeSlurm("v0.0.38")) as wire:
        wire.jobs[7] = job_38(7)
        wire.touch()
        clock = LeapingClock()
        source = source_on(wire, SlurmSettings(url=""), clock)
        look: list[tuple[str, bool]] = []
        async for seen in source.observe():
            look.append((type(seen.event).type, seen.whole))
            if seen.whole:
                break
        await source.close()
        assert look == [
            ("nodes.changed", False),
            ("workloads.changed", False),
            ("instances.changed", False),
            ("source.synced", True),
        ]
