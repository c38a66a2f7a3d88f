"""Verbs of the incident: declare, severity, phase, milestone, resolve, reopen, close, link; notes and markers."""

import argparse

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.searching import moment_text
from warroom.cli.verb import DONE, JSON, ROOM, Usage, Verb, arg
from warroom.cli.wishing import declared, only_show, wish_and_show
from warroom.host.actions import Acted
from warroom.host.client import Client
from warroom.model.commands import (
    AddMarker,
    AddNote,
    ChangeSeverity,
    Command,
    DeclareIncident,
    ResolveIncident,
)
from warroom.model.nouns import Phase, Severity
from warroom.model.response import LinkKind, Milestone
from warroom.model.response_commands import (
    CloseIncident,
    EnterPhase,
    LinkIncident,
    NoteMilestone,
    ReopenIncident,
)
from warroom.model.text import Safe, neutral
from warroom.model.times import parse_duration, parse_time
from warroom.response.phases import entry, leaving, next_phase
from warroom.state.slices import Incident
from warroom.views.findings import higher_than_declared, higher_words
from warroom.views.phases import MILESTONES, criteria_lines, milestone_rows, phase_line
from warroom.views.rows import Line

STEPS = ("declare", "severity", "phase", "milestone", "resolve", "reopen", "close", "link", "show")


def severity_of(text: str) -> Severity:
    """``1``, ``sev1`` or ``SEV1``; raises ``Usage``."""
    bare = text.upper().removeprefix("SEV")
    try:
        return Severity(f"SEV{bare}")
    except ValueError:
        raise Usage(f"a severity is sev1, sev2, sev3 or sev4, not {text!r}") from None


def _incident(arguments: argparse.Namespace) -> int:
    step, words = arguments.step, arguments.text
    if step == "show":
        return only_show(arguments, _show)
    if step == "phase" and not words:
        return only_show(arguments, _phases)
    if step == "milestone" and not words:
        return only_show(arguments, _milestones)
    show = {"phase": _phases, "milestone": _milestones, "resolve": _resolved}.get(step, _show)
    return wish_and_show(arguments, lambda c: _command(arguments, c), lambda a, c, _: show(a, c))


def _command(arguments: argparse.Namespace, client: Client) -> Command:
    words = arguments.text
    text, rest = neutral(" ".join(words)), neutral(" ".join(words[1:]))
    match arguments.step:
        case "declare":
            return _declaration(arguments, client, text)
        case "severity":
            if not words:
                raise Usage("say which severity: incident severity sev2 [why]")
            return ChangeSeverity(severity_of(words[0]), rest)
        case "phase":
            return EnterPhase(_phase(words[0]), neutral(arguments.overrule))
        case "milestone":
            time = parse_time(arguments.at, client.now) if arguments.at else None
            return NoteMilestone(_milestone(words[0]), time, rest, _off(arguments))
        case "reopen":
            if not text:
                raise Usage("say why it was not over: incident reopen errors are back")
            return ReopenIncident(text)
        case "close":
            return CloseIncident(text)
        case "link":
            return _link(words)
        case _:
            return ResolveIncident(text)


def _declaration(arguments: argparse.Namespace, client: Client, title: Safe) -> DeclareIncident:
    if not title or not arguments.severity:
        raise Usage(
            'declaring needs a title and --severity: incident declare "All requests fail" --severity sev1'
        )
    time = parse_time(arguments.at, client.now) if arguments.at else None
    if arguments.give_or_take and time is None:
        raise Usage("--give-or-take says how far --at may be off; give both")
    severity, impact = severity_of(arguments.severity), neutral(arguments.impact)
    return DeclareIncident(title, severity, impact, time, _off(arguments), arguments.drill)


def _off(arguments: argparse.Namespace) -> float | None:
    return parse_duration(arguments.give_or_take).total_seconds() if arguments.give_or_take else None


def _phase(word: str) -> Phase:
    try:
        return Phase(word.lower())
    except ValueError:
        raise Usage(f"a phase is {', '.join(Phase)}, not {word!r}") from None


def _milestone(word: str) -> Milestone:
    try:
        return Milestone(word.lower().replace("-", " "))
    except ValueError:
        known = ", ".join(m.replace(" ", "-") for m in Milestone)
        raise Usage(f"a milestone is {known}, not {word!r}") from None


def _link(words: list[str]) -> LinkIncident:
    kinds = {kind.value.replace(" ", "-"): kind for kind in LinkKind}
    if len(words) != 2 or words[0] not in kinds:
        raise Usage(f"say how and to which incident: incident link {'|'.join(kinds)} INCIDENT")
    return LinkIncident(kinds[words[0]], words[1])


def _resolved(arguments: argparse.Namespace, client: Client) -> int:
    name = declared(client.state).incident
    if not arguments.json:
        tell(f"`warroom export {name}` writes the post-mortem, `warroom replay {name}` shows it again")
    return _show(arguments, client)


