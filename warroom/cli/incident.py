"""Verbs of the incident: declare, severity, resolve, show; notes and markers."""

import argparse

from warroom.cli.output import say, show_json
from warroom.cli.searching import moment_text
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, JSON, ROOM, Usage, Verb, arg
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.model.commands import (
    AddMarker,
    AddNote,
    ChangeSeverity,
    Command,
    DeclareIncident,
    ResolveIncident,
)
from warroom.model.nouns import Severity
from warroom.model.text import neutral
from warroom.model.times import parse_time
from warroom.state.slices import Incident

STEPS = ("declare", "severity", "resolve", "show")


def severity_of(text: str) -> Severity:
    """``1``, ``sev1`` or ``SEV1``; raises ``Usage``."""
    bare = text.upper().removeprefix("SEV")
    try:
        return Severity(f"SEV{bare}")
    except ValueError:
        raise Usage(f"a severity is sev1, sev2, sev3 or sev4, not {text!r}") from None


def _incident(arguments: argparse.Namespace) -> int:
    if arguments.step == "show":
        return in_room(arguments, lambda client: _show(arguments, client))

    async def use(client: Client) -> int:
        acted = await client.wish(_command(arguments, client))
        assert acted is not None
        while client.state.seq < acted.seq:
            await client.moved()
        return await _show(arguments, client)

    return in_room(arguments, use)


def _command(arguments: argparse.Namespace, client: Client) -> Command:
    text = neutral(" ".join(arguments.text))
    match arguments.step:
        case "declare":
            if not text or not arguments.severity:
                raise Usage(
                    'declaring needs a title and --severity: incident declare "All requests fail" --severity sev1'
                )
            time = parse_time(arguments.at, client.now) if arguments.at else None
            return DeclareIncident(text, severity_of(arguments.severity), neutral(arguments.impact), time)
        case "severity":
            words = arguments.text
            if not words:
                raise Usage("say which severity: incident severity sev2 [why]")
            return ChangeSeverity(severity_of(words[0]), neutral(" ".join(words[1:])))
        case _:
            return ResolveIncident(text)


async def _show(arguments: argparse.Namespace, client: Client) -> int:
    incident = client.state.incident.incident
    if incident is None:
        raise WarroomError(
            "no incident was declared in this room; declare one with `warroom incident declare`"
        )
    if arguments.json:
        show_json(incident)
        return DONE
    say(_text(incident))
    return DONE


def _text(incident: Incident) -> str:
    state = f"resolved {incident.resolved:%Y-%m-%dT%H:%M:%SZ}" if incident.resolved else "open"
    lines = [
        f"{incident.incident}  {incident.severity}  {state}",
        f"  {incident.title}",
        f"  declared {incident.declared:%Y-%m-%dT%H:%M:%SZ} by {incident.declared_by.name}",
    ]
    if incident.impact:
        lines.append(f"  impact: {incident.impact}")
    lines += [
        f"  {step.time:%H:%M:%SZ} {step.severity} {step.reason}".rstrip() for step in incident.history[1:]
    ]
    if incident.summary:
        lines.append(f"  summary: {incident.summary}")
    return "\n".join(lines)


def _say_it(arguments: argparse.Namespace, note: bool) -> int:
    text = neutral(" ".join(arguments.text))
    if note and not text:
        raise Usage("a note needs a text: warroom note the switch of rack 1 is dead")

    async def use(client: Client) -> int:
        time = parse_time(arguments.at, client.now) if note and arguments.at else None
        acted = await client.wish(AddNote(text, time) if note else AddMarker(text))
        assert acted is not None
        while client.state.seq < acted.seq or client.recorded_seq < acted.seq:
            await client.moved()
        moment = next((m for m in client.state.timeline.moments if m.seq == acted.seq), None)
        if arguments.json:
            show_json(moment)
        elif moment is not None:
            say(moment_text(moment))
        return DONE

    return in_room(arguments, use)


TEXT = arg("text", nargs="*", help="the words")

VERBS = (
    Verb(
        "incident",
        "incident",
        "declare an incident, change its severity, resolve it, show it",
        _incident,
        (
            arg(
                "step",
                choices=STEPS,
                help="declare TITLE --severity sev1 | severity sev2 [why] | resolve [summary] | show",
            ),
            TEXT,
            arg("--severity", default="", help="sev1 to sev4"),
            arg("--impact", default="", metavar="TEXT", help="who notices what"),
            arg("--at", default="", metavar="TIME", help="when it began to be one, e.g. -10m"),
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "note",
        "incident",
        "write something onto the timeline",
        lambda a: _say_it(a, True),
        (TEXT, arg("--at", default="", metavar="TIME", help="when it was, e.g. -10m"), ROOM, JSON),
    ),
    Verb(
        "marker", "incident", "put a marker on the timeline", lambda a: _say_it(a, False), (TEXT, ROOM, JSON)
    ),
)
