"""Verbs that act on the cluster; without ``--yes`` they only show the plan."""

import argparse
import re

from warroom.cli.output import plan_text, say, show_json, tell
from warroom.cli.talk import in_room
from warroom.cli.verb import (
    DONE,
    FAILED,
    JSON,
    NOT_SEEN,
    REASON,
    ROOM,
    UNKNOWN,
    WAIT,
    YES,
    Argument,
    Usage,
    Verb,
    arg,
)
from warroom.host.actions import Acted
from warroom.host.client import Client
from warroom.model.commands import Act, ShowPlan
from warroom.model.nouns import Fingerprint, Matcher, NodeName, WorkloadId
from warroom.model.requests import (
    RESOLVED,
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    Plan,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
)
from warroom.model.text import Safe, neutral
from warroom.model.times import parse_duration
from warroom.state.slices import Action, State

COMMON = (ROOM, JSON, YES, WAIT)
CODES = {Verdict.SEEN: DONE, Verdict.NOT_SEEN: NOT_SEEN, Verdict.UNKNOWN: UNKNOWN}


def act(arguments: argparse.Namespace, request: Request) -> int:
    """Show the plan; with ``--yes`` do it; with ``--wait`` stay for the verdict."""

    async def use(client: Client) -> int:
        if not arguments.yes:
            plan: Plan = await client.ask(ShowPlan(request))
            if arguments.json:
                show_json(plan)
            else:
                say(plan_text(plan))
                tell("nothing was done; add --yes to do it")
            return FAILED if plan.refused else DONE
        acted = await client.wish(Act(request, confirmed=Safe("--yes"), opens_lock=True))
        assert acted is not None
        return await follow(client, acted, arguments)

    return in_room(arguments, use)


async def follow(client: Client, acted: Acted, arguments: argparse.Namespace) -> int:
    """Say what came of an action, with ``--wait`` once it is over; the exit code tells the verdict."""
    action = await followed(client, acted, arguments)
    if action is None:
        return UNKNOWN
    if arguments.json:
        show_json(action)
    else:
        say(action_sentence(action))
    return action_code(action)


async def followed(client: Client, acted: Acted, arguments: argparse.Namespace) -> Action | None:
    """The action as it stands, with ``--wait`` once it is over; None when the room was lost meanwhile."""
    while (action := client.state.actions.actions.get(acted.action)) is None:
        await client.moved()
    told = 0
    while arguments.wait and not action.over:
        for step in action.steps[told:]:
            if not arguments.json:
                tell(f"{step.time:%H:%M:%S}Z {acted.action} {step.stage} {step.detail}".rstrip())
        told = len(action.steps)
        await client.moved()
        if client.trouble:
            tell(client.trouble)
            return None
        action = client.state.actions.actions[acted.action]
    return action


def action_code(action: Action) -> int:
    """The exit code for an action as it stands."""
    if action.stage in {"failed", "refused", "expired", "cancelled"}:
        return FAILED
    return CODES[action.verdict] if action.verdict else DONE


def action_sentence(action: Action) -> str:
    """What came of an action, for people."""
    if action.verdict:
        took = (action.steps[-1].room_ms - action.steps[0].room_ms) / 1000
        return (
            f"{action.action} {action.plan.title}: {action.verdict.value} after {took:.0f} s, {action.detail}"
        )
    if action.stage == "waiting" and action.awaits is not None:
        return (
            f"{action.action} {action.plan.title}: waits for a second person ({action.awaits.why}); "
            f"another user types `warroom approve {action.action} --yes`"
        )
    if not action.over:
        return (
            f"{action.action} {action.plan.title}: {action.stage}; "
            "the timeline will say what came of it, and --wait stays for it"
        )
    return f"{action.action} {action.plan.title}: {action.stage} {action.detail}".rstrip()


def _nodes(arguments: argparse.Namespace) -> tuple[NodeName, ...]:
    return tuple(NodeName(neutral(name)) for name in arguments.node)


def _reason(arguments: argparse.Namespace) -> Safe:
    return neutral(arguments.reason)


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Usage(f"{option} takes NAME=VALUE, not {text!r}")
        pairs[str(neutral(name))] = str(neutral(value))
    return pairs


def _submit(arguments: argparse.Namespace) -> int:
    request = Submit(
        str(neutral(arguments.name)),
        like=WorkloadId(neutral(arguments.like)) if arguments.like else None,
        image=arguments.image,
        command=arguments.command,
        replicas=arguments.replicas,
        gpus=arguments.gpus,
        cpus=arguments.cpus,
        selector=_pairs(arguments.selector, "--selector"),
        labels=_pairs(arguments.label, "--label"),
        priority=arguments.priority,
        reason=_reason(arguments),
    )
    return act(arguments, request)


MATCHER = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(=~|!~|!=|=)(.*)", re.DOTALL)


def matcher_of(text: str) -> Matcher:
    """A matcher as people write it: ``name=value``, ``!=``, ``=~``, ``!~``; a bare word is an alert's name."""
    found = MATCHER.fullmatch(text)
    if found is None:
        if re.fullmatch(r"[\w.:-]+", text):
            return Matcher("alertname", text)
        raise Usage(f"a matcher is NAME=VALUE, NAME!=VALUE, NAME=~REGEX or an alert's name, not {text!r}")
    name, operator, value = found.groups()
    return Matcher(name, value, is_regex="~" in operator, is_equal=not operator.startswith("!"))


