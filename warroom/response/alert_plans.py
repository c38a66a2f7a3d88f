"""Plans for alerts: silence, acknowledge, create."""

from warroom.model.nouns import AlertState
from warroom.model.requests import RESOLVED, Acknowledge, CreateAlert, EndSilences, Plan, SilenceAlerts
from warroom.model.text import Safe, neutral
from warroom.response.matching import matches_nothing_in_particular, silenced_by, unreadable
from warroom.response.sentences import counted, matchers_text, names, short, span
from warroom.state.slices import State

LONGEST_S = 86_400
"""A silence that outlives a day hides the next incident."""


def silence_plan(state: State, request: SilenceAlerts) -> Plan:
    """Keeping matching alerts quiet for a time."""
    hit = [a for a in silenced_by(state, request.matchers) if a.state is AlertState.FIRING]
    total = sum(a.state is AlertState.FIRING for a in state.alerts.alerts.values())
    wide = len(hit) * 2 > total > 1
    warnings = ["nothing that fires now matches"] if not hit else []
    if wide:
        warnings.append(f"more than half of what fires would be quiet ({len(hit)} of {total})")
    if critical := sorted({str(a.name) for a in hit if a.severity == "critical"}):
        warnings.append(f"critical alerts would be quiet: {names(critical)}")
    return Plan(
        request,
        neutral(f"silence {matchers_text(request)} for {span(request.duration_s)}"),
        effects=short(f"{a.name}: {a.summary}" for a in sorted(hit, key=lambda a: (a.name, a.fingerprint))),
        warnings=short(warnings),
        goal=Safe("the silence is active"),
        refused=neutral(_unsilenceable(request)),
        challenge=str(len(hit)) if wide else "",
        within_s=30,
        undo=Safe("end the silence"),
        touches=tuple(sorted({str(a.name) for a in hit})),
    )


def _unsilenceable(request: SilenceAlerts) -> str:
    if not request.matchers:
        return "a silence needs at least one matcher, such as alertname=NodeNotReady"
    if bad := unreadable(request.matchers):
        return bad
    if matches_nothing_in_particular(request.matchers):
        return "a silence that matches every alert is refused; name an alert or a label"
    if not 0 < request.duration_s <= LONGEST_S:
        return "a silence lasts between 1 second and 24 hours"
    return ""


def acknowledge_plan(state: State, request: Acknowledge, person: str) -> Plan:
    """Saying "seen, mine" of alerts."""
    chosen = tuple(dict.fromkeys(request.fingerprints))
    hit = [state.alerts.alerts[f] for f in chosen if f in state.alerts.alerts]
    taken = [state.alerts.acknowledged[f] for f in chosen if f in state.alerts.acknowledged]
    owners = sorted({str(one.person.name) for one in taken} - {person})
    refused = "" if hit else "none of these alerts fires any more" if chosen else "no alert was named"
    return Plan(
        request,
        neutral(f"acknowledge {names(dict.fromkeys(str(a.name) for a in hit)) or 'nothing'}"),
        wording=Safe("noted in this room; nothing is silenced"),
        effects=short(f"{a.name}: {a.summary}" for a in hit),
        warnings=short([f"{names(owners)} acknowledged it already"] if owners else []),
        goal=neutral(f"{counted(len(hit), 'alert')} shown as taken by {person or 'you'}"),
        refused=Safe(refused),
        within_s=10,
        touches=chosen,
    )


def create_plan(state: State, request: CreateAlert) -> Plan:
    """Telling everyone who watches alerts."""
    same = [a for a in state.alerts.alerts.values() if a.name == request.name]
    if request.severity == RESOLVED:
        return Plan(
            request,
            neutral(f"resolve alert {request.name}"),
            effects=short(
                [f"{counted(len(same), 'alert')} of that name end for everyone who watches alerts"]
            ),
            goal=neutral(f"alert {request.name} does not fire"),
            refused=neutral("" if same else f"no alert {request.name} fires"),
            within_s=30,
            touches=(request.name,),
        )
    refused = ""
    if not request.name:
        refused = "an alert needs a name"
    elif not request.message:
        refused = "an alert needs a message; say what people should know"
    return Plan(
        request,
        neutral(f"create alert {request.name} ({request.severity})"),
        effects=short([f"everyone who watches alerts reads: {request.message}"]),
        warnings=short([f"{counted(len(same), 'alert')} of that name there already"] if same else []),
        goal=neutral(f"alert {request.name} fires"),
        refused=Safe(refused),
        within_s=30,
        touches=(request.name,),
    )


def end_silence_plan(state: State, request: EndSilences) -> Plan:
    """Letting alerts be heard again."""
    chosen = tuple(dict.fromkeys(request.silences))
    there = [state.alerts.silences[s] for s in chosen if s in state.alerts.silences]
    heard = [a for a in state.alerts.alerts.values() if set(a.silenced_by) & set(chosen)]
    missing = [s for s in chosen if s not in state.alerts.silences]
    refused = "no silence was named"
    if chosen:
        refused = f"no silence {names(missing)} is active" if missing else ""
    return Plan(
        request,
        neutral(f"end {counted(len(chosen), 'silence')}"),
        effects=short(
            [
                *(f"silence of {s.created_by or 'nobody named'}: {s.comment or s.id}" for s in there),
                *(f"{a.name} is heard again" for a in heard),
            ]
        ),
        goal=neutral(f"{counted(len(chosen), 'silence')} no longer active"),
        refused=neutral(refused),
        within_s=30,
        undo=Safe("silence the same again"),
        reverse=tuple(SilenceAlerts(s.matchers, comment=s.comment) for s in there),
        touches=chosen,
    )
