"""The six phases: what should hold before one is entered and before it is left, computed from the record."""

from collections.abc import Mapping
from typing import NamedTuple

from warroom.model.nouns import Phase
from warroom.model.response import Criterion, ItemState
from warroom.response.proofs import PROOFS
from warroom.state.slices import Incident, State

ORDER = tuple(Phase)


class Gate(NamedTuple):
    """What stands between a phase and the next: a proof, and the words for what it asks."""

    proof: str
    text: str


ENTRY: Mapping[Phase, tuple[Gate, ...]] = {
    Phase.DETECT: (),
    Phase.TRIAGE: (Gate("classified", "the severity is classified"),),
    Phase.MITIGATE: (Gate("commanded", "somebody is incident commander"),),
    Phase.INVESTIGATE: (Gate("mitigation_taken", "a mitigation was tried"),),
    Phase.RESOLVE: (Gate("root_cause", "the cause is known: a hypothesis is supported, or a note says it"),),
    Phase.POST_MORTEM: (Gate("resolved", "the incident is resolved"),),
}
"""What should hold before a phase is entered."""

EXIT: Mapping[Phase, tuple[Gate, ...]] = {
    Phase.DETECT: (Gate("no_false_alarm", "it is no false alarm"),),
    Phase.TRIAGE: (Gate("components_identified", "the affected components are identified"),),
    Phase.MITIGATE: (Gate("mitigation_verified", "the mitigation is seen to work"),),
    Phase.INVESTIGATE: (),
    Phase.RESOLVE: (
        Gate("restored", "the service is restored: the indicators stay within their thresholds"),
    ),
    Phase.POST_MORTEM: (
        Gate("timeline_documented", "the timeline is documented"),
        Gate("tasks_created", "follow-up tasks are created"),
        Gate("review_scheduled", "the post-mortem is scheduled"),
    ),
}
"""What should hold before a phase is left for a later one."""


def entry(state: State, incident: Incident, phase: Phase) -> tuple[Criterion, ...]:
    """What should hold before the phase is entered, and whether it does."""
    return tuple(_criterion(state, incident, gate) for gate in ENTRY[phase])


def leaving(state: State, incident: Incident, phase: Phase) -> tuple[Criterion, ...]:
    """What should hold before the phase is left for a later one, and whether it does."""
    return tuple(_criterion(state, incident, gate) for gate in EXIT[phase])


def between(state: State, incident: Incident, to: Phase) -> tuple[Criterion, ...]:
    """Everything that should hold on the way from the present phase to a later one; nothing on the way back."""
    start, end = ORDER.index(incident.phase), ORDER.index(to)
    found: list[Criterion] = []
    for phase in ORDER[start:end]:
        found += leaving(state, incident, phase)
        found += entry(state, incident, ORDER[ORDER.index(phase) + 1])
    return tuple(dict.fromkeys(found))


def next_phase(incident: Incident) -> Phase | None:
    """The phase after the present one; None in the last."""
    after = ORDER.index(incident.phase) + 1
    return ORDER[after] if after < len(ORDER) else None


def _criterion(state: State, incident: Incident, gate: Gate) -> Criterion:
    proven = PROOFS[gate.proof](state, incident)
    if proven is not None:
        return Criterion(gate.text, True, proven.evidence, proven.seqs)
    for ticked in state.procedure.items.values():
        # What a person ticked or skipped on the checklist stands here as well.
        if ticked.item.proof == gate.proof and ticked.state is not ItemState.OPEN:
            return Criterion(gate.text, True, ticked.evidence, ticked.seqs)
    return Criterion(gate.text, False)
