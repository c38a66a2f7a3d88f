"""Checks a recording against itself: chain, payloads, gaps, cached states, header, signed heads."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from warroom.errors import Unreadable, WarroomError
from warroom.recorder.batch import state_of
from warroom.recorder.reader import Recording
from warroom.recorder.reserve import Reserve
from warroom.recorder.rows import ERASED, START, EventRow, chained, commitment, envelope_of, payload_of
from warroom.recorder.seal import Signer
from warroom.recorder.tables import KEEP_MS
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.slices import State


class Report(msgspec.Struct):
    """What a check found."""

    recording: str
    events: int = 0
    links: int = 0
    head: str = ""
    signed: str = ""
    """What is known of the signatures, in words."""
    notes: list[str] = []
    wrong: list[str] = []
    """What does not hold; empty when the record verifies."""


def verify(path: Path, *, keys: Path) -> Report:
    """Check everything there is to check; raises ``WarroomError`` only when the file cannot be opened."""
    with Recording(path) as recording:
        report = Report(recording.id, events=recording.events)
        try:
            _check_dropped(recording, report)
            _check_chain(recording, report)
            _check_states(recording, report)
        except (Unreadable, WarroomError) as damaged:
            report.wrong.append(str(damaged))
        _check_seals(recording, report, Signer(keys))
    if waiting := len(Reserve(path.with_suffix(".reserve")).kept()):
        report.notes.append(
            f"{waiting} events wait in the reserve file; the next room that opens merges them"
        )
    return report


def _check_dropped(recording: Recording, report: Report) -> None:
    """Nothing may be missing at the start but what a black box drops: whole segments older than it reaches."""
    dropped = int(recording.meta.get("dropped_up_to", "0"))
    segments = recording.segments()
    if recording.first_seq > 1 and not any(seq == recording.first_seq for seq, _ in segments):
        report.wrong.append(f"the record begins at #{recording.first_seq}, which is no start of a segment")
    if not dropped:
        return
    report.notes.append(f"events up to #{dropped} were dropped before an incident was declared")
    declared = recording.declared_seq()
    newest = max((ms for seq, ms in segments if declared is None or seq < declared), default=0)
    if recording.first_seq != dropped + 1 or recording.first_ms > newest - KEEP_MS:
        report.wrong.append(f"events before #{recording.first_seq} were removed that a black box keeps")


def _check_chain(recording: Recording, report: Report) -> None:
    head = bytes.fromhex(recording.meta.get("dropped_head", "")) or START
    erased, last = 0, 0
    rows = recording.rows()
    row = next(rows, None)
    for number, first_seq, last_seq, stored in recording.batches():
        link: list[EventRow] = []
        while row is not None and row.seq <= last_seq:
            if last and row.seq != last + 1:
                report.notes.append(f"events #{last + 1} to #{row.seq - 1} were never kept")
            last = row.seq
            link.append(row)
            erased += row.packing == ERASED
            _check_payload(row, report)
            row = next(rows, None)
        head = chained(head, link)
        if not link or (link[0].seq, link[-1].seq) != (first_seq, last_seq) or head != stored:
            report.wrong.append(
                f"the chain breaks between #{first_seq} and #{last_seq}: rows were changed or removed"
            )
            head = stored
        report.links = number
    if row is not None:
        report.wrong.append(f"the events from #{row.seq} on belong to no link of the chain")
    report.head = head.hex()
    if erased:
        report.notes.append(f"{erased} payloads were erased; their place in the chain holds")


def _check_payload(row: EventRow, report: Report) -> None:
    if row.packing == ERASED:
        return
    try:
        payload = payload_of(row)
    except Unreadable as damaged:
        report.wrong.append(str(damaged))
        return
    if payload is None or row.salt is None or commitment(row.salt, payload) != row.commitment:
        report.wrong.append(f"event #{row.seq} ({row.type}) was edited: it is not what the chain holds of it")


def _check_states(recording: Recording, report: Report) -> None:
    """Fold the record once more: its cached states and its header must be what the events say."""
    frames = {frame.seq: frame for frame in recording.keyframes()}
    state = State()
    checked = 0
    for row in recording.rows():
        state = apply(state, envelope_of(row))
        frame = frames.get(row.seq)
        if frame is None:
            continue
        cached = state_of(frame)
        if cached is None:
            report.notes.append(
                f"the cached state at #{frame.seq} is of another format or damaged; it is not used"
            )
        elif keyframe.encode(cached) != keyframe.encode(state):
            report.wrong.append(f"the cached state at #{frame.seq} is not the fold of the events before it")
        checked += 1
    report.notes.append(f"{checked} cached states compared with a fold of the events")
    incident = state.incident.incident
    if incident is not None and recording.declared_seq() is not None:
        said = {
            "incident": incident.incident,
            "title": str(incident.title),
            "severity": str(incident.severity),
        }
        if any(recording.meta.get(name) != value for name, value in said.items()):
            report.wrong.append("the header names another incident, title or severity than the events")


def _check_seals(recording: Recording, report: Report, signer: Signer) -> None:
    links = {last: head for _, _, last, head in recording.batches()}
    good = unsigned = unknown = 0
    dropped = int(recording.meta.get("dropped_up_to", "0"))
    with TemporaryDirectory() as scratch:
        for seq, what, _, head, signature in recording.seals():
            if seq <= dropped:
                continue
            if seq > recording.last_seq:
                report.wrong.append(f"the record is shorter than when it was signed at #{seq} ({what})")
            elif links.get(seq) != head:
                report.wrong.append(f"the head signed at #{seq} ({what}) is not the chain's head there")
            if not signature:
                unsigned += 1
                continue
            answer = signer.check(head, signature, Path(scratch))
            good += answer is True
            unknown += answer is None
            if answer is False:
                report.wrong.append(f"the signature at #{seq} ({what}) is not this installation's")
    parts = [
        (good, "signed by this installation"),
        (unsigned, "unsigned"),
        (unknown, "signed by an unknown key"),
    ]
    report.signed = (
        ", ".join(f"{count} heads {words}" for count, words in parts if count) or "no head was signed"
    )
