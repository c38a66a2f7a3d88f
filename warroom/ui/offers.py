"""What can be done to a selection: the choices of the actions menu, and the requests they become. Pure."""

from collections import Counter
from typing import NamedTuple

from warroom.errors import WarroomError
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    Plan,
    Request,
    Risk,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe, neutral
from warroom.model.times import DURATION, parse_duration
from warroom.response.silencing import silencing
from warroom.state.slices import State
from warroom.ui.incident_steps import EXAMPLES
from warroom.views.actions import aim_words
from warroom.views.alert_census import alerts_of, members_of
from warroom.views.lines import line
from warroom.views.rows import Line

RISKS = {
    Risk.NOTICE: ("ok", "nothing in the cluster changes"),
    Risk.REVERSIBLE: ("ok", "running work goes on"),
    Risk.DISRUPTIVE: ("warning", "running work is moved or ended"),
    Risk.DANGEROUS: ("critical", "a service may be gone"),
}
"""What a class of risk means, as a dialog shows it."""


class Offer(NamedTuple):
    """One choice: what it is called, what must be asked first, and with which answer to begin."""

    id: str
    kind: ActionKind
    words: str
    asks: str = ""
    """The question before the plan; empty when there is none."""
    begin: str = ""


NODE_OFFERS = (
    Offer(
        "cordon",
        ActionKind.CORDON,
        "cordon: close to new work",
        "why (kept in the cluster and in the record)",
    ),
    Offer("uncordon", ActionKind.UNCORDON, "uncordon: open to new work again"),
    Offer(
        "drain",
        ActionKind.DRAIN,
        "drain: close and empty",
        "grace period in seconds, then why: 60 bad switch",
        "60 ",
    ),
)
WORKLOAD_OFFERS = (
    Offer("stop", ActionKind.STOP, "stop: ask it to end", "why"),
    Offer("kill", ActionKind.STOP, "stop by force: kill at once", "why"),
    Offer(
        "copy",
        ActionKind.SUBMIT,
        "submit a copy: same image, labels and size",
        "where, as node labels such as rack=rack2; or nothing, for anywhere",
    ),
    Offer("scale", ActionKind.SCALE, "scale", "how many instances"),
)
ALERT_OFFERS = (
    Offer("acknowledge", ActionKind.ACKNOWLEDGE, 'acknowledge: "seen, mine"', "a word about it, or nothing"),
    Offer(
        "silence",
        ActionKind.SILENCE,
        "silence",
        "for how long, then why: 1h known, switch is being replaced",
        "1h ",
    ),
)
OFFERS = {"nodes": NODE_OFFERS, "workloads": WORKLOAD_OFFERS, "alerts": ALERT_OFFERS}
"""Pane -> what can be done to its rows."""


def capability(state: State, kind: ActionKind) -> Capability | None:
    """What some source of the room says of this kind of action."""
    every = (c for facts in state.sources.sources.values() for c in facts.capabilities)
    return next((c for c in every if c.kind is kind), None)


def offer_lines(state: State, pane: str) -> list[tuple[str, Line, bool]]:
    """The menu: each choice in the source's own words; what cannot be done says why."""
    made: list[tuple[str, Line, bool]] = []
    for offer in OFFERS[pane]:
        able = capability(state, offer.kind)
        possible = offer.kind is ActionKind.ACKNOWLEDGE or (able is not None and able.possible)
        wording = able.wording if able else "no source of this room can do that"
        if offer.kind is ActionKind.ACKNOWLEDGE:
            wording = Safe("noted in this room; nothing is silenced")
        made.append(
            (
                offer.id,
                line((offer.words, "text" if possible else "muted"), (f"  {wording}", "muted")),
                possible,
            )
        )
    return made


def requests_of(state: State, chosen: str, targets: list[str], answer: str) -> list[Request]:
    """The requests a choice becomes; one for all targets where the cluster takes it so, else one each.

    Raises ``WarroomError`` for an answer that cannot be read.
    """
    text = neutral(answer.strip())
    match chosen:
        case "cordon":
            return [Cordon(_nodes(targets), reason=text)]
        case "uncordon":
            return [Uncordon(_nodes(targets), reason=text)]
        case "drain":
            seconds, why = _timed(answer, "60")
            return [Drain(_nodes(targets), grace_s=seconds, reason=neutral(why))]
        case "stop" | "kill":
            return [Stop(tuple(WorkloadId(t) for t in targets), force=chosen == "kill", reason=text)]
        case "copy":
            return [_copy(state, target, answer) for target in targets]
        case "scale":
            return [Scale(WorkloadId(t), _count(answer)) for t in targets]
        case "acknowledge":
            alerts = members_of(alerts_of(state), targets)
            return [Acknowledge(tuple(a.fingerprint for a in alerts), note=text)]
        case _:
            seconds, why = _timed(answer, "1h")
            return [
                SilenceAlerts(matchers, duration_s=seconds, comment=neutral(why))
                for matchers in silencing(alerts_of(state), targets)
            ]


