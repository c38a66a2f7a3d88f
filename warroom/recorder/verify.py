"""Checks a recording against itself: chain, payloads, gaps, cached states, signed heads."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from warroom.errors import Unreadable, WarroomError
from warroom.recorder.batch import state_of
from warroom.recorder.reader import Recording
from warroom.recorder.rows import ERASED, START, EventRow, chained, commitment, envelope_of, payload_of
from warroom.recorder.seal import Signer
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
            _check_chain(recording, report)
            _check_keyframes(recording, report)
        except (Unreadable, WarroomError) as damaged:
            report.wrong.append(str(damaged))
        _check_seals(recording, report, Signer(keys))
    return report


def _check_chain(recording: Recording, report: Report) -> None:
    head = START
    if dropped := recording.meta.get("dropped_head"):
        head = bytes.fromhex(dropped)
        report.notes.append(
            f"events up to #{recording.meta.get('dropped_up_to')} were dropped before an incident was declared"
        )
    rows = recording.rows()
    erased, last = 0, 0
    for number, first_seq, last_seq, stored in recording.batches():
        link: list[EventRow] = []
        for row in rows:
            if last and row.seq != last + 1:
                report.notes.append(f"events #{last + 1} to #{row.seq - 1} were never kept")
            last = row.seq
            link.append(row)
            erased += row.packing == ERASED
            _check_payload(row, report)
            if row.seq >= last_seq:
                break
        head = chained(head, link)
        if not link or (link[0].seq, link[-1].seq) != (first_seq, last_seq) or head != stored:
            report.wrong.append(
                f"the chain breaks between #{first_seq} and #{last_seq}: rows were changed or removed"
            )
            head = stored
        report.links = number
    if leftover := sum(1 for _ in rows):
        report.wrong.append(f"{leftover} events at the end belong to no link of the chain")
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


def _check_keyframes(recording: Recording, report: Report) -> None:
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
