"""Replay: the very same fold under a playhead, and nothing that the recording does not hold."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warroom.errors import WarroomError
from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.cluster import NodesChanged
from warroom.events.envelope import Envelope
from warroom.events.incident import MarkerAdded, NoteAdded
from warroom.events.logs import LogsAppended
from warroom.events.metrics import SeriesSampled
from warroom.events.room import ClientAttached, RoomOpened
from warroom.events.sources import SourceAnnounced, SourceLost, SourcePolled, SourceSynced
from warroom.host.feed import LiveFeed, ReplayFeed
from warroom.host.player import Player
from warroom.model.commands import MetricRange, MetricsFound, SearchLogs, ShowPlan, WorkloadLogs
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Person,
    Sample,
    WorkloadId,
)
from warroom.model.requests import Cordon
from warroom.model.text import Safe
from warroom.state import keyframe
from warroom.state.fold import apply, apply_all
from warroom.state.logtail import LogTail
from warroom.state.roomtime import room_now
from warroom.state.slices import State
from warroom.testing.memory_recording import START, MemoryRecording, Script

ALICE = Person(Safe("alice"), 1000, "tui")


def line(text: str, *, workload: str = "", second: int = 0) -> LogLine:
    return LogLine(START + timedelta(seconds=second), LogLevel.INFO, Safe(text), workload=workload)


def node(name: str, state: NodeState) -> NodesChanged:
    return NodesChanged(nodes=(Node(NodeName(name), state),))


EVENTS: tuple[Event, ...] = (
    RoomOpened(room="r", cluster="c", kind="sample", epoch=1, program="1"),
    SourceAnnounced(kind="sample", roles=("cluster",)),
    SourceSynced(),
    SourceLost(reason=Safe("timeout")),
    SourcePolled(),
    node("a1", NodeState.READY),
    node("a1", NodeState.NOT_READY),
    AlertsChanged(alerts=(Alert(Fingerprint("f"), Safe("Down")),)),
    AlertsChanged(resolved=(Fingerprint("f"),)),
    LogsAppended(lines=(line("one"), line("two"))),
    SeriesSampled(samples=(Sample("error_rate", {}, START, 0.5),)),
    NoteAdded(text=Safe("seen")),
    MarkerAdded(),
    ClientAttached(client="C1", program="tui", width=80, height=24),
)
LOGS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(EVENTS)), min_size=1, max_size=40)


def recorded(steps: list[tuple[int, Event]], *, baseline_every: int = 7) -> list[Envelope]:
    """A log as a host writes it: a baseline first, and again now and then."""
    script, state, second = Script(), State(), 0.0
    for number, (tenths, event) in enumerate(steps):
        second += tenths / 10
        if number % baseline_every == 0:
            state = apply(state, script.baseline(second, state))
        state = apply(state, script.at(second, event, source="sample", by=ALICE if number % 3 == 0 else None))
    return script.envelopes


def player_of(envelopes: list[Envelope]) -> Player:
    return Player(MemoryRecording(envelopes), title="recording")


def shown(player: Player) -> bytes:
    """All that a painted frame depends on."""
    return keyframe.encode(player.state) + msgspec.msgpack.encode(
        [player.epoch, player.room_ms, player.now, list(player.log_tail.lines)]
    )


class LiveClient:
    """What a live client keeps: the fold of the stream, and the room time it was told."""

    def __init__(self) -> None:
        self.state = State()
        self.log_tail = LogTail()
        self.room_ms = 0

    def take(self, envelope: Envelope) -> None:
        self.state = apply(self.state, envelope)
        self.log_tail.apply(envelope)
        self.room_ms = self.state.room_ms

    def beat(self, room_ms: int) -> None:
        self.room_ms = max(room_ms, self.state.room_ms)

    def shown(self) -> bytes:
        return keyframe.encode(self.state) + msgspec.msgpack.encode(
            [
                self.state.room.epoch,
                self.room_ms,
                room_now(self.state, self.room_ms),
                list(self.log_tail.lines),
            ]
        )


@settings(max_examples=50)
@given(LOGS, st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_wherever_the_playhead_jumps_it_shows_the_fold_of_everything_before_it(
    steps: list[tuple[int, Event]], jumps: list[int]
) -> None:
    envelopes = recorded(steps)
    player = player_of(envelopes)
    for jump in jumps:
        aim = envelopes[jump % len(envelopes)].seq
        player.seek_seq(aim)
        assert keyframe.encode(player.state) == keyframe.encode(apply_all(State(), envelopes[:aim]))
        assert list(player.log_tail.lines) == MemoryRecording(envelopes).log_tail(aim, 2000)


@settings(max_examples=50)
@given(LOGS, st.randoms(use_true_random=False))
def test_a_replay_shows_what_a_live_client_showed_at_the_same_seq_and_room_time(
    steps: list[tuple[int, Event]], random: Any
) -> None:
    live, frames = LiveClient(), []
    envelopes = recorded(steps)
    for number, envelope in enumerate(envelopes):
        live.take(envelope)
        later = envelopes[number + 1].room_ms if number + 1 < len(envelopes) else envelope.room_ms + 5000
        live.beat(random.randint(envelope.room_ms, later))
        frames.append((envelope.seq, live.room_ms, live.shown()))
    player = player_of(envelopes)
    random.shuffle(frames)
    for seq, room_ms, frame in frames:
        player.seek_seq(seq, room_ms)
        assert shown(player) == frame


@settings(max_examples=50)
@given(LOGS, st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=30))
def test_playing_in_any_rhythm_reaches_the_same_end(
    steps: list[tuple[int, Event]], rhythm: list[float]
) -> None:
    envelopes = recorded(steps)
    player = player_of(envelopes)
    player.play(True)
    player.set_speed(8)
    for elapsed in rhythm:
        player.advance(elapsed)
    at = player.state.seq
    assert keyframe.encode(player.state) == keyframe.encode(apply_all(State(), envelopes[:at]))
    while player.playing:
        player.advance(5)
    assert (player.state.seq, player.room_ms) == (envelopes[-1].seq, envelopes[-1].room_ms)


def incident() -> list[Envelope]:
    script = Script()
    script.at(0, RoomOpened(room="r", cluster="c", kind="sample", epoch=3, program="1"))
    script.at(1, SourceAnnounced(kind="sample", roles=("cluster", "logs")), source="sample")
    script.at(10, node("a1", NodeState.READY), source="sample")
    script.at(20, LogsAppended(lines=(line("heartbeat a1", workload="w1", second=20),)), source="sample")
    script.at(30, node("a1", NodeState.NOT_READY), source="sample")
    script.at(30, SourcePolled(), source="sample")
    script.at(60, NoteAdded(text=Safe("switch looks dead")), by=ALICE)
    script.at(90, LogsAppended(lines=(line("heartbeat lost", workload="w1", second=90),)), source="sample")
    script.at(100, node("a1", NodeState.READY), source="sample")
    return script.envelopes


def test_a_player_is_a_replay_and_no_live_feed_so_no_key_can_act_through_it() -> None:
    player = player_of(incident())
    assert isinstance(player, ReplayFeed)
    assert not isinstance(player, LiveFeed)
    assert not hasattr(player, "wish")


def test_it_begins_at_the_first_event_and_stands_still_until_it_is_played() -> None:
    player = player_of(incident())
    player.advance(1000)
    assert (player.state.seq, player.room_ms, player.now, player.epoch) == (1, 0, START, 3)


def test_time_passes_between_two_events_and_the_speed_multiplies_it() -> None:
    player = player_of(incident())
    player.play(True)
    player.set_speed(4)
    player.advance(3.5)
    assert (player.state.seq, player.room_ms, player.now) == (3, 14_000, START + timedelta(seconds=14))


def test_many_short_frames_pass_as_much_time_as_one_long_one() -> None:
    player = player_of(incident())
    player.play(True)
    for _ in range(3000):
        player.advance(0.0033)
    assert player.room_ms in (9_899, 9_900)


def test_it_stops_at_the_end_and_playing_on_from_there_does_nothing() -> None:
    player = player_of(incident())
    player.play(True)
    player.set_speed(60)
    player.advance(10)
    assert (player.playing, player.room_ms) == (False, 100_000)
    player.play(True)
    assert not player.playing


@pytest.mark.parametrize(("asked", "given"), [(0.1, 0.5), (2, 2), (1e9, 60)])
def test_the_speed_stays_between_half_and_sixty(asked: float, given: float) -> None:
    player = player_of(incident())
    player.set_speed(asked)
    assert player.speed == given


def test_a_step_goes_from_one_moment_of_the_timeline_to_the_next_and_back() -> None:
    player = player_of(incident())
    stops = []
    for _ in range(4):
        player.step(1)
        stops.append(player.state.seq)
    # Polls and log lines are no moments: 4, 6 and 8 are passed over.
    assert stops == [3, 5, 7, 9]
    player.step(-1)
    assert player.state.seq == 7
    player.step(-2)
    assert player.state.seq == 3
    player.step(-50)
    assert player.state.seq == 1


def test_a_replay_goes_to_critical_moments_that_were_not_reached_yet_and_back() -> None:
    down, up = node("a1", NodeState.NOT_READY), node("a1", NodeState.READY)
    quiet = NoteAdded(text=Safe("quiet"))
    player = player_of(recorded([(10, one) for one in (up, quiet, down, quiet, up, down, quiet)]))
    player.play(True)
    assert player.to_critical(1)
    first = player.state.seq
    assert player.state.timeline.moments[-1].role == "critical"
    assert not player.playing
    assert player.to_critical(1)
    second, at = player.state.seq, player.room_ms
    assert second > first
    assert not player.to_critical(1), "there is no third"
    assert (player.state.seq, player.room_ms) == (second, at), "and the playhead stays where it was"
    assert player.to_critical(-1)
    assert player.state.seq == first
    assert not player.to_critical(-1)


def test_a_step_pauses() -> None:
    player = player_of(incident())
    player.play(True)
    player.step(1)
    assert not player.playing


@pytest.mark.parametrize("aim", [-5, 0, 10_000_000])
def test_a_jump_beyond_either_end_stops_there(aim: int) -> None:
    player = player_of(incident())
    player.seek_ms(aim)
    assert player.room_ms == (100_000 if aim > 0 else 0)
    player.seek_seq(aim)
    assert player.state.seq == (9 if aim > 0 else 1)


def test_who_looks_is_told_of_every_move() -> None:
    player = player_of(incident())
    told: list[int] = []
    player.subscribe(lambda: told.append(player.state.seq))
    player.seek_seq(5)
    player.seek_ms(0)
    assert told == [5, 1]


def test_a_jump_back_shows_as_a_new_log_tail_to_a_pane_that_compares_revisions() -> None:
    """A tail after a jump began again at revision 0: a pane that had painted that kept showing later lines."""
    player = player_of(incident())
    player.seek_seq(9)
    player.seek_seq(4)
    seen = {player.log_tail.revision}
    player.seek_seq(3)
    assert player.log_tail.revision not in seen
    assert list(player.log_tail.lines) == []


def test_a_recording_whose_older_segments_were_dropped_begins_with_its_baseline() -> None:
    state = apply_all(State(), incident())
    script = Script(first_seq=state.seq + 1)
    script.baseline(101, state)
    script.at(110, NoteAdded(text=Safe("later")), by=ALICE)
    player = player_of(script.envelopes)
    assert player.state.cluster.nodes[NodeName("a1")].state is NodeState.READY
    player.step(1)
    assert player.state.timeline.moments[-1].text == "later"
    player.seek_seq(1)
    assert player.state.seq == state.seq + 1


def test_an_empty_recording_can_be_looked_at() -> None:
    player = player_of([])
    player.play(True)
    player.step(1)
    player.step(-1)
    assert (player.playing, player.state.seq) == (False, 0)


class Damaged(MemoryRecording):
    """A recording in which one event cannot be read."""

    def envelopes(self, after_seq: int = 0, up_to_seq: int | None = None) -> Iterator[Envelope]:
        for envelope in super().envelopes(after_seq, up_to_seq):
            if envelope.seq == 5:
                raise WarroomError("event 5 is damaged")
            yield envelope


def test_a_damaged_event_pauses_the_replay_and_says_so_instead_of_ending_the_screen() -> None:
    player = Player(Damaged(incident()), title="recording")
    player.set_speed(60)
    player.play(True)
    player.advance(1)
    assert (player.playing, player.trouble, player.state.seq) == (False, "event 5 is damaged", 4)
    player.step(1)
    assert player.state.seq == 4
    player.seek_seq(2)
    assert (player.trouble, player.state.seq) == ("", 2)


def ask(player: Player, query: Any) -> Any:
    return asyncio.run(player.ask(query))


def test_a_log_search_finds_what_was_recorded_up_to_the_playhead_and_nothing_of_the_future() -> None:
    player = player_of(incident())
    player.seek_seq(5)
    assert [found.text for found in ask(player, SearchLogs("heartbeat")).lines] == ["heartbeat a1"]
    player.seek_seq(9)
    assert ask(player, SearchLogs("heartbeat")).matched == 2


def test_a_workloads_log_is_answered_from_the_recording() -> None:
    player = player_of(incident())
    player.seek_seq(9)
    found = ask(player, WorkloadLogs(WorkloadId("w1"), tail=1))
    assert ([line.text for line in found.lines], found.origin) == (["heartbeat lost"], "recording")
    assert ask(player, WorkloadLogs(WorkloadId("other"))).lines == ()


def test_a_plan_is_refused_in_a_sentence() -> None:
    with pytest.raises(WarroomError, match="a replay changes nothing"):
        ask(player_of(incident()), ShowPlan(Cordon((NodeName("a1"),))))


def sampled(seconds: list[int], *, until: int = 0) -> Player:
    script = Script()
    for second in seconds:
        time = START + timedelta(seconds=second)
        event = SeriesSampled(
            samples=(Sample("p99", {}, time, second / 10), Sample("p99", {"node": "a1"}, time, 1.0))
        )
        script.at(max(0, second), event, source="metrics")
    player = player_of(script.envelopes)
    player.seek_ms(until * 1000 if until else 10**9)
    return player


def ranged(player: Player, start: int, end: int, *, step_s: float = 5) -> MetricsFound:
    first, last = START + timedelta(seconds=start), START + timedelta(seconds=end)
    found: MetricsFound = ask(player, MetricRange("p99", first, last, step_s))
    return found


def test_a_metric_range_is_what_was_sampled_series_by_series() -> None:
    found = ranged(sampled([0, 5, 10, 15]), 5, 10)
    assert [(s.labels, [value for _, value in s.points]) for s in found.series] == [
        ({}, [0.5, 1.0]),
        ({"node": "a1"}, [1.0, 1.0]),
    ]
    assert found.origin == "recording"


def test_outside_the_recorded_time_there_is_no_data_and_the_answer_says_so() -> None:
    found = ranged(sampled([0, 5]), 100, 200)
    assert (found.series, found.warnings) == ((), ("nothing of p99 was recorded in that time",))


def test_a_metric_range_knows_nothing_of_what_comes_after_the_playhead() -> None:
    found = ranged(sampled([0, 5, 10, 15], until=7), 0, 60)
    assert [value for _, value in found.series[0].points] == [0.0, 0.5]


def test_a_long_metric_range_has_all_points_not_only_those_the_panes_keep() -> None:
    """Panes keep the newest half hour; a range over a two-hour incident began with a blank."""
    found = ranged(sampled(list(range(0, 7200, 5))), 0, 7200)
    assert len(found.series[0].points) == 1440
    assert len(found.series[1].points) == 1440


def test_a_coarser_step_thins_recorded_points_and_invents_none() -> None:
    found = ranged(sampled(list(range(0, 60, 5))), 0, 60, step_s=20)
    assert [value for _, value in found.series[0].points] == [0.0, 2.0, 4.0]


def test_what_the_baseline_held_of_a_metric_is_part_of_the_recording() -> None:
    before = apply_all(State(), sampled([0, 5])._recording.envelopes())
    script = Script(first_seq=before.seq + 1)
    script.baseline(6, before)
    script.at(10, SeriesSampled(samples=(Sample("p99", {}, START + timedelta(seconds=10), 1.0),)))
    player = player_of(script.envelopes)
    player.seek_seq(before.seq + 2)
    assert [value for _, value in ranged(player, 0, 60).series[0].points] == [0.0, 0.5, 1.0]


def test_closing_the_replay_lets_go_of_the_file() -> None:
    recording = MemoryRecording(incident())
    asyncio.run(Player(recording, title="recording").close())
    assert recording.closed


def test_a_replay_begins_where_the_cluster_was_first_seen() -> None:
    player = player_of(
        recorded(
            [(10, NoteAdded(text=Safe("before"))), (10, node("a1", NodeState.READY)), (10, MarkerAdded())]
        )
    )
    player.to_first_look()
    assert list(player.state.cluster.nodes) == ["a1"]
    assert player.room_ms < player.last_ms


def test_a_replay_of_a_room_that_never_saw_its_cluster_begins_at_its_first_event() -> None:
    player = player_of(recorded([(10, MarkerAdded())] * 3))
    player.to_first_look()
    assert player.room_ms == player.first_ms


def test_a_replay_goes_to_a_time_and_to_the_nearer_end_of_one_outside() -> None:
    player = player_of(recorded([(10, node("a1", NodeState.READY)), *[(100, MarkerAdded())] * 5]))
    player.seek_time(START + timedelta(seconds=21))
    assert player.now == START + timedelta(seconds=21)
    assert player.end == START + timedelta(seconds=51)
    player.seek_time(START - timedelta(hours=1))
    assert player.room_ms == player.first_ms
    player.seek_time(START + timedelta(hours=1))
    assert player.room_ms == player.last_ms