def _timed(answer: str, usual: str) -> tuple[int, str]:
    """Seconds and the words after them; two durations are none, since one may have been meant to replace the other."""
    time, _, why = answer.strip().partition(" ")
    again = why.split(" ", 1)[0]
    if DURATION.fullmatch(again):
        raise WarroomError(f"two times are given, {time} and {again}; take one of them out. Nothing was done")
    return int(parse_duration(time or usual).total_seconds()), why


def _nodes(targets: list[str]) -> tuple[NodeName, ...]:
    return tuple(NodeName(t) for t in targets)


def _count(answer: str) -> int:
    if not answer.strip().isdigit():
        raise WarroomError(f"how many instances is a number, not {answer.strip()!r}; nothing was done")
    return int(answer)


def _copy(state: State, target: str, answer: str) -> Submit:
    workload = state.cluster.workloads.get(WorkloadId(target))
    pairs = [part.partition("=") for part in answer.replace(",", " ").split()]
    if any(not (name and equals and value) for name, equals, value in pairs):
        raise WarroomError(
            f"where it may run is written like rack=rack2, not {answer.strip()!r}; nothing was done"
        )
    selector = {str(neutral(name)): str(neutral(value)) for name, _, value in pairs}
    return Submit(str(workload.name) if workload else target, like=WorkloadId(target), selector=selector)


def names_of(state: State, pane: str, targets: list[str]) -> str:
    """What people call these targets: a few by name, and how many more."""
    called = list(targets)
    if pane == "alerts":
        known = alerts_of(state)
        names = Counter(str(one.name) if (one := known.alert(t)) else t for t in targets)
        called = [f"{name} ×{count}" if count > 1 else name for name, count in names.items()]
    return ", ".join(called[:4]) + (f" and {len(called) - 4} more" if len(called) > 4 else "")


def is_rated(answer: str) -> bool:
    """Whether an announcement says how severe it is."""
    return answer.split()[1:2] in (["info"], ["warning"], ["critical"])


def announcement(answer: str) -> CreateAlert:
    """``name severity message`` as an alert everyone sees, info where no severity is said; raises ``WarroomError``."""
    name, _, rest = answer.strip().partition(" ")
    severity, _, message = rest.partition(" ")
    if not is_rated(answer):
        severity, message = "info", rest
    if not name or not message.strip():
        raise WarroomError(f"nothing was announced; write it like this: {EXAMPLES['announce']}")
    return CreateAlert(str(neutral(name)), severity=severity, message=neutral(message))


def plan_lines(plans: list[Plan]) -> list[Line]:
    """Plans as a dialog shows them: what, what it means here, exact calls, what it touches, warnings, goal, undo."""
    lines: list[Line] = []
    for plan in plans:
        lines.append(line((str(plan.title), "bar")))
        if plan.refused:
            lines.append(line(("✖ cannot be done: ", "critical"), (str(plan.refused), "critical")))
        if plan.wording:
            lines.append(line(("here it means  ", "muted"), str(plan.wording)))
        for name, sentences, role in (
            ("call     ", plan.calls, "accent"),
            ("touches  ", plan.effects, "text"),
            ("▲ warning  ", plan.warnings, "warning"),
        ):
            lines += [line((name, "muted" if role != "warning" else role), (str(s), role)) for s in sentences]
        lines.append(line(("seen when  ", "muted"), f"{plan.goal}, within {plan.within_s} s"))
        lines += [line(("for      ", "muted"), aim_words(aim, "now")) for aim in plan.aims]
        role, meaning = RISKS[plan.risk]
        lines.append(line(("risk     ", "muted"), (plan.risk.value, role), (f": {meaning}", "muted")))
        if plan.undo:
            lines.append(line(("undo     ", "muted"), str(plan.undo)))
        if plan.second_person:
            lines.append(line(("▲ second person  ", "warning"), (str(plan.second_person), "warning")))
        lines.append(line())
    return lines[:-1]


def challenge_of(plans: list[Plan]) -> str:
    """What must be typed: the hardest challenge among the plans, or the word ``do``."""
    return next((p.challenge for p in plans if p.challenge), "do")
