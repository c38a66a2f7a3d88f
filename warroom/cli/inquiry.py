"""Verbs of finding out why and of what is left to do: hypotheses, decisions, evidence, tasks, the review."""

import argparse

from warroom.cli.incident import TEXT, show_moment
from warroom.cli.output import show_json, show_table
from warroom.cli.verb import DONE, JSON, ROOM, Usage, Verb, arg
from warroom.cli.wishing import declared, only_show, wish_and_show
from warroom.host.client import Client
from warroom.model.commands import Command
from warroom.model.response_commands import (
    CreateTask,
    FinishTask,
    JudgeHypothesis,
    MakeDecision,
    PinEvidence,
    RaiseHypothesis,
    RaiseObjection,
    ScheduleReview,
)
from warroom.model.text import neutral
from warroom.model.times import parse_due
from warroom.views.inquiry import DECISIONS, HYPOTHESES, TASKS, decision_rows, hypothesis_rows, task_rows


def _hypothesis(arguments: argparse.Namespace) -> int:
    step, words = arguments.step, arguments.words
    if step == "list":
        return only_show(arguments, _hypotheses)
    if not words:
        raise Usage(
            f"say it like this: hypothesis {'raise TEXT' if step == 'raise' else f'{step} Y1 EVIDENCE'}"
        )
    command: Command
    if step == "raise":
        command = RaiseHypothesis(neutral(" ".join(words)))
    else:
        evidence = neutral(" ".join(words[1:]))
        command = JudgeHypothesis(words[0].upper(), step == "support", evidence, tuple(arguments.event))
    return wish_and_show(arguments, lambda _: command, lambda a, c, _: _hypotheses(a, c))


def _hypotheses(arguments: argparse.Namespace, client: Client) -> int:
    declared(client.state)
    if arguments.json:
        show_json(list(client.state.inquiry.hypotheses.values()))
        return DONE
    show_table(HYPOTHESES, hypothesis_rows(client.state), empty="no hypothesis was raised")
    return DONE


def _decide(arguments: argparse.Namespace) -> int:
    if not arguments.text:
        return only_show(arguments, _decisions)
    asked = tuple(neutral(name) for name in arguments.asked)
    command = MakeDecision(neutral(" ".join(arguments.text)), asked)
    return wish_and_show(arguments, lambda _: command, lambda a, c, _: _decisions(a, c))


def _object(arguments: argparse.Namespace) -> int:
    command = RaiseObjection(arguments.decision.upper(), neutral(" ".join(arguments.text)))
    return wish_and_show(arguments, lambda _: command, lambda a, c, _: _decisions(a, c))


def _decisions(arguments: argparse.Namespace, client: Client) -> int:
    declared(client.state)
    if arguments.json:
        show_json(list(client.state.inquiry.decisions.values()))
        return DONE
    show_table(DECISIONS, decision_rows(client.state), empty="nothing was decided")
    return DONE


def _pin(arguments: argparse.Namespace) -> int:
    command = PinEvidence(neutral(" ".join(arguments.text)), tuple(arguments.event))
    return wish_and_show(arguments, lambda _: command, show_moment)


def _task(arguments: argparse.Namespace) -> int:
    step, words = arguments.step, arguments.words
    if step == "list":
        return only_show(arguments, _tasks)
    if not words:
        raise Usage(f"say it like this: task {'add TEXT' if step == 'add' else f'{step} T1'}")
    return wish_and_show(arguments, lambda c: _task_command(arguments, c), lambda a, c, _: _tasks(a, c))


def _task_command(arguments: argparse.Namespace, client: Client) -> Command:
    words, rest = arguments.words, neutral(" ".join(arguments.words[1:]))
    match arguments.step:
        case "add":
            due = parse_due(arguments.due, client.now) if arguments.due else None
            return CreateTask(neutral(" ".join(words)), arguments.kind, neutral(arguments.owner), due)
        case "done":
            return FinishTask(words[0].upper())
        case _:
            if not rest:
                raise Usage("say why it will not be done: task drop T1 WHY")
            return FinishTask(words[0].upper(), rest)


def _tasks(arguments: argparse.Namespace, client: Client) -> int:
    declared(client.state)
    if arguments.json:
        show_json(list(client.state.inquiry.tasks.values()))
        return DONE
    show_table(TASKS, task_rows(client.state), empty="no task was noted")
    return DONE


def _review(arguments: argparse.Namespace) -> int:
    def command(client: Client) -> Command:
        return ScheduleReview(parse_due(arguments.at, client.now), neutral(arguments.place))

    return wish_and_show(arguments, command, show_moment)


EVENT = arg(
    "--event",
    action="append",
    type=int,
    default=[],
    metavar="N",
    help="an event that shows it; may be repeated",
)

VERBS = (
    Verb(
        "hypothesis",
        "incident",
        "what it may be: list | raise | support | eliminate",
        _hypothesis,
        (
            arg(
                "step",
                nargs="?",
                default="list",
                choices=("list", "raise", "support", "eliminate"),
                help="list | raise TEXT | support Y1 EVIDENCE | eliminate Y1 EVIDENCE",
            ),
            arg("words", nargs="*", help="the words"),
            EVENT,
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "decide",
        "incident",
        "record a decision and who was asked; alone: list them",
        _decide,
        (
            TEXT,
            arg(
                "--asked",
                action="append",
                default=[],
                metavar="NAME",
                help="asked for strong objections; may be repeated",
            ),
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "object",
        "incident",
        "speak against a decision",
        _object,
        (arg("decision", metavar="D1", help="which decision"), TEXT, ROOM, JSON),
    ),
    Verb(
        "pin",
        "incident",
        "let events stand in the post-mortem as evidence",
        _pin,
        (TEXT, EVENT, ROOM, JSON),
    ),
    Verb(
        "task",
        "incident",
        "what is to be done afterwards: list | add | done | drop",
        _task,
        (
            arg(
                "step",
                nargs="?",
                default="list",
                choices=("list", "add", "done", "drop"),
                help="list | add TEXT | done T1 | drop T1 WHY",
            ),
            arg("words", nargs="*", help="the words"),
            arg("--kind", default="", help="prevent, detect, mitigate or process"),
            arg("--owner", default="", metavar="NAME", help="who does it"),
            arg("--due", default="", metavar="TIME", help="until when, e.g. +14d or 2026-01-31"),
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "review",
        "incident",
        "say when the post-mortem is talked about",
        _review,
        (
            arg("at", metavar="TIME", help="e.g. +3d, 14:32 or 2026-01-31T14:32Z"),
            arg("--place", default="", metavar="TEXT", help="where"),
            ROOM,
            JSON,
        ),
    ),
)
