"""A missing real server is one skipped line on a laptop and a failure where it is required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REAL_SERVERS, missing_programs, missing_sentence
from tests.hygiene.source_tree import ROOT

TEST = """
import pytest
from tests.conftest import needs

@pytest.mark.real
@needs("no-such-server")
def test_drains_a_real_node():
    raise AssertionError("the test ran without its server")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A tree with our pytest settings and one test whose server exists nowhere."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "tests" / "test_real.py").write_text(TEST)
    return tmp_path


def run_pytest(folder: Path, *options: str, **environment: str) -> tuple[int, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "WARROOM_REQUIRE_REAL"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


SENTENCE = "no-such-server not found: apt-get install no-such-server"


def test_a_missing_server_is_skipped_with_one_line_naming_its_package(checkout: Path) -> None:
    code, output = run_pytest(checkout)
    assert code == 0
    assert output.count(SENTENCE) == 1
    assert "1 skipped" in output


@pytest.mark.parametrize(
    ("options", "environment"),
    [(["--require-real"], {}), ([], {"WARROOM_REQUIRE_REAL": "1"})],
)
def test_a_missing_server_fails_where_it_is_required(
    checkout: Path, options: list[str], environment: dict[str, str]
) -> None:
    code, output = run_pytest(checkout, *options, **environment)
    assert code == 1
    assert f"required but {SENTENCE}" in output
    assert "ran without its server" not in output


def test_the_sentence_names_packages_not_programs() -> None:
    assert (
        missing_sentence(["munged", "scontrol"])
        == "munged, scontrol not found: apt-get install munge slurm-client"
    )


def test_a_program_every_machine_has_is_found_and_an_unknown_one_is_not() -> None:
    assert missing_programs(["sh", "no-such-server", "no-such-plugin.so"]) == [
        "no-such-plugin.so",
        "no-such-server",
    ]
    assert "slurmctld" in REAL_SERVERS


def test_each_test_has_a_home_whose_socket_paths_fit(warroom_home: str) -> None:
    assert os.environ["WARROOM_HOME"] == warroom_home
    assert list(Path(warroom_home).iterdir()) == []
    assert len(warroom_home) < 60
