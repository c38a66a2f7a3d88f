"""The pictures in the documentation can be taken again by anybody and need nothing from elsewhere."""

from pathlib import Path

import pytest

from tests.driver.program import ROOT
from tests.shots import SHOTS, picture, recorded


@pytest.mark.slow
async def test_a_picture_is_the_same_whenever_it_is_taken(tmp_path: Path) -> None:
    taken = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        recording = await recorded(tmp_path / name)
        taken.append([await picture(recording, shot) for shot in SHOTS if shot.replay or shot.name == "plan"])
    assert taken[0] == taken[1]
    assert all("url(http" not in svg and "gpu-01" in svg for svg in taken[0])


def test_each_picture_that_is_taken_is_there_and_none_is_left_over() -> None:
    there = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    assert there == {f"{shot.name}.svg" for shot in SHOTS}
