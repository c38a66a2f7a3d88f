"""What counts as having looked: whether a source sees the cluster now, or saw it once."""

from datetime import UTC, datetime, timedelta

import pytest

from warroom.events.base import Event
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.events.room import RoomOpened
from warroom.events.sources import SourceAnnounced, SourceLost, SourcePolled, SourceSynced
from warroom.model.nouns import LogLevel, LogLine
from warroom.model.text import Safe
from warroom.state.fold import apply
from warroom.state.slices import SourceFacts, State

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
LOGS = LogsAppended(lines=(LogLine(None, LogLevel.INFO, Safe("step 1")),))


def seen_by(*events: Event) -> SourceFacts:
    """What is known of the source after events that are a second apart."""
    state = State()
    for seq, event in enumerate(events, 1):
        time = START + timedelta(seconds=seq)
        source = "room" if isinstance(event, RoomOpened) else "slurm"
        state = apply(
            state,
            Envelope(
                seq, seq * 1000, time, time, source, None, event.type, event.version, encode_event(event)
            ),
        )
    return state.sources.sources["slurm"]


def opened(*, after_crash: bool) -> RoomOpened:
    return RoomOpened(
        room="live", cluster="live", kind="configured", epoch=2, program="1", after_crash=after_crash
    )


ANNOUNCED = SourceAnnounced(kind="slurm", roles=("cluster", "logs"), address=Safe(""), interval_s=2.0)


@pytest.mark.parametrize(("last", "seen_ms"), [(SourcePolled(), 3000), (LOGS, 2000)])
def test_a_line_of_a_job_is_no_look_at_its_cluster(last: Event, seen_ms: int) -> None:
    assert seen_by(ANNOUNCED, SourceSynced(), last).seen_ms == seen_ms


def test_a_host_that_began_anew_has_seen_nothing_until_it_looked() -> None:
    """Else an action is judged by what the host before the crash saw."""
    before = (ANNOUNCED, SourceSynced(), opened(after_crash=True))
    assert (seen_by(*before).status, seen_by(*before).seen_ms) == ("stale", 2000)
    assert seen_by(*before, SourceSynced()).status == "synced"


def test_a_source_that_was_lost_before_the_crash_is_still_lost() -> None:
    lost = seen_by(ANNOUNCED, SourceLost(reason=Safe("refused")), opened(after_crash=True))
    assert (lost.status, lost.reason) == ("lost", "refused")
