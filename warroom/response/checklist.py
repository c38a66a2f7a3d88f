"""The checklist of an incident: ticked by the record where it proves an item, taken back where it no longer does."""

from collections.abc import Iterable, Iterator

from warroom.events.procedure import ItemReopened, ItemTicked
from warroom.model.response import ItemState
from warroom.model.text import Safe
from warroom.response.checklist_files import applies, chosen
from warroom.response.proofs import PROOFS, Proven
from warroom.response.watching import Followed, Moment
from warroom.state.procedure import Ticked
from warroom.state.slices import Incident, State
from warroom.state.spells import SpellKind


def open_items(state: State) -> list[Ticked]:
    """What is left to be done on the checklist of the incident."""
    incident = state.incident.incident
    if incident is None:
        return []
    items = state.procedure.items.values()
    return [t for t in items if t.state is ItemState.OPEN and applies(t.item, incident.severity)]


def watch_checklist(moment: Moment) -> Iterable[Followed]:
    """Choose the checklist of an incident that has none, tick what is proven, take back what no longer holds."""
    incident = moment.state.incident.incident
    if incident is None or incident.closed is not None:
        return ()
    if not moment.state.procedure.items:
        event = chosen(moment.book.checklists, incident.severity)
        return [Followed(event)] if event else ()
    return list(_moved(moment.state, incident))


def _moved(state: State, incident: Incident) -> Iterator[Followed]:
    for ticked in state.procedure.items.values():
        if ticked.state is ItemState.OPEN and applies(ticked.item, incident.severity):
            proven = _proven(state, incident, ticked)
            if proven is not None:
                yield Followed(ItemTicked(ticked.item.id, proven.evidence, proven.seqs))
        elif ticked.state is ItemState.DONE and ticked.by is None:
            reason = _doubt(state, ticked)
            if reason:
                yield Followed(ItemReopened(ticked.item.id, Safe(reason)))


def _proven(state: State, incident: Incident, ticked: Ticked) -> Proven | None:
    """A proof; for an item that was reopened it must rest on something that came later."""
    if ticked.item.proof not in PROOFS:
        return None
    proven = PROOFS[ticked.item.proof](state, incident)
    if proven is None or max(proven.seqs, default=0) <= max(_reopened(ticked), default=0):
        return None
    return proven


def _reopened(ticked: Ticked) -> tuple[int, ...]:
    return ticked.seqs if ticked.time is not None else ()


def _doubt(state: State, ticked: Ticked) -> str:
    """Why what the record had proven no longer holds; empty when it does."""
    if ticked.item.proof == "mitigation_verified" and ticked.time is not None:
        for spell in sorted(state.spells.open.values(), key=lambda s: (s.start, s.name)):
            if spell.kind is SpellKind.INDICATOR and spell.start > ticked.time:
                return f"{spell.title} is beyond its threshold again since {spell.start:%H:%M:%S}Z"
    if ticked.item.proof == "no_false_alarm":
        for gone in state.findings.withdrawn:
            later = gone.refuted and gone.seq > max(ticked.seqs, default=0)
            if later and str(gone.finding.title) in ticked.evidence:
                return f"refuted: {gone.reason}"
    return ""
