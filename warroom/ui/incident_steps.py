"""The steps of the incident itself: what each asks, and the command its answer becomes; pure."""

from datetime import datetime

from warroom.errors import WarroomError
from warroom.model.commands import ChangeSeverity, Command, DeclareIncident, ResolveIncident
from warroom.model.nouns import Severity
from warroom.model.response import LinkKind
from warroom.model.response_commands import CloseIncident, LinkIncident, ReopenIncident
from warroom.model.text import neutral
from warroom.model.times import parse_time
from warroom.state.slices import Incident, State
from warroom.views.lines import line
from warroom.views.rows import Line

INCIDENT_STEPS = (
    ("declare", "declare an incident"),
    ("severity", "change the severity"),
    ("announce", "announce: create an alert everyone sees"),
    ("resolve", "resolve the incident"),
    ("reopen", "reopen it: it was not over"),
    ("close", "close it: nothing is left to be done"),
    ("link", "link it to another incident"),
)
QUESTIONS = {
    "declare": (
        "severity (1 to 4), then the title. Before the title: @ and when it began, ~ and how far that may be off, "
        "the word drill where it is only practised. After it: impact: and who notices what."
    ),
    "severity": "severity (1 to 4), then why",
    "announce": "name, severity (info, warning, critical), message",
    "resolve": "one sentence: what it was and how it ended",
    "reopen": "why was it not over?",
    "close": "why, where something on the checklist is still open (else nothing)",
    "link": "duplicate of, caused by or related to, then the other incident",
}
EXAMPLES = {
    "declare": "1 @14:02 ~2m All inference requests fail impact: every user of chat",
    "severity": "2 half of the requests succeed again",
    "announce": "sev1-mitigated info critical services run on rack 2",
    "link": "caused by 20260302-1400-prod",
}
"""Answers as they may look, for questions whose answer has parts."""


def incident_choices(state: State) -> list[tuple[str, Line, bool]]:
    """The steps as a menu shows them; what cannot be now says why."""
    return [_choice(step, words, _not_now(state.incident.incident, step)) for step, words in INCIDENT_STEPS]


def _choice(step: str, words: str, refused: str) -> tuple[str, Line, bool]:
    shown = line((words, "muted"), (f"  {refused}", "muted")) if refused else line(words)
    return step, shown, not refused


def _not_now(incident: Incident | None, step: str) -> str:
    """Why a step is not possible now; empty when it is."""
    if step == "announce":
        return ""
    if step == "declare":
        is_open = incident is not None and incident.open
        return (
            f"{incident.severity} is open; a second incident is a second room" if incident and is_open else ""
        )
    if incident is None:
        return "no incident was declared"
    if step in ("severity", "resolve") and not incident.open:
        return "it is resolved"
    if step in ("reopen", "close") and incident.open:
        return "it is not resolved yet"
    return ""


def question_lines(step: str) -> list[Line]:
    """What a step asks, with an example below that cannot be taken for an answer."""
    asked = [line(QUESTIONS[step])]
    if step in EXAMPLES:
        asked.append(line(("for example  ", "muted"), (EXAMPLES[step], "muted")))
    return asked


def incident_command(step: str, answer: str, now: datetime, name: str = "NAME") -> tuple[Command, str]:
    """The command of a step, and what is said when it was granted; raises ``WarroomError``.

    ``name`` is the incident's.
    """
    text = neutral(answer.strip())
    match step:
        case "declare":
            return declaration(answer, now)
        case "severity":
            severity, why = _severity(answer)
            return ChangeSeverity(severity, neutral(why)), f"severity is now {severity}"
        case "resolve":
            return ResolveIncident(text), f"{name} resolved; `warroom export {name}` writes the post-mortem"
        case "reopen":
            return ReopenIncident(text), "reopened"
        case "close":
            return CloseIncident(text), "closed"
        case _:
            return _link(answer), "linked"


def declaration(answer: str, now: datetime) -> tuple[Command, str]:
    """``1 drill @14:02 ~2m title impact: who``: severity, drill, when it began and how far that may be off, title."""
    severity, rest = _severity(answer)
    time, uncertain = None, None
    drill = False
    while rest[:1] in ("@", "~") or rest.split(" ", 1)[0].lower() == "drill":
        word, _, rest = rest.partition(" ")
        rest = rest.strip()
        if word.lower() == "drill":
            drill = True
        elif word[0] == "@":
            time = parse_time(word[1:], now)
        else:
            uncertain = (now - parse_time(f"-{word[1:]}", now)).total_seconds()
    title, _, impact = rest.partition("impact:")
    if not title.strip():
        raise WarroomError(f"an incident needs a title after the severity: {EXAMPLES['declare']}")
    command = DeclareIncident(
        neutral(title.strip()),
        severity,
        neutral(impact.strip()),
        time=time,
        uncertain_s=uncertain,
        drill=drill,
    )
    return command, f"{severity} declared" + (" as a drill" if drill else "")


def _severity(answer: str) -> tuple[Severity, str]:
    first, _, rest = answer.strip().partition(" ")
    number = first.upper().removeprefix("SEV")
    if number not in ("1", "2", "3", "4"):
        raise WarroomError("begin with the severity: 1, 2, 3 or 4, such as 1 All inference requests fail")
    return Severity(f"SEV{number}"), rest.strip()


def _link(answer: str) -> Command:
    for kind in LinkKind:
        if answer.strip().startswith(kind.value):
            return LinkIncident(kind, str(neutral(answer.strip().removeprefix(kind.value).strip())))
    raise WarroomError(f"begin with one of: {', '.join(kind.value for kind in LinkKind)}")
