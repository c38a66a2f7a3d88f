"""Golden recordings: one of every released format must open, fold, replay, verify and export for ever."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recorder.files import checked
from warroom.events.codec import TYPES
from warroom.host.player import Player
from warroom.model.commands import SearchLogs
from warroom.model.requests import Verdict
from warroom.postmortem.document import ExportHeader, build
from warroom.postmortem.markdown import to_markdown
from warroom.postmortem.record_json import record_json
from warroom.recorder.reader import Recording
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import State

DATA = Path(__file__).resolve().parents[1] / "data"
GOLDEN = sorted(DATA.glob("golden-v*.db"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest, warroom_home: str) -> Path:
    """A copy: opening a recording may bring it to a newer format."""
    copy = Path(warroom_home) / "incidents" / request.param.name
    copy.parent.mkdir()
    shutil.copyfile(request.param, copy)
    return copy


def test_it_verifies(path: Path) -> None:
    report = checked(path)
    assert report.wrong == []
    assert report.events == 78
    assert "1 cached states compared with a fold of the events" in report.notes
    assert report.signed == "4 heads signed by an unknown key"


def test_a_stranger_verifies_it_too(path: Path, independent_verifier: Callable[[Path], list[str]]) -> None:
    assert independent_verifier(path) == []


def test_it_holds_an_event_of_every_type_there_was_and_one_nobody_knows(path: Path) -> None:
    with Recording(path) as reading:
        kinds = {envelope.type for envelope in reading.envelopes()}
        assert len(kinds & set(TYPES)) == 41
        assert {"marker.added.erased", "moon.rose"} == kinds - set(TYPES)


def test_it_folds_into_what_happened(path: Path) -> None:
    with Recording(path) as reading:
        state = reading.state_at(reading.last_seq)
    assert (state.strangers, state.unreadable, state.missed) == (2, 0, 0)
    incident = state.incident.incident
    assert incident is not None
    assert (incident.severity, incident.open, incident.title) == (
        "SEV2",
        False,
        "All inference requests failing",
    )
    assert state.actions.actions["A1"].verdict is Verdict.SEEN
    assert [action.stage for action in state.actions.actions.values()] == [
        "verified",
        "failed",
        "refused",
        "expired",
    ]
    assert "alert NodeDown firing (critical): gpu-02 is down" in [m.text for m in state.timeline.moments]
    assert state.room.closed


def test_every_moment_of_it_can_be_replayed(path: Path) -> None:
    with Recording(path) as reading:
        log = list(reading.envelopes())
        player = Player(reading, title="golden")
        for envelope in (*log, *reversed(log)):
            player.seek_seq(envelope.seq)
            assert player.state.seq == envelope.seq
            folded = apply_all(State(), log[: envelope.seq])
            assert keyframe.encode(player.state) == keyframe.encode(folded)


def test_its_lines_can_be_searched(path: Path) -> None:
    with Recording(path) as reading:
        found = reading.search_logs(SearchLogs("upstream", level="error", limit=5))
    assert (found.matched, len(found.lines)) == (30, 5)


def test_it_can_be_exported_whole(path: Path) -> None:
    with Recording(path) as reading:
        head, links = reading.head()
        header = ExportHeader(reading.id, dict(reading.meta), reading.events, head.hex(), links)
        page = to_markdown(build(reading.envelopes(), header))
        record = json.loads(b"".join(record_json(reading.envelopes, header)))
    assert "# Post-mortem: All inference requests failing" in page
    assert "a secret" not in page + json.dumps(record)
    assert len(record["events"]) == 78
    assert {"phase": "full"} in [event["data"] for event in record["events"]]


def test_there_is_one_of_the_first_format() -> None:
    assert DATA / "golden-v1.db" in GOLDEN