def _show(arguments: argparse.Namespace, client: Client) -> int:
    incident = declared(client.state)
    if arguments.json:
        show_json(incident)
    else:
        say(_text(incident))
        higher = higher_than_declared(client.state)
        if higher is not None:
            say(f"  {higher_words(higher)}")
    return DONE


def _text(incident: Incident) -> str:
    state = f"resolved {incident.resolved:%Y-%m-%dT%H:%M:%SZ}" if incident.resolved else "open"
    state += f", closed {incident.closed:%Y-%m-%dT%H:%M:%SZ}" if incident.closed else ""
    off = f" give or take {incident.uncertain.total_seconds():.0f} s" if incident.uncertain else ""
    lines = [
        f"{incident.incident}  {incident.severity}  {state}" + ("  DRILL" if incident.drill else ""),
        f"  {incident.title}",
        f"  declared {incident.declared:%Y-%m-%dT%H:%M:%SZ}{off} by {incident.declared_by.name}",
        f"  {line_text(phase_line(incident))}".rstrip(),
    ]
    if incident.impact:
        lines.append(f"  impact: {incident.impact}")
    lines += [
        f"  {step.time:%H:%M:%SZ} {step.severity} {step.reason}".rstrip() for step in incident.history[1:]
    ]
    lines += [f"  {link.kind} {link.other}" for link in incident.links]
    if incident.summary:
        lines.append(f"  summary: {incident.summary}")
    return "\n".join(lines)


def line_text(line: Line) -> str:
    """A line of a pane as plain text."""
    return "".join(cell.text for cell in (*line.spans, *line.right))


def _phases(arguments: argparse.Namespace, client: Client) -> int:
    state, incident = client.state, declared(client.state)
    after = next_phase(incident)
    left = leaving(state, incident, incident.phase)
    entered = entry(state, incident, after) if after is not None else ()
    if arguments.json:
        show_json(
            {
                "phase": incident.phase,
                "steps": incident.phases,
                "leaving": left,
                "next": after,
                "entry": entered,
            }
        )
        return DONE
    say(line_text(phase_line(incident)).rstrip())
    for title, criteria in ((f"to leave {incident.phase}", left), (f"to enter {after}", entered)):
        if criteria:
            say(f"\n{title}")
            for one in criteria_lines(criteria):
                say(f"  {line_text(one)}")
    return DONE


def _milestones(arguments: argparse.Namespace, client: Client) -> int:
    incident = declared(client.state)
    if arguments.json:
        show_json({milestone.value: reached for milestone, reached in incident.milestones.items()})
    else:
        show_table(MILESTONES, milestone_rows(incident), empty="no milestone")
    return DONE


def _say_it(arguments: argparse.Namespace, note: bool) -> int:
    text = neutral(" ".join(arguments.text))
    if note and not text:
        raise Usage("a note needs a text: warroom note the switch of rack 1 is dead")

    def command(client: Client) -> Command:
        time = parse_time(arguments.at, client.now) if note and arguments.at else None
        return AddNote(text, time) if note else AddMarker(text)

    return wish_and_show(arguments, command, show_moment)


def show_moment(arguments: argparse.Namespace, client: Client, acted: Acted) -> int:
    """The timeline's line of what was just wished."""
    moment = next((m for m in reversed(client.state.timeline.moments) if m.seq == acted.seq), None)
    if arguments.json:
        show_json(moment)
    elif moment is not None:
        say(moment_text(moment))
    return DONE


TEXT = arg("text", nargs="*", help="the words")
AT = arg("--at", default="", metavar="TIME", help="when it was, e.g. -10m or 14:02")
OFF = arg("--give-or-take", default="", metavar="TIME", help="how far --at may be off, e.g. 2m")
OVERRULE = arg(
    "--overrule", default="", metavar="WHY", help="go on against what is not proven, with a reason"
)

VERBS = (
    Verb(
        "incident",
        "incident",
        "declare an incident, classify it, move it on, resolve it, show it",
        _incident,
        (
            arg(
                "step",
                choices=STEPS,
                help="declare TITLE --severity sev1 | severity sev2 [why] | phase [PHASE] | milestone [NAME] [how] "
                "| resolve [summary] | reopen WHY | close [why] | link duplicate-of|caused-by|related-to INCIDENT "
                "| show",
            ),
            TEXT,
            arg("--severity", default="", help="sev1 to sev4"),
            arg("--impact", default="", metavar="TEXT", help="who notices what"),
            arg("--drill", action="store_true", help="only practised: marked so wherever it is shown"),
            AT,
            OFF,
            OVERRULE,
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "note",
        "incident",
        "write something onto the timeline",
        lambda a: _say_it(a, True),
        (TEXT, AT, ROOM, JSON),
    ),
    Verb(
        "marker", "incident", "put a marker on the timeline", lambda a: _say_it(a, False), (TEXT, ROOM, JSON)
    ),
)
