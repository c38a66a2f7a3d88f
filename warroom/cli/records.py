"""Verbs about recordings: list, replay, export, verify."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.places import here
from warroom.cli.screen import LINK, THEME, link, looks, need_terminal, own
from warroom.cli.verb import DONE, FAILED, JSON, Usage, Verb, arg
from warroom.errors import WarroomError
from warroom.host.player import SPEEDS
from warroom.model.times import parse_time
from warroom.postmortem.document import ExportHeader, build
from warroom.postmortem.markdown import to_markdown
from warroom.postmortem.record_json import record_json
from warroom.recorder.reader import Recording, catalogue, find_recording
from warroom.views.rows import Cell, Column, Row


def _incidents(arguments: argparse.Namespace) -> int:
    listings = catalogue(here().incidents)
    if not arguments.all:
        listings = [one for one in listings if one.incident or one.trouble] or listings
    if arguments.json:
        show_json(listings)
        return DONE
    rows = [
        Row(
            one.id,
            tuple(
                map(
                    Cell,
                    (
                        one.id,
                        one.severity or "—",
                        one.cluster,
                        one.trouble
                        or ("resolved" if one.resolved else "open" if one.declared else "not declared"),
                        str(one.events),
                        one.title,
                    ),
                )
            ),
        )
        for one in listings
    ]
    columns = tuple(Column(t, None) for t in ("INCIDENT", "SEVERITY", "CLUSTER", "STATE", "EVENTS", "TITLE"))
    show_table(columns, rows, empty="nothing was recorded yet")
    return DONE


def _path(arguments: argparse.Namespace) -> Path:
    return find_recording(here().incidents, arguments.incident)


def _replay(arguments: argparse.Namespace) -> int:
    path = _path(arguments)
    if not SPEEDS[0] <= arguments.speed <= SPEEDS[-1]:
        raise Usage(f"--speed is {SPEEDS[0]:g} to {SPEEDS[-1]:g}, not {arguments.speed:g}")
    with Recording(path):
        pass
    need_terminal("`warroom export` gives the record as text")
    chosen = looks(arguments)
    found = link(arguments, chosen)
    # Deferred: Textual is slow to load, and no verb needs it.
    from warroom.bootstrap import replay_feed
    from warroom.ui.app import show_replay

    player = replay_feed(path)
    player.to_first_look()
    if arguments.at:
        player.seek_time(parse_time(arguments.at, player.end))
    player.set_speed(arguments.speed)
    player.play(arguments.play)
    return show_replay(player, chosen, found, own())


def _export(arguments: argparse.Namespace) -> int:
    path = _path(arguments)
    with Recording(path) as recording:
        head, links = recording.head()
        header = ExportHeader(recording.id, dict(recording.meta), recording.events, head.hex(), links)
        if arguments.format == "json":
            chunks = record_json(recording.envelopes, header)
        else:
            chunks = iter([to_markdown(build(recording.envelopes(), header)).encode()])
        if arguments.output in ("", "-"):
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            return DONE
        _write(Path(arguments.output).resolve(), chunks)
    tell(f"wrote {arguments.output}")
    return DONE


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    """Write all or nothing: an older export stays whole when this one cannot be finished."""
    if target.exists() and not target.is_file():
        # A pipe or a device is written to, never replaced; a folder is refused by the open itself.
        _write_into(target, chunks)
        return
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as wrong:
        raise WarroomError(f"cannot write {target}: {wrong.strerror}") from wrong
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(target)
    except OSError as wrong:
        Path(draft).unlink(missing_ok=True)
        raise WarroomError(f"cannot write {target}: {wrong.strerror}") from wrong
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _write_into(target: Path, chunks: Iterable[bytes]) -> None:
    try:
        with target.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
    except OSError as wrong:
        raise WarroomError(f"cannot write {target}: {wrong.strerror}") from wrong


def _verify(arguments: argparse.Namespace) -> int:
    # Deferred: no other verb checks records.
    from warroom.recorder.verify import verify

    report = verify(_path(arguments), keys=here().keys)
    if arguments.json:
        show_json(report)
        return FAILED if report.wrong else DONE
    say(f"{report.recording}: {report.events} events in {report.links} links of the chain")
    say(f"head {report.head}")
    say(f"signatures: {report.signed}")
    for note in report.notes:
        say(f"note: {note}")
    for sentence in report.wrong:
        say(f"WRONG: {sentence}")
    say("the record does NOT verify" if report.wrong else "the record verifies")
    return FAILED if report.wrong else DONE


INCIDENT = arg("incident", metavar="INCIDENT", help="its id (or the beginning of it), or a file")

VERBS = (
    Verb(
        "incidents",
        "records",
        "list recordings",
        _incidents,
        (arg("--all", action="store_true", help="also black boxes in which nothing was declared"), JSON),
    ),
    Verb(
        "replay",
        "records",
        "see a recording on the same screens",
        _replay,
        (
            INCIDENT,
            THEME,
            LINK,
            arg("--at", default="", metavar="TIME", help="begin there, such as 14:32 or -5m before the end"),
            arg("--speed", type=float, default=1.0, help="recorded seconds per second, 0.5 to 60 (1)"),
            arg("--play", action="store_true", help="begin to play at once"),
        ),
    ),
    Verb(
        "export",
        "records",
        "the post-mortem (markdown) or the whole record (json)",
        _export,
        (
            INCIDENT,
            arg("--format", default="markdown", choices=("markdown", "json"), help="(markdown)"),
            arg("--output", default="", metavar="FILE", help="write to a file instead of the terminal"),
        ),
    ),
    Verb(
        "verify",
        "records",
        "check a recording: chain, payloads, cached states, signatures",
        _verify,
        (INCIDENT, JSON),
    ),
)
