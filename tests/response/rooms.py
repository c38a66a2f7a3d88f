"""Rooms in which something can be planned, done and verified."""

from typing import Any

from tests.views.any_state import MAYA, Tape, able, room
from warroom.events.actions import (
    ActionApproved,
    ActionProposed,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
)
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.sources import SourcePolled
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    Instance,
    InstanceId,
    Node,
    NodeName,
    NodeState,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.requests import ActionKind, Capability, Plan, Request
from warroom.model.text import Safe
from warroom.response.plans import plan
from warroom.state.slices import Action

CRITICAL = {"critical": "true"}


def node(name: str, state: NodeState = NodeState.READY, **more: Any) -> Node:
    return Node(NodeName(name), state, **{"rack": "rack1", "gpus": 4, "gpus_used": 0, **more})


def workload(name: str, state: WorkloadState = WorkloadState.RUNNING, **more: Any) -> Workload:
    return Workload(WorkloadId(name), Safe(name), state, **more)


def instance(name: str, of: str, on: str | None, state: WorkloadState = WorkloadState.RUNNING) -> Instance:
    place = NodeName(on) if on else None
    return Instance(InstanceId(name), WorkloadId(of), place, state, ready=state is WorkloadState.RUNNING)


def alert(number: str, name: str, severity: str = "critical", **more: Any) -> Alert:
    return Alert(Fingerprint(number), Safe(name), severity, **more)


def names(*every: str) -> tuple[NodeName, ...]:
    return tuple(NodeName(name) for name in every)


def evicting() -> list[Capability]:
    """A cluster whose drain moves what runs."""
    return [able(kind, evicts=kind is ActionKind.DRAIN) for kind in ActionKind]


def cluster(*more: Event, capabilities: list[Capability] | None = None) -> Tape:
    """Four ready nodes; chat-api has two instances on a1 and one on a2, a batch job runs on a1."""
    return room(
        NodesChanged((node("a1"), node("a2"), node("b1", rack="rack2"), node("b2", rack="rack2"))),
        WorkloadsChanged(
            (
                workload("chat-api", desired=3, ready=3, labels=CRITICAL, gpus=1),
                workload("batch", desired=1, ready=1),
            )
        ),
        InstancesChanged(
            (
                instance("chat-0", "chat-api", "a1"),
                instance("chat-1", "chat-api", "a1"),
                instance("chat-2", "chat-api", "a2"),
                instance("batch-0", "batch", "a1"),
            )
        ),
        *more,
        capabilities=evicting() if capabilities is None else capabilities,
    )


def planned(tape: Tape, request: Request) -> Plan:
    return plan(tape.state, request, person="maya", now=tape.now)


def act(
    tape: Tape,
    request: Request,
    *,
    created: tuple[str, ...] = (),
    answer: str = "succeeded",
    run: str = "",
    undoes: str = "",
) -> Action:
    """Propose, approve, start; then the answer of the target: ``succeeded``, ``unknown``, or none yet."""
    name = f"A{len(tape.state.actions.actions) + 1}"
    made = plan(tape.state, request, person="maya", now=tape.now, undoes=undoes)
    tape.add(ActionProposed(name, f"op-{name}", request, made, undoes, run), actor=MAYA)
    tape.add(ActionApproved(name), actor=MAYA)
    tape.add(ActionStarted(name))
    if answer == "succeeded":
        tape.add(ActionSucceeded(name, created=created))
    elif answer == "unknown":
        tape.add(ActionUnknown(name, Safe("no answer within 60 s")))
    return tape.state.actions.actions[name]


def seen(tape: Tape, *events: Event) -> None:
    """The source shows this, or nothing new, after the call."""
    for event in events or (SourcePolled(),):
        tape.add(event, source="sample")
