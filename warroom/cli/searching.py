"""Verbs that search: logs, metrics, what changed, the timeline."""

import argparse

from warroom.cli.looking import LOOK, stamp, state_verb
from warroom.cli.output import say, show_json, tell
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, FAILED, Usage, Verb, arg
from warroom.host.client import Client
from warroom.model.commands import LogsFound, MetricRange, MetricsFound, SearchLogs, WorkloadLogs
from warroom.model.nouns import LogLine, WorkloadId
from warroom.model.text import neutral
from warroom.model.times import parse_duration, parse_time
from warroom.state.slices import Moment
from warroom.views.timeline import GLYPHS
from warroom.views.what_changed import changed_lines, start_of, symptoms, what_changed


def line_text(line: LogLine) -> str:
    """A log line for people."""
    time = f"{line.time:%H:%M:%S}Z " if line.time else ""
    where = " ".join(part for part in (line.node, line.workload) if part)
    return f"{time}{line.level.upper():<5} {where} {line.text}"


def _show_logs(arguments: argparse.Namespace, found: LogsFound) -> int:
    if arguments.json:
        show_json(found)
        return DONE
    for line in found.lines:
        say(line_text(line))
    cut = f", the newest {len(found.lines)} shown" if found.matched > len(found.lines) else ""
    tell(f"{found.matched} of {found.searched} lines match{cut} (from {found.origin})")
    return DONE


def _workload_logs(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        query = WorkloadLogs(
            WorkloadId(neutral(arguments.workload)), level=arguments.level, tail=arguments.tail
        )
        return _show_logs(arguments, await client.ask(query))

    return in_room(arguments, use)


def _logs_search(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        start = parse_time(arguments.start, client.now) if arguments.start else None
        end = parse_time(arguments.end, client.now) if arguments.end else None
        if start is not None and end is not None and end <= start:
            raise Usage("--start must be before --end")
        query = SearchLogs(
            arguments.query,
            start=start,
            end=end,
            limit=arguments.limit,
            workload=arguments.workload,
            node=arguments.node,
            level=arguments.level,
        )
        return _show_logs(arguments, await client.ask(query))

    return in_room(arguments, use)


def _metrics_query(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        query = MetricRange(
            arguments.metric,
            parse_time(arguments.start, client.now),
            parse_time(arguments.end, client.now),
            parse_duration(arguments.step).total_seconds(),
        )
        found: MetricsFound = await client.ask(query)
        if arguments.json:
            show_json(found)
            return DONE
        for series in found.series:
            labels = ",".join(f"{k}={v}" for k, v in sorted(series.labels.items())) or arguments.metric
            for time, value in series.points:
                say(f"{stamp(time)}  {labels}  {'no data' if value is None else f'{value:g}'}")
        for warning in found.warnings:
            tell(f"{found.origin} warns: {warning}")
        if found.left_out:
            tell(f"{found.left_out} series left out; ask for fewer")
        if not found.series:
            tell(f"no data for {arguments.metric} in that time (from {found.origin})")
            return FAILED
        return DONE

    return in_room(arguments, use)


def _timeline(arguments: argparse.Namespace, client: Client) -> int:
    timeline = client.state.timeline
    moments = [m for m in timeline.moments if arguments.kind in ("", m.kind)][-arguments.limit :]
    if arguments.json:
        show_json(moments)
        return DONE
    if timeline.older:
        tell(f"{timeline.older} older moments are in the recording; see `warroom export`")
    for moment in moments:
        say(moment_text(moment))
    return DONE


def moment_text(moment: Moment) -> str:
    """A line of the timeline for people."""
    return f"{stamp(moment.time)}  #{moment.seq:<6} {moment.kind:<9} {moment.actor}: {moment.text}"


def _what_changed(arguments: argparse.Namespace, client: Client) -> int:
    state, now = client.state, client.now
    if arguments.json:
        start, word = start_of(state, now)
        every = what_changed(state, now)
        changes = [
            {
                "time": c.time,
                "before_s": c.before.total_seconds(),
                "kind": c.kind,
                "text": c.words,
                "seq": c.seq,
            }
            for c in every
        ]
        show_json({"start": start, "by": word, "symptoms": symptoms(state, start), "changes": changes})
        return DONE
    for one in changed_lines(state, now, arguments.limit):
        say("".join(cell.text for cell in one.spans))
    return DONE


LEVEL = arg(
    "--level", default="", choices=("debug", "info", "warn", "error", "fatal"), help="at least this bad"
)

VERBS = (
    Verb(
        "workload-logs",
        "look",
        "the newest log lines of a workload, from its source",
        _workload_logs,
        (
            arg("workload", metavar="ID", help="workload id"),
            LEVEL,
            arg("--tail", type=int, default=100, metavar="N", help="how many lines (100)"),
            *LOOK,
        ),
    ),
    Verb(
        "metrics-query",
        "look",
        "one metric over a time",
        _metrics_query,
        (
            arg("metric", help="request_latency_p99, gpu_utilization, ... or a query of the source"),
            arg("--start", default="-30m", metavar="TIME", help="-30m, 14:32, 2026-01-31T14:32:07Z (-30m)"),
            arg("--end", default="now", metavar="TIME", help="(now)"),
            arg("--step", default="1m", metavar="TIME", help="(1m)"),
            *LOOK,
        ),
    ),
    Verb(
        "logs-search",
        "look",
        "search the recorded log lines; the answer is kept as evidence",
        _logs_search,
        (
            arg(
                "query",
                help='a filter: word, /re/, !x, level=error, node~re, a|b, "a phrase"; space = and, OR',
            ),
            arg("--start", default="", metavar="TIME", help="-5m, 14:32, 2026-01-31T14:32:07Z (all)"),
            arg("--end", default="", metavar="TIME", help="(now)"),
            arg("--limit", type=int, default=500, metavar="N", help="the newest N (500)"),
            arg("--workload", default="", metavar="ID", help="only of this workload"),
            arg("--node", default="", help="only of this node"),
            LEVEL,
            *LOOK,
        ),
    ),
    Verb(
        "what-changed",
        "look",
        "what was different just before it began, the closest first",
        state_verb(_what_changed),
        (arg("--limit", type=int, default=100, metavar="N", help="the closest N (100)"), *LOOK),
    ),
    Verb(
        "timeline",
        "look",
        "the timeline",
        state_verb(_timeline),
        (
            arg(
                "--kind",
                default="",
                choices=tuple(GLYPHS),
                metavar="KIND",
                help=f"only one of {', '.join(GLYPHS)}",
            ),
            arg("--limit", type=int, default=100, metavar="N", help="the newest N (100)"),
            *LOOK,
        ),
    ),
)
