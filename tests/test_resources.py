"""The shipped themes and sample clusters are found in a checkout and in an installed package alike."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from warroom.errors import WarroomError
from warroom.resources import data_folder, scenario_files, theme_files

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_has_its_data_beside_the_package() -> None:
    assert data_folder("themes") == ROOT / "themes"
    assert data_folder("sample_clusters") == ROOT / "sample_clusters"


def test_only_toml_files_are_offered_and_always_in_the_same_order() -> None:
    assert theme_files() == sorted((ROOT / "themes").glob("*.toml"))
    assert scenario_files() == sorted((ROOT / "sample_clusters").glob("*.toml"))


def test_an_installed_package_has_its_data_inside(tmp_path: Path) -> None:
    package = tmp_path / "site" / "warroom"
    (package / "_data" / "themes").mkdir(parents=True)
    (tmp_path / "site" / "themes").mkdir()
    assert data_folder("themes", package=package) == package / "_data" / "themes"


def test_missing_data_is_one_sentence_that_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(WarroomError) as missing:
        data_folder("themes", package=tmp_path / "warroom")
    said = str(missing.value)
    assert str(tmp_path / "warroom" / "_data" / "themes") in said
    assert str(tmp_path / "themes") in said
    assert "install warroom again" in said
    assert "\n" not in said


def test_a_wheel_brings_every_theme_and_sample_cluster(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=50,
    )
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("warroom-*.whl"))) as wheel:
        wheel.extractall(site)
    shown = subprocess.run(
        [sys.executable, "-c", _LIST_DATA],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
        timeout=50,
    )
    folder = site / "warroom" / "_data"
    assert shown.stdout.splitlines() == [
        *(str(folder / "themes" / path.name) for path in theme_files()),
        *(str(folder / "sample_clusters" / path.name) for path in scenario_files()),
    ]
    assert (folder / "themes" / "README.md").is_file()
    assert (folder / "sample_clusters" / "README.md").is_file()
    assert (site / "warroom" / "py.typed").is_file()


_LIST_DATA = """
from warroom.resources import scenario_files, theme_files
for path in [*theme_files(), *scenario_files()]:
    print(path)
"""
