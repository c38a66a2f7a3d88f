"""A room in the middle of its response, written down event by event, for pictures of the board."""

from datetime import timedelta

from tests.ui.incident import sev1_room
from tests.ui.stage import StillRoom
from tests.views.any_state import MAYA, START
from warroom.events.actions import ActionProposed, ApprovalRequested
from warroom.events.incident import PhaseEntered, QueryAnswered
from warroom.events.inquiry import (
    DecisionMade,
    HypothesisEliminated,
    HypothesisRaised,
    ObjectionRaised,
    TaskCreated,
)
from warroom.events.procedure import (
    BookOpened,
    ChecklistChosen,
    ItemTicked,
    RunbookStarted,
    RunbookStepEnded,
)
from warroom.events.team import HandoffOffered, RoleTaken
from warroom.events.triage import FindingRaised, FindingWithdrawn
from warroom.events.updates import UpdateNotSent, UpdatePromised, UpdateSent, UpdateWritten
from warroom.model.nouns import NodeName, Person, Phase, Severity, WorkloadId
from warroom.model.requests import Cordon, Plan, Risk, Stop
from warroom.model.response import (
    ChecklistItem,
    Confidence,
    Fact,
    Finding,
    Proposal,
    Role,
    RunbookName,
    RunbookStep,
    StepKind,
    StepResult,
    Targets,
    UpdateKind,
)
from warroom.model.text import Safe, neutral
from warroom.response.plans import digest

ANA = Person(neutral("ana"), uid=1001, via="tui")
RACK = tuple(NodeName(f"gpu-0{n}") for n in range(1, 5))
CUT_OFF = Finding(
    "network",
    "network",
    Safe("rack1 cut off: 4 nodes gone at once"),
    Confidence.HIGH,
    (
        Fact(Safe("4 of 8 nodes reported not ready, all of rack1"), START),
        Fact(Safe("gpu-05, gpu-06 still write heartbeats"), START + timedelta(seconds=20)),
        Fact(Safe("log of sw-rack1: link down on all ports")),
    ),
    Safe("the nodes of rack1 write heartbeats again"),
    Severity.SEV1,
    "network",
    "network",
    Targets(RACK, (WorkloadId("chat-api"),), (), {"rack": "rack2"}),
    (
        Proposal(Safe("close rack1: cordon 4 nodes"), Cordon(RACK)),
        Proposal(Safe("call whoever owns the switch")),
    ),
)
GUESS = Finding(
    "recent-change",
    "recent-change",
    Safe("chat-api was deployed 3 minutes before"),
    Confidence.LOW,
    (Fact(Safe("chat-api deployed: 4.2.0 to 4.2.1"), START - timedelta(minutes=3)),),
    Safe("others fail as well"),
)
STEPS = (
    RunbookStep(StepKind.LOOK, Safe("Which nodes are alive?"), logs="heartbeat", minutes=5),
    RunbookStep(StepKind.ASK, Safe("Is anything there that must not be moved?")),
    RunbookStep(StepKind.ACT, Safe("Close the nodes that cannot be reached"), action="cordon"),
    RunbookStep(StepKind.WAIT, Safe("Every watched figure is within its threshold"), minutes=5),
)
ITEMS = ChecklistChosen(
    "standard",
    (
        ChecklistItem("no-false-alarm", Safe("Confirm that it is no false alarm"), "no_false_alarm"),
        ChecklistItem("cluster-status", Safe("Check the cluster's status"), "cluster_status_checked"),
        ChecklistItem("alerts", Safe("Check active alerts"), "alerts_checked"),
        ChecklistItem("hand", Safe("Ask the building about power")),
    ),
)
STOP = Stop((WorkloadId("chat-api"),), force=True, reason=Safe("nothing on rack1 answers"))
PLAN = Plan(
    STOP,
    Safe("stop chat-api by force"),
    calls=(Safe("stop chat-api force=true"),),
    goal=Safe("chat-api stopped"),
    challenge="-api",
    risk=Risk.DANGEROUS,
    second_person=Safe("the policy wants a second person for what is dangerous"),
)


def responding_room() -> StillRoom:
    """Findings, roles, half a checklist, a run, one request that waits for a second person, two updates."""
    room = sev1_room()
    room.add(
        BookOpened((RunbookName("network", Safe("Network: move the services")),), ("status", "slack")), ITEMS
    )
    room.add(FindingRaised(GUESS), FindingRaised(CUT_OFF))
    room.add(ItemTicked("no-false-alarm", Safe("finding: rack1 cut off"), (40,)))
    room.add(RoleTaken(Role.COMMANDER, Safe("maya")), PhaseEntered(Phase.TRIAGE), by=MAYA)
    room.add(RoleTaken(Role.OPERATIONS, Safe("ana")), by=ANA)
    room.add(
        HandoffOffered("H1", Role.OPERATIONS, Safe("ana"), Safe("maya"), (Safe("SEV1: phase triage"),)),
        by=ANA,
    )
    room.add(QueryAnswered(Safe("logs-search heartbeat"), 20, (Safe("heartbeat ok"),)), by=MAYA)
    room.add(
        HypothesisRaised("Y1", Safe("the switch of rack 1")),
        HypothesisRaised("Y2", Safe("a bad image")),
        by=MAYA,
    )
    room.add(HypothesisEliminated("Y2", Safe("the old image fails too"), (44,)), by=ANA)
    room.add(DecisionMade("D1", Safe("move to rack 2"), (Safe("ana"),)), by=MAYA)
    room.add(ObjectionRaised("D1", Safe("rack 2 is nearly full")), by=ANA)
    room.add(
        TaskCreated("T1", Safe("a spare switch"), "prevent", Safe("ana"), START + timedelta(days=14)), by=MAYA
    )
    room.add(RunbookStarted("R1", "network", Safe("Network"), STEPS, CUT_OFF.targets, "network"), by=MAYA)
    room.add(RunbookStepEnded("R1", 0, StepResult.DONE, Safe("20 of 40 lines match")), by=MAYA)
    room.add(UpdatePromised(START + timedelta(minutes=1)))
    first = Safe("SEV1 All inference requests failing\nNext: the rack is looked at")
    room.add(
        UpdateWritten(
            "U1", UpdateKind.FIRST, first, ("status", "slack"), None, START + timedelta(minutes=15)
        ),
        by=MAYA,
    )
    room.add(UpdateSent("U1", "status"), UpdateNotSent("U1", "slack", 2, Safe("HTTP 503"), retry_ms=900_000))
    room.add(FindingWithdrawn("recent-change", Safe("embed-api fails as well"), refuted=True))
    return room


def waiting_room(*, asked_by: Person = ANA) -> StillRoom:
    """The same, and somebody asks for a second person."""
    room = responding_room()
    room.add(ActionProposed("A2", "op2", STOP, PLAN), by=asked_by)
    room.add(ApprovalRequested("A2", digest(PLAN), room.room_ms + 600_000, PLAN.second_person))
    return room