def _silence(arguments: argparse.Namespace) -> int:
    matchers = tuple(matcher_of(text) for text in arguments.matcher)
    seconds = int(parse_duration(arguments.duration).total_seconds())
    return act(arguments, SilenceAlerts(matchers, duration_s=seconds, comment=neutral(arguments.comment)))


def fingerprints_of(state: State, names: list[str]) -> tuple[Fingerprint, ...]:
    """The firing alerts meant by names or fingerprints; an unknown one stands for itself."""
    found: list[Fingerprint] = []
    for name in names:
        meant = [a.fingerprint for a in state.alerts.alerts.values() if name in (a.name, a.fingerprint)]
        found += meant or [Fingerprint(neutral(name))]
    return tuple(dict.fromkeys(found))


def _ack(arguments: argparse.Namespace) -> int:
    state_holder: list[State] = []

    async def read(client: Client) -> int:
        state_holder.append(client.state)
        return DONE

    in_room(arguments, read)
    wanted = fingerprints_of(state_holder[0], arguments.alert)
    return act(arguments, Acknowledge(wanted, note=neutral(arguments.note)))


NODES = arg("node", nargs="+", metavar="NODE", help="one or more nodes")
SUBMIT: tuple[Argument, ...] = (
    arg("name", help="its name"),
    arg("--like", metavar="ID", help="copy what is not given from this workload"),
    arg("--image", default="", help="image to run, where the cluster has images"),
    arg("--command", default="", help="command or script to run, where the cluster takes one"),
    arg("--replicas", type=int, help="how many instances"),
    arg("--gpus", type=int, help="GPUs per instance"),
    arg("--cpus", type=int, help="CPUs per instance"),
    arg("--selector", action="append", default=[], metavar="K=V", help="where it may run, e.g. rack=rack2"),
    arg("--label", action="append", default=[], metavar="K=V", help="a label; may be repeated"),
    arg("--priority", default="", help="low, normal or high"),
)

VERBS = (
    Verb(
        "node-cordon",
        "act",
        "close nodes to new work",
        lambda a: act(a, Cordon(_nodes(a), reason=_reason(a))),
        (NODES, REASON, *COMMON),
    ),
    Verb(
        "node-uncordon",
        "act",
        "open nodes to new work again",
        lambda a: act(a, Uncordon(_nodes(a), reason=_reason(a))),
        (NODES, REASON, *COMMON),
    ),
    Verb(
        "node-drain",
        "act",
        "close nodes and empty them, as far as the cluster does that",
        lambda a: act(a, Drain(_nodes(a), grace_s=a.grace, reason=_reason(a))),
        (
            NODES,
            arg("--grace", type=int, default=60, metavar="S", help="grace period in seconds (60)"),
            REASON,
            *COMMON,
        ),
    ),
    Verb(
        "workload-stop",
        "act",
        "stop workloads",
        lambda a: act(
            a, Stop(tuple(WorkloadId(neutral(w)) for w in a.workload), force=a.force, reason=_reason(a))
        ),
        (
            arg("workload", nargs="+", metavar="ID", help="one or more workload ids"),
            arg("--force", action="store_true", help="kill at once instead of asking to end"),
            REASON,
            *COMMON,
        ),
    ),
    Verb("workload-submit", "act", "run something new", _submit, (*SUBMIT, REASON, *COMMON)),
    Verb(
        "workload-scale",
        "act",
        "change how many instances a workload has",
        lambda a: act(a, Scale(WorkloadId(neutral(a.workload)), a.replicas, reason=_reason(a))),
        (
            arg("workload", metavar="ID", help="workload id"),
            arg("replicas", type=int, help="how many instances"),
            REASON,
            *COMMON,
        ),
    ),
    Verb(
        "alert-create",
        "act",
        "tell everyone who watches alerts",
        lambda a: act(
            a,
            CreateAlert(
                str(neutral(a.name)),
                severity=a.severity,
                message=neutral(a.message),
                labels=_pairs(a.label, "--label"),
            ),
        ),
        (
            arg("name", help="the alert's name, e.g. sev1-mitigated"),
            arg(
                "--severity",
                default="info",
                choices=("info", "warning", "critical", RESOLVED),
                help=f"info; {RESOLVED} ends the one of this name that a room made",
            ),
            arg("--message", required=True, help="what everyone should know"),
            arg("--label", action="append", default=[], metavar="K=V", help="a label; may be repeated"),
            *COMMON,
        ),
    ),
    Verb(
        "alert-silence",
        "act",
        "keep matching alerts quiet for a time",
        _silence,
        (
            arg("matcher", nargs="+", help="alert name, NAME=VALUE, NAME!=VALUE or NAME=~REGEX"),
            arg("--for", dest="duration", default="1h", metavar="TIME", help="how long, e.g. 30m (1h)"),
            arg("--comment", required=True, help="why"),
            *COMMON,
        ),
    ),
    Verb(
        "alert-ack",
        "act",
        'say "seen, mine" of alerts: an event of the room, not a silence',
        _ack,
        (
            arg("alert", nargs="+", help="alert name or fingerprint"),
            arg("--note", default="", help="a word about it"),
            *COMMON,
        ),
    ),
)
