"""Whoever changes a recording afterwards is found out, and a payload can be erased without breaking the rest."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recorder.files import ask, checked, recording, tamper
from warroom.events.incident import IncidentDeclared, IncidentResolved
from warroom.events.room import BaselineRecorded, RoomOpened
from warroom.model.nouns import Severity
from warroom.model.text import Safe
from warroom.recorder.reader import Recording
from warroom.state import keyframe
from warroom.state.slices import State


@pytest.fixture
async def path(warroom_home: str) -> Path:
    """A closed recording with an incident, several links, a keyframe and three signed heads."""
    path = Path(warroom_home) / "incidents" / "r.db"
    async with recording(path) as rig:
        rig.say(BaselineRecorded(keyframe.encode(State())))
        rig.say(RoomOpened("r", "c", "sample", epoch=1, program="1"))
        rig.note("first")
        await rig.durable()
        rig.say(IncidentDeclared("r", Safe("all down"), Severity.SEV1))
        await rig.durable()
        for number in range(70):
            rig.line(f"line {number}")
        rig.note("second")
        await rig.durable()
        rig.say(IncidentResolved(Safe("up again")))
        await rig.durable()
        rig.note("the last word")
    return path


def seq_of(path: Path, kind: str) -> int:
    return ask(path, "SELECT max(seq) FROM events WHERE type = ?", kind)[0][0]  # type: ignore[return-value]


def test_an_untouched_recording_verifies(path: Path) -> None:
    report = checked(path)
    assert report.wrong == []
    assert report.events == 77
    assert report.links == len(ask(path, "SELECT n FROM batches"))
    assert "1 cached states compared with a fold of the events" in report.notes


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_its_heads_are_signed_when_opened_declared_and_resolved(path: Path) -> None:
    assert checked(path).signed == "3 heads signed by this installation"
    assert [what for (what,) in ask(path, "SELECT what FROM seals ORDER BY seq")] == [
        "opened",
        "declared",
        "resolved",
    ]


EDITS: dict[str, tuple[str, str]] = {
    "a word is replaced": (
        "UPDATE events SET payload = CAST(replace(payload, CAST('last' AS BLOB), CAST('LAST' AS BLOB)) AS BLOB) "
        "WHERE type = 'note.added'",
        "was edited",
    ),
    "who said it": ("UPDATE events SET actor = NULL WHERE seq = 3", "the chain breaks between #1 and #3"),
    "when it was": ("UPDATE events SET time = time - 60000000 WHERE seq = 10", "the chain breaks"),
    "what it was": ("UPDATE events SET type = 'marker.added' WHERE seq = 3", "the chain breaks"),
    "a row is gone": ("DELETE FROM events WHERE seq = 10", "the chain breaks"),
    "the first row is gone": ("DELETE FROM events WHERE seq = 1", "the record begins at #2"),
    "a row is added": (
        "INSERT INTO events SELECT 1000, room_ms, time, observed_time, source, actor, type, version, packing, "
        "payload, salt, commitment FROM events WHERE seq = 3",
        "the events from #1000 on belong to no link",
    ),
    "a link is gone": ("DELETE FROM batches WHERE n = 2", "the chain breaks"),
    "a head is replaced": ("UPDATE batches SET head = zeroblob(32) WHERE n = 1", "the chain breaks"),
    "the title in the lists": (
        "UPDATE meta SET value = 'nothing' WHERE key = 'title'",
        "the header names another",
    ),
    "the severity in the lists": (
        "UPDATE meta SET value = 'SEV4' WHERE key = 'severity'",
        "the header names another",
    ),
    "a payload that is no zstd": ("UPDATE events SET payload = x'00' WHERE packing = 1", "cannot read event"),
    "a commitment": ("UPDATE events SET commitment = zeroblob(32) WHERE seq = 3", "was edited"),
}


@pytest.mark.parametrize(("statement", "found"), EDITS.values(), ids=EDITS)
def test_a_change_is_found(path: Path, statement: str, found: str) -> None:
    assert tamper(path, statement) >= 1
    assert any(found in sentence for sentence in checked(path).wrong), checked(path).wrong


def test_one_deleted_row_breaks_one_link_and_no_other(path: Path) -> None:
    first = ask(path, "SELECT first_seq FROM batches WHERE n = 3")[0][0]
    tamper(path, "DELETE FROM events WHERE seq = ?", first)
    assert len([s for s in checked(path).wrong if "the chain breaks" in s]) == 1


def test_a_record_cut_short_is_found_by_its_signed_head(path: Path) -> None:
    resolved = seq_of(path, "incident.resolved")
    for table, column in (
        ("events", "seq"),
        ("batches", "last_seq"),
        ("keyframes", "seq"),
        ("log_index", "seq"),
    ):
        tamper(path, f"DELETE FROM {table} WHERE {column} >= ?", resolved)
    tamper(path, "UPDATE meta SET value = '' WHERE key = 'resolved'")
    assert checked(path).wrong == [f"the record is shorter than when it was signed at #{resolved} (resolved)"]


def test_a_record_cut_short_by_its_unsigned_end_is_only_found_by_the_head_that_was_printed(
    path: Path,
) -> None:
    head = checked(path).head
    last = ask(path, "SELECT first_seq FROM batches ORDER BY n DESC LIMIT 1")[0][0]
    tamper(path, "DELETE FROM events WHERE seq >= ?", last)
    tamper(path, "DELETE FROM batches WHERE first_seq >= ?", last)
    assert checked(path).wrong == []
    assert checked(path).head != head


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_a_rewritten_chain_does_not_carry_the_signature_over(path: Path) -> None:
    tamper(path, "UPDATE seals SET head = zeroblob(32) WHERE what = 'declared'")
    wrong = checked(path).wrong
    assert any("is not the chain's head there" in sentence for sentence in wrong)
    assert any("is not this installation's" in sentence for sentence in wrong)


def erase(path: Path, seq: int) -> None:
    tamper(path, "UPDATE events SET packing = 2, payload = NULL, salt = NULL WHERE seq = ?", seq)
    tamper(path, "DELETE FROM keyframes WHERE seq >= ?", seq)


def test_an_erased_payload_leaves_the_chain_whole(path: Path) -> None:
    head = checked(path).head
    erase(path, 3)
    report = checked(path)
    assert report.wrong == []
    assert report.head == head
    assert "1 payloads were erased; their place in the chain holds" in report.notes


def test_an_erased_event_keeps_its_place_and_says_nothing(path: Path) -> None:
    erase(path, 3)
    with Recording(path) as reading:
        event = next(e for e in reading.envelopes() if e.seq == 3)
        assert event.type == "note.added.erased"
        state = reading.state_at(reading.last_seq)
    assert state.strangers == 1
    assert "first" not in [moment.text for moment in state.timeline.moments]
    assert "the last word" in [moment.text for moment in state.timeline.moments]


def test_a_cached_state_that_the_events_do_not_give_is_found(path: Path) -> None:
    import hashlib

    import zstandard

    with Recording(path) as reading:
        frame = next(reading.keyframes())
        state = reading.state_at(frame.seq)
    state.room.cluster = "another"
    packed = zstandard.ZstdCompressor().compress(keyframe.encode(state))
    digest = hashlib.sha256(packed).digest()
    tamper(path, "UPDATE keyframes SET state = ?, digest = ? WHERE seq = ?", packed, digest, frame.seq)
    assert any("is not the fold of the events" in sentence for sentence in checked(path).wrong)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE keyframes SET state = zeroblob(100)",
        "UPDATE keyframes SET format = 99",
        "UPDATE keyframes SET digest = zeroblob(32)",
        "DELETE FROM keyframes",
    ],
)
def test_a_keyframe_is_a_cache_and_a_damaged_or_foreign_one_is_not_used(path: Path, statement: str) -> None:
    def every_state() -> list[bytes]:
        with Recording(path) as reading:
            return [keyframe.encode(reading.state_at(seq)) for seq in range(1, reading.last_seq + 1)]

    before = every_state()
    assert tamper(path, statement) == 1
    assert every_state() == before
    assert checked(path).wrong == []


def test_a_stranger_can_verify_it_with_the_page_about_the_format_alone(
    path: Path, independent_verifier: Callable[[Path], list[str]]
) -> None:
    assert independent_verifier(path) == []
    tamper(path, "UPDATE events SET room_ms = room_ms + 1 WHERE seq = 10")
    assert independent_verifier(path) == ["link 3"]
