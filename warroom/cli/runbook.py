"""The verb of runbooks: which there are, how far one is, its next step."""

import argparse
import re
from pathlib import Path

from warroom.cli.incident import line_text
from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.stepping import do_step, next_words, run_named
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, JSON, ROOM, WAIT, YES, Usage, Verb, arg
from warroom.cli.wishing import only_show, wish_and_show
from warroom.errors import WarroomError
from warroom.host.actions import Acted
from warroom.host.client import Client
from warroom.model.commands import Command, ShowRunbook
from warroom.model.response import StepResult
from warroom.model.response_commands import EndRunbook, EndStep, StartRunbook
from warroom.model.text import neutral
from warroom.response.runbooks.definition import Runbook
from warroom.response.runbooks.requests import targets_named
from warroom.views.rows import Cell, Column, Row
from warroom.views.runbooks import WHAT, place_words, run_lines, running

RUN = re.compile(r"[Rr]\d{1,6}")
SHAPES = {
    "list": "runbook list",
    "show": "runbook show NAME|R1",
    "start": "runbook start NAME [NODE|WORKLOAD ...] [--finding KEY]",
    "do": "runbook do [R1]",
    "answer": "runbook answer R1 WORDS",
    "skip": "runbook skip R1 WHY",
    "stop": "runbook stop R1 [why]",
    "check": "runbook check FILE",
}
COLUMNS = tuple(Column(title, None) for title in ("RUNBOOK", "FOR", "TITLE"))


def _runbook(arguments: argparse.Namespace) -> int:
    step, words = arguments.step, arguments.words
    if step == "list":
        return only_show(arguments, _list)
    if step == "do":
        if len(words) > 1:
            raise Usage(f"say it like this: {SHAPES[step]}")
        return in_room(arguments, lambda client: do_step(client, arguments, words[0] if words else ""))
    if not words:
        raise Usage(f"say it like this: {SHAPES[step]}")
    if step == "check":
        return _check(arguments, Path(words[0]))
    if step == "show":
        return _show(arguments, words[0])
    return wish_and_show(arguments, lambda client: _command(arguments, client), _came_of_it)


def _command(arguments: argparse.Namespace, client: Client) -> Command:
    step, words = arguments.step, arguments.words
    if step == "start":
        return StartRunbook(words[0], arguments.finding, targets_named(client.state, words[1:]))
    run = run_named(client.state, words[0])
    text = neutral(" ".join(words[1:]))
    if step == "stop":
        return EndRunbook(run.run, text)
    if not text:
        raise Usage(f"say it like this: {SHAPES[step]}")
    result = StepResult.DONE if step == "answer" else StepResult.SKIPPED
    return EndStep(run.run, result, text, step=run.at)


def _came_of_it(arguments: argparse.Namespace, client: Client, acted: Acted) -> int:
    run = client.state.procedure.runs[acted.action]
    if arguments.json:
        show_json(run)
        return DONE
    for one in run_lines(run):
        say(line_text(one))
    tell(next_words(run))
    return DONE


def _list(arguments: argparse.Namespace, client: Client) -> int:
    procedure = client.state.procedure
    if arguments.json:
        show_json(
            {
                "runbooks": procedure.runbooks,
                "runs": list(procedure.runs.values()),
                "troubles": procedure.troubles,
            }
        )
        return DONE
    rows = [
        Row(one.id, (Cell(one.id), Cell(one.scenario or "any"), Cell(str(one.title))))
        for one in procedure.runbooks
    ]
    show_table(COLUMNS, rows, empty="this room has no runbook")
    for run in running(client.state):
        say(f"\n{place_words(run)}")
    for trouble in procedure.troubles:
        tell(str(trouble))
    return DONE


def _show(arguments: argparse.Namespace, name: str) -> int:
    async def use(client: Client) -> int:
        if RUN.fullmatch(name):
            run = run_named(client.state, name)
            if arguments.json:
                show_json(run)
                return DONE
            for one in run_lines(run):
                say(line_text(one))
            return DONE
        found: Runbook = await client.ask(ShowRunbook(name))
        if arguments.json:
            show_json(found)
        else:
            say(_text(found))
        return DONE

    return in_room(arguments, use)


def _text(found: Runbook) -> str:
    steps = [f"  {number} {WHAT[one.kind]}: {one.title}" for number, one in enumerate(found.steps, 1)]
    about = [f"  {found.description}"] if found.description else []
    return "\n".join((f"{found.id}: {found.title}", *about, *steps))


def _check(arguments: argparse.Namespace, path: Path) -> int:
    # Deferred: only this step reads definitions itself; rooms read their own.
    from warroom.host.book_files import read_definition
    from warroom.response.runbooks.definition import parse_runbook

    found: Runbook = read_definition(path, parse_runbook)
    if arguments.json:
        show_json(found)
    else:
        say(f"{path}: good. {found.title}: {len(found.steps)} steps")
    return DONE


def _finding(arguments: argparse.Namespace) -> int:
    if arguments.step == "show" and not arguments.key:
        raise Usage("say which: finding show KEY")
    return only_show(arguments, _findings if arguments.step == "list" else _one_finding)


def _findings(arguments: argparse.Namespace, client: Client) -> int:
    # Deferred with the next: no other step of this file shows findings.
    from warroom.views.findings import ordered

    standing = ordered(client.state)
    if arguments.json:
        show_json({"standing": standing, "withdrawn": client.state.findings.withdrawn})
        return DONE
    rows = [
        Row(
            one.finding.key,
            (
                Cell(one.finding.key),
                Cell(one.finding.confidence),
                Cell(one.finding.severity or "—"),
                Cell(one.finding.runbook or "—"),
                Cell(str(one.finding.title)),
            ),
        )
        for one in standing
    ]
    titles = ("KEY", "CONFIDENCE", "SEVERITY", "RUNBOOK", "FINDING")
    show_table(tuple(Column(title, None) for title in titles), rows, empty="no finding stands")
    return DONE


def _one_finding(arguments: argparse.Namespace, client: Client) -> int:
    from warroom.views.findings import finding_lines

    found = client.state.findings.standing.get(arguments.key)
    if found is None:
        known = ", ".join(client.state.findings.standing) or "none"
        raise WarroomError(f"no finding {arguments.key!a} stands; there are: {known}")
    if arguments.json:
        show_json(found)
        return DONE
    for one in finding_lines(found, client.now):
        say(line_text(one))
    if found.finding.runbook:
        tell(f"`warroom runbook start {found.finding.runbook} --finding {arguments.key}` begins its runbook")
    return DONE


VERBS = (
    Verb(
        "finding",
        "incident",
        "what triage concludes, what it rests on, what would refute it",
        _finding,
        (
            arg("step", nargs="?", default="list", choices=("list", "show"), help="list | show KEY"),
            arg("key", nargs="?", default="", metavar="KEY", help="which finding"),
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "runbook",
        "incident",
        "follow a runbook step by step: list | show | start | do | answer | skip | stop | check",
        _runbook,
        (
            arg(
                "step",
                nargs="?",
                default="list",
                choices=tuple(SHAPES),
                help=" | ".join(shape.removeprefix("runbook ") for shape in SHAPES.values()),
            ),
            arg("words", nargs="*", help="a runbook's name or a run such as R1, and the words"),
            arg("--finding", default="", metavar="KEY", help="start: on what this finding names"),
            ROOM,
            JSON,
            YES,
            WAIT,
        ),
    ),
)
