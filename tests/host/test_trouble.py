"""What a room shows and does while its record cannot be kept, and after."""

from pathlib import Path

import pytest

from tests.host.rigs import MAYA, RoomRig, open_room
from tests.recorder.files import keys_of, recording
from warroom.events.room import BaselineRecorded, RecorderDegraded, RecorderRecovered
from warroom.events.sources import SourcePolled
from warroom.model.commands import AddNote, DeclareIncident, ResolveIncident
from warroom.model.nouns import Severity
from warroom.model.text import Safe
from warroom.recorder.opening import resume_recorder
from warroom.recorder.reader import Recording
from warroom.state import keyframe
from warroom.state.fold import apply_all
from warroom.state.slices import State


async def in_trouble(rig: RoomRig) -> None:
    rig.recorder.fail("no room left")
    await rig.room.wish(AddNote(Safe("is anybody there?")), MAYA)
    await rig.settle()


async def test_the_room_goes_on_and_says_that_it_is_not_recorded() -> None:
    async with open_room() as rig:
        await in_trouble(rig)
        assert rig.state.room.degraded == "no room left"
        assert rig.texts()[-1] == "NOT RECORDING: no room left"
        await rig.synced("n1")
        assert "n1" in rig.state.cluster.nodes
        await rig.room.wish(AddNote(Safe("we go on")), MAYA)
        assert rig.texts()[-1] == "we go on"


async def test_recorded_is_never_ahead_of_the_record() -> None:
    async with open_room() as rig:
        before = rig.recorder.recorded_seq
        await in_trouble(rig)
        assert rig.recorder.recorded_seq == before < rig.state.seq


async def test_when_it_is_over_the_room_says_so_and_everything_is_in_the_record() -> None:
    async with open_room() as rig:
        await in_trouble(rig)
        rig.recorder.mend()
        await rig.settle()
        assert rig.state.room.degraded == ""
        assert rig.texts()[-1].startswith("recording again")
        assert [type(e) for e in rig.events(RecorderDegraded)] == [RecorderDegraded]
        assert keyframe.encode(apply_all(State(), rig.recorder.kept)) == keyframe.encode(rig.state)


async def test_a_record_that_lost_observations_goes_on_from_the_whole_state() -> None:
    async with open_room() as rig:
        await rig.synced("n1")
        kept = list(rig.recorder.kept)
        await rig.synced("n2")
        rig.room._recorder_trouble("", 0, 2)
        await rig.settle()
        recovered = next(e.seq for e in rig.recorder.kept if e.type == RecorderRecovered.type)
        holed = [*kept, *(e for e in rig.recorder.kept if e.seq >= recovered)]
        assert holed[-1].type == BaselineRecorded.type
        assert keyframe.encode(apply_all(State(), holed)) == keyframe.encode(rig.state)


async def test_trouble_of_the_last_recording_is_not_that_of_the_next() -> None:
    async with open_room() as rig:
        await rig.room.wish(DeclareIncident(Safe("one"), Severity.SEV1), MAYA)
        await rig.room.wish(ResolveIncident(), MAYA)
        await in_trouble(rig)
        await rig.room.wish(DeclareIncident(Safe("two"), Severity.SEV1), MAYA)
        await rig.settle()
        assert rig.state.room.degraded == ""
        await rig.show(SourcePolled())
        assert rig.further.made[0].recorded_seq == rig.state.seq


@pytest.mark.parametrize("beats", [1, 3])
async def test_a_host_that_goes_on_in_a_recording_numbers_on_and_forgets_nothing(
    warroom_home: str, beats: int
) -> None:
    path = Path(warroom_home) / "incidents" / "r.db"
    async with recording(path) as written:
        for number in range(beats):
            written.note(f"note {number}")
        await written.durable()
    recorder, state = await resume_recorder(path, keys=keys_of(path))
    await recorder.close()
    with Recording(path) as reading:
        assert keyframe.encode(state) == keyframe.encode(reading.state_at(reading.last_seq))
    async with open_room(state=state) as again:
        assert again.recorder.kept[0].seq == beats + 1
        assert f"note {beats - 1}" in again.texts()
        assert any("reopened after a crash (host 1)" in text for text in again.texts())
