"""The steps of the incident itself: what each asks, and the command its answer becomes; pure."""

from datetime import datetime

from warroom.errors import WarroomError
from warroom.model.commands import ChangeSeverity, Command, DeclareIncident, ResolveIncident
from warroom.model.nouns import Severity
from warroom.model.response import LinkKind
from warroom.model.response_commands import CloseIncident, LinkIncident, ReopenIncident
from warroom.model.text import neutral
from warroom.model.times import parse_time

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
        "severity (1 to 4), then the title: 1 All inference requests failing. A time before it dates it back: "
        "1 @14:02 ~2m All inference requests failing"
    ),
    "severity": "severity (1 to 4), then why: 2 half of the requests succeed again",
    "announce": "name, severity (info, warning, critical), message: sev1-mitigated info restored",
    "resolve": "one sentence: what it was and how it ended",
    "reopen": "why was it not over?",
    "close": "why, where something on the checklist is still open (else nothing)",
    "link": "duplicate of, caused by or related to, then the other incident: caused by INCIDENT",
}


def incident_command(step: str, answer: str, now: datetime) -> tuple[Command, str]:
    """The command of a step, and what is said when it was granted; raises ``WarroomError``."""
    text = neutral(answer.strip())
    match step:
        case "declare":
            return declaration(answer, now)
        case "severity":
            severity, why = _severity(answer)
            return ChangeSeverity(severity, neutral(why)), f"severity is now {severity}"
        case "resolve":
            return ResolveIncident(text), "resolved; `warroom export` writes the post-mortem"
        case "reopen":
            return ReopenIncident(text), "reopened"
        case "close":
            return CloseIncident(text), "closed"
        case _:
            return _link(answer), "linked"


def declaration(answer: str, now: datetime) -> tuple[Command, str]:
    """``1 @14:02 ~2m title``: severity, when it began and how far that may be off, title."""
    severity, rest = _severity(answer)
    time, uncertain = None, None
    while rest[:1] in ("@", "~"):
        word, _, rest = rest.partition(" ")
        rest = rest.strip()
        if word[0] == "@":
            time = parse_time(word[1:], now)
        else:
            uncertain = (now - parse_time(f"-{word[1:]}", now)).total_seconds()
    if not rest:
        raise WarroomError("an incident needs a title after the severity")
    return DeclareIncident(neutral(rest), severity, time=time, uncertain_s=uncertain), f"{severity} declared"


def _severity(answer: str) -> tuple[Severity, str]:
    first, _, rest = answer.strip().partition(" ")
    number = first.upper().removeprefix("SEV")
    if number not in ("1", "2", "3", "4"):
        raise WarroomError("begin with the severity: 1, 2, 3 or 4")
    return Severity(f"SEV{number}"), rest.strip()


def _link(answer: str) -> Command:
    for kind in LinkKind:
        if answer.strip().startswith(kind.value):
            return LinkIncident(kind, str(neutral(answer.strip().removeprefix(kind.value).strip())))
    raise WarroomError(f"begin with one of: {', '.join(kind.value for kind in LinkKind)}")
