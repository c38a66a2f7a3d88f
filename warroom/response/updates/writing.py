"""What an update says, computed from the record; what is not known is said to be unknown."""

import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.model.nouns import Severity
from warroom.model.response import HypothesisState, Milestone, UpdateKind
from warroom.model.text import Safe, neutral
from warroom.response.aims import newest_point
from warroom.state.slices import State
from warroom.views.ages import clock, figure
from warroom.views.health import cluster_sentence

CADENCE = {
    Severity.SEV1: timedelta(minutes=15),
    Severity.SEV2: timedelta(minutes=30),
    Severity.SEV3: timedelta(hours=2),
    Severity.SEV4: timedelta(hours=8),
}
"""When the next update is promised, where nobody says otherwise."""

FIELDS = (
    *("severity", "title", "running", "phase", "impact", "state", "found", "eliminated"),
    *("next", "next_update", "mitigation", "summary"),
)
"""What a template may name in braces."""

STANDARD: Mapping[UpdateKind, str] = {
    UpdateKind.FIRST: "{severity} {title}\nImpact: {impact}\nState: {state}\nNext: {next}\nNext update: {next_update}",
    UpdateKind.PROGRESS: (
        "{severity} {title} ({running}, {phase})\nState: {state}\nFound: {found}\nEliminated: {eliminated}\n"
        "Done: {mitigation}\nNext: {next}\nNext update: {next_update}"
    ),
    UpdateKind.MITIGATED: (
        "{severity} mitigated: {title}\nState: {state}\nDone: {mitigation}\nFound: {found}\nNext: {next}\n"
        "Next update: {next_update}"
    ),
    UpdateKind.RESOLVED: "{severity} resolved after {running}: {title}\n{summary}\nDone: {mitigation}",
}


class Template(msgspec.Struct, frozen=True):
    """The words of each kind of update, for one severity or, under the empty name, for all."""

    texts: dict[UpdateKind, str]


def parse_templates(raw: Mapping[str, Any], *, file: str) -> dict[str, Template]:
    """``[first] text = ...`` for all severities and ``[sev1.first]`` for one; raises ``WarroomError``."""
    every: dict[UpdateKind, str] = {}
    made: dict[str, Template] = {}
    severities = {severity.lower() for severity in Severity}
    for name, table in raw.items():
        if not isinstance(table, dict):
            raise WarroomError(f"{file}: {name} must be a table")
        if name in severities:
            made[name] = Template(
                {_kind(k, f"{file}: {name}"): _words(t, f"{file}: {name}.{k}") for k, t in table.items()}
            )
        else:
            every[_kind(name, file)] = _words(table, f"{file}: {name}")
    return {**made, "": Template(every)} if every else made


def _kind(name: str, at: str) -> UpdateKind:
    try:
        return UpdateKind(name)
    except ValueError:
        known = ", ".join(kind.value for kind in UpdateKind)
        raise WarroomError(f"{at}: unknown table {name}; known: {known}, sev1 to sev4") from None


def _words(table: Any, at: str) -> str:
    if isinstance(table, dict) and (strange := [key for key in table if key != "text"]):
        raise WarroomError(f"{at}: unknown key {strange[0]}; known: text")
    text = table.get("text") if isinstance(table, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise WarroomError(f"{at}.text is missing")
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError as wrong:
        raise WarroomError(f"{at}.text cannot be read: {wrong}") from wrong
    for _, field, shape, conversion in parts:
        if field not in FIELDS:
            raise WarroomError(f"{at}.text names {{{field}}}; known: {', '.join(FIELDS)}")
        if shape or conversion:
            raise WarroomError(f"{at}.text: write {{{field}}} alone, without a format")
    return text


def written(
    state: State,
    kind: UpdateKind,
    templates: Mapping[str, Template],
    *,
    now: datetime,
    coming: str = "",
    next_due: datetime | None = None,
) -> Safe:
    """The update's text; ``coming`` is what happens next, in the commander's own words."""
    incident = state.incident.incident
    severity = str(incident.severity) if incident else ""
    texts = [templates[name].texts for name in (severity.lower(), "") if name in templates]
    words = next((text[kind] for text in texts if kind in text), STANDARD[kind])
    # format_map with plain names only: ``_words`` let no attribute or index pass.
    return worded(words.format_map(_facts(state, now, coming, next_due)))


def usual_kind(state: State) -> UpdateKind:
    """Which update is usual now."""
    incident = state.incident.incident
    if incident is None or not state.updates.updates:
        return UpdateKind.FIRST
    told = {update.kind for update in state.updates.updates.values()}
    if not incident.open:
        return UpdateKind.RESOLVED
    if Milestone.MITIGATED in incident.milestones and UpdateKind.MITIGATED not in told:
        return UpdateKind.MITIGATED
    return UpdateKind.PROGRESS


def worded(text: str) -> Safe:
    """Several lines as those who wait read them: each made safe, none marked as the record of a log."""
    return Safe("\n".join(neutral(line, "log") for line in text.strip().split("\n")))


def _facts(state: State, now: datetime, coming: str, next_due: datetime | None) -> dict[str, str]:
    incident = state.incident.incident
    hypotheses = state.inquiry.hypotheses.values()
    found = [str(h.text) for h in hypotheses if h.state is HypothesisState.SUPPORTED]
    out = [str(h.text) for h in hypotheses if h.state is HypothesisState.ELIMINATED]
    done = [
        f"{a.plan.title} ({a.verdict.value if a.verdict else a.stage})"
        for a in state.actions.actions.values()
        if a.step("started") is not None
    ]
    unknown = "not known yet"
    return {
        "severity": str(incident.severity) if incident else "no incident",
        "title": str(incident.title) if incident else "",
        "running": clock((incident.resolved or now) - incident.declared) if incident else "",
        "phase": str(incident.phase) if incident else "",
        "impact": str(incident.impact) if incident and incident.impact else _felt(state, unknown),
        "state": _state_words(state),
        "found": "; ".join(found) or unknown,
        "eliminated": "; ".join(out) or "nothing so far",
        "next": coming or unknown,
        "next_update": f"{next_due:%H:%M}Z" if next_due else "none promised",
        "mitigation": "; ".join(done[-6:]) or "nothing so far",
        "summary": str(incident.summary) if incident else "",
    }


def _felt(state: State, unknown: str) -> str:
    """What the record shows of the impact, each figure with its time, while nobody has said who notices what."""
    felt: list[str] = []
    for indicator in state.metrics.indicators:
        point = newest_point(state, indicator.metric)
        if indicator.threshold is None or point is None or point.value is None:
            continue
        if point.value > indicator.threshold:
            limit = figure(indicator.threshold, indicator.unit)
            shown = figure(point.value, indicator.unit)
            felt.append(f"{indicator.title} {shown} (limit {limit}) at {point.time:%H:%M:%S}Z")
    return f"{', '.join(felt)}; who notices what is {unknown}" if felt else unknown


def _state_words(state: State) -> str:
    bad: list[str] = []
    for indicator in state.metrics.indicators:
        point = newest_point(state, indicator.metric)
        if indicator.threshold is not None and point is not None and point.value is not None:
            mark = "over" if point.value > indicator.threshold else "within"
            bad.append(f"{indicator.title} {figure(point.value, indicator.unit)} ({mark} its threshold)")
    return "; ".join([cluster_sentence(state), *bad])
