"""An installed wheel works outside the checkout, with its themes and sample clusters, and leaves the rest alone."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver.fixtures import ended, short_home
from tests.driver.program import ROOT, environment
from tests.driver.raw_terminal import RawTerminal
from warroom import __version__

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("warroom", "themes", "sample_clusters"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The installed ``warroom`` of a fresh environment; what it depends on is borrowed from this one."""
    folder = tmp_path_factory.mktemp("venv") / "v"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "-q",
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return str(folder / "bin" / "warroom")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A home that is not in the checkout, and the working directory of these tests."""
    folder = short_home()
    yield folder
    ended(folder)


def ran(command: str, home: Path, *words: str) -> str:
    """What the installed command prints when it is run from another folder."""
    env = environment(home, PYTHONPATH="")
    done = subprocess.run([command, *words], env=env, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"warroom", f"warroom-{__version__}.dist-info"}
    shipped = {Path(name).name for name in names if name.startswith("warroom/_data/")}
    assert shipped == {
        path.name for folder in ("themes", "sample_clusters") for path in (ROOT / folder).iterdir()
    }
    assert "warroom/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_command_runs_a_room_from_anywhere(command: str, elsewhere: Path) -> None:
    assert ran(command, elsewhere, "--version") == f"warroom {__version__}\n"
    assert "rack-switch" in ran(command, elsewhere, "scenarios")
    assert "is open" in ran(command, elsewhere, "demo", "rack-switch", "--headless")
    assert "nodes" in ran(command, elsewhere, "cluster-status")
    assert "ended" in ran(command, elsewhere, "stop")
    (recording,) = (elsewhere / "incidents").glob("*.db")
    assert "the record verifies" in ran(command, elsewhere, "verify", recording.stem)


def test_the_installed_screen_finds_its_themes(command: str, elsewhere: Path) -> None:
    terminal = RawTerminal(elsewhere)
    try:
        terminal.start("demo", "calm", command=[command], PYTHONPATH="")
        terminal.wait_for("NODES 16/16")
        terminal.press(b"q")
        assert terminal.wait_ended() == 0
    finally:
        terminal.end()


def test_uninstalling_leaves_nothing_but_what_is_the_persons(command: str, elsewhere: Path) -> None:
    python = str(Path(command).with_name("python"))
    assert "is open" in ran(command, elsewhere, "demo", "calm", "--headless")
    ran(command, elsewhere, "stop")
    assert {path.name for path in elsewhere.iterdir()} <= {
        "incidents",
        "rooms",
        "logs",
        "keys",
        "config.toml",
    }
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "uninstall", "-y", "-q", "warroom"],
        check=True,
        capture_output=True,
    )
    left = [path for path in Path(command).parents[1].rglob("*warroom*") if "__pycache__" not in path.parts]
    assert left == []
