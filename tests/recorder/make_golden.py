"""Made tests/data/golden-v1.db, once: a small incident with an event of every type. Such a file is never made again;
a new format gets a golden recording of its own: ``python -m tests.recorder.make_golden FILE``.
"""

import asyncio
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import msgspec

from tests.events.any_event import Stranger, enveloped
from warroom.events import actions, alerts, cluster, incident, logs, metrics, room, sources
from warroom.events.base import Event
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    Instance,
    InstanceId,
    LogLevel,
    LogLine,
    Matcher,
    Node,
    NodeName,
    NodeState,
    Sample,
    Severity,
    Silence,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.requests import ActionKind, Capability, Cordon, Plan, Verdict
from warroom.model.text import Safe
from warroom.recorder.opening import new_recorder
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import State
from warroom.testing.memory_recording import START
from warroom.testing.recorder_suite import Rig

NODE, DEAD = NodeName("gpu-01"), NodeName("gpu-02")
CHAT = WorkloadId("chat-api")
DOWN = Fingerprint("f1")
CORDON = Cordon((DEAD,), Safe("switch dead"))
OPEN = Matcher("rack", "rack1")
LATER = START + timedelta(hours=1)


def lines(second: int) -> logs.LogsAppended:
    at = START + timedelta(seconds=second)
    return logs.LogsAppended(
        (
            LogLine(at, LogLevel.INFO, Safe("heartbeat ok"), node=NODE),
            LogLine(at, LogLevel.ERROR, Safe("upstream timed out"), workload=CHAT),
            LogLine(None, LogLevel.NONE, Safe("a line without a time, with a visible ␛[31m escape")),
        ),
        dropped=2,
    )


OBSERVED: tuple[Event, ...] = (
    sources.SourceAnnounced("sample", ("cluster", "logs"), capabilities=(Capability(ActionKind.CORDON),)),
    cluster.NodesChanged(
        (Node(NODE, NodeState.READY, rack="rack1"), Node(DEAD, NodeState.READY, rack="rack2"))
    ),
    cluster.WorkloadsChanged((Workload(CHAT, Safe("chat-api"), WorkloadState.RUNNING, desired=2, ready=2),)),
    cluster.InstancesChanged(
        (Instance(InstanceId("chat-api-0"), CHAT, NODE, WorkloadState.RUNNING, ready=True),)
    ),
    metrics.IndicatorsWatched((metrics.Indicator("error_rate", Safe("Errors"), "ratio", 0.01),)),
    metrics.SeriesSampled(
        (Sample("error_rate", {}, START, 0.002), Sample("error_rate", {"job": "x"}, START, None))
    ),
    lines(1),
    sources.SourceSynced(),
    sources.SourcePolled(),
    cluster.NodesChanged((Node(DEAD, NodeState.NOT_READY, reason=Safe("Not responding"), rack="rack2"),)),
    alerts.AlertsChanged((Alert(DOWN, Safe("NodeDown"), "critical", summary=Safe("gpu-02 is down")),)),
    alerts.SilencesChanged((Silence("s1", (OPEN,), START, LATER, comment=Safe("known")),)),
    sources.SourceStale(Safe("nothing heard for 15 s")),
    sources.SourceLost(Safe("connection refused"), 5.0),
    sources.SourceSynced(),
)
SAID: tuple[Event, ...] = (
    room.ClientAttached("C1", "tui", 120, 40),
    room.RoomUnlocked(),
    incident.IncidentDeclared(
        "golden-v1", Safe("All inference requests failing"), Severity.SEV1, Safe("everybody")
    ),
    incident.NoteAdded(Safe("is it the switch?")),
    incident.QueryAnswered(Safe("logs-search heartbeat"), 1, (Safe("heartbeat ok"),)),
    alerts.AlertAcknowledged((DOWN,), Safe("mine")),
    actions.ActionProposed("A1", "r-1-A1", CORDON, Plan(CORDON, Safe("cordon gpu-02"), goal=Safe("closed"))),
    actions.ActionApproved("A1", Safe("typed the challenge")),
    actions.ActionStarted("A1"),
    room.SimulationCommanded(40, "r-1-A1", CORDON),
    actions.ActionProgressed("A1", Safe("closing"), 1, 1),
    actions.ActionSucceeded("A1", Safe("accepted")),
    actions.ActionVerified("A1", Verdict.SEEN, Safe("gpu-02 is closed to new work")),
    actions.ActionProposed("A2", "r-2-A2", CORDON, Plan(CORDON, Safe("cordon gpu-02"))),
    actions.ActionUnknown("A2", Safe("no answer within 60 s")),
    actions.ActionReconciled("A2", Safe("it happened")),
    actions.ActionFailed("A2", Safe("refused by the cluster")),
    actions.ActionProposed("A3", "r-3-A3", CORDON, Plan(CORDON, Safe("cordon gpu-02"))),
    actions.ActionRefused("A3", Safe("already closed")),
    actions.ActionProposed("A4", "r-4-A4", CORDON, Plan(CORDON, Safe("cordon gpu-02"))),
    actions.ActionExpired("A4"),
    room.RecorderDegraded(Safe("database or disk is full")),
    room.RecorderRecovered(3, 7),
    incident.SeverityChanged(Severity.SEV2, Safe("traffic is back")),
    room.RoomLocked(),
    room.SettingsNoted({"polling": "5 s"}),
    incident.MarkerAdded(Safe("a secret that somebody typed by mistake")),
    room.ClientDetached("C1", Safe("link lost")),
    incident.IncidentResolved(Safe("rack 2 is closed; its switch is being replaced")),
)


def everything() -> list[Event]:
    """The incident, an event a second, with lines in between; a baseline first and another in the middle."""
    opened = room.RoomOpened("r", "golden", "sample", 1, "0.1.0", scenario="golden", seed=7)
    spaced = [event for n, said in enumerate(SAID) for event in (said, lines(20 + 2 * n))]
    return [opened, *OBSERVED, *spaced, room.RoomClosed(Safe("stopped by maya"))]


async def make(path: Path) -> None:
    """Record it as a room would, then erase one payload as its owner may."""
    with tempfile.TemporaryDirectory() as scratch:
        draft = Path(scratch) / "incidents" / path.name
        rig = Rig(
            await new_recorder(draft, meta={"room": "r", "cluster": "golden"}, keys=Path(scratch) / "keys")
        )
        async with asyncio.TaskGroup() as crew:
            crew.create_task(rig.recorder.run())
            rig.say(room.BaselineRecorded(keyframe.encode(State())), urgent=True)
            for number, event in enumerate(everything()):
                if number == 30:
                    state = apply_all(State(), rig.script.envelopes)
                    rig.say(room.BaselineRecorded(keyframe.encode(state)), urgent=True)
                    stranger = Stranger("moon.rose", 3, msgspec.msgpack.encode({"phase": "full"}))
                    envelope = enveloped(
                        rig.script.last_seq + 1, stranger, room_ms=rig.script.last_seq * 1000
                    )
                    rig.script.envelopes.append(envelope)
                    rig.recorder.accept([envelope], urgent=False)
                rig.say(event)
                await rig.durable()
            await rig.recorder.close()
        with closing(connect(draft)) as db:
            db.execute("UPDATE events SET packing=2, payload=NULL, salt=NULL WHERE type='marker.added'")
            db.execute("DELETE FROM keyframes WHERE seq > (SELECT seq FROM events WHERE type='marker.added')")
            db.commit()
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("VACUUM")
        path.write_bytes(draft.read_bytes())


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
