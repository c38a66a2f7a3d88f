"""What every test gets: a home of its own, and its real programs or one line saying which are missing."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

PACKAGES = {
    "auth_jwt.so": "slurm-wlm-jwt-plugin",
    "munged": "munge",
    "prometheus": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "scontrol": "slurm-client",
    "slurmctld": "slurmctld",
    "slurmd": "slurmd",
    "slurmrestd": "slurmrestd",
    "ssh": "openssh-client",
    "sshd": "openssh-server",
    "tmux": "tmux",
    "unshare": "util-linux",
}
"""The Debian package that brings each program a test may need."""

REAL_SERVERS = (
    "auth_jwt.so",
    "munged",
    "prometheus",
    "prometheus-alertmanager",
    "scontrol",
    "slurmctld",
    "slurmd",
    "slurmrestd",
)
"""What a test marked ``real`` needs when it names nothing."""

# A shared machine may stall any one example; the time limit of a whole test is pytest-timeout's.
settings.register_profile("warroom", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("warroom")


def needs(*programs: str) -> pytest.MarkDecorator:
    """Mark what a test runs: skipped where a program is missing, failed there when all are required."""
    return pytest.mark.needs(*programs)


def missing_programs(programs: Iterable[str]) -> list[str]:
    """Those of these programs (or Slurm plugins, by file name) that this machine lacks, sorted."""
    return sorted({program for program in programs if not _installed(program)})


def missing_sentence(programs: Iterable[str]) -> str:
    """Say which programs are missing and which packages bring them."""
    names = list(programs)
    packages = sorted({PACKAGES.get(name, name) for name in names})
    return f"{', '.join(names)} not found: apt-get install {' '.join(packages)}"


def _installed(program: str) -> bool:
    if program.endswith(".so"):
        return any(
            True
            for libraries in ("lib*", "lib*/*")
            for _ in Path("/usr").glob(f"{libraries}/slurm*/{program}")
        )
    # Debian keeps servers where an ordinary user's PATH does not look.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    return shutil.which(program, path=path) is not None


def _needed(item: pytest.Item) -> list[str]:
    named = [
        program for mark in ("needs", "real") for found in item.iter_markers(mark) for program in found.args
    ]
    if not named and item.get_closest_marker("real"):
        named = list(REAL_SERVERS)
    if item.get_closest_marker("pty"):
        named.append("tmux")
    return named


def _required(config: pytest.Config) -> bool:
    return config.getoption("--require-real") or os.environ.get("WARROOM_REQUIRE_REAL", "") not in {"", "0"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-real",
        action="store_true",
        help="fail the tests whose real programs are missing (also: WARROOM_REQUIRE_REAL=1)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _required(config):
        return
    for item in items:
        if missing := missing_programs(_needed(item)):
            item.add_marker(pytest.mark.skip(reason=missing_sentence(missing)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if _required(item.config) and (missing := missing_programs(_needed(item))):
        pytest.fail(f"required but {missing_sentence(missing)}", pytrace=False)


@pytest.fixture(autouse=True)
def warroom_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A home that no other test and no real room shares; its path is short, as a socket's path must be."""
    with tempfile.TemporaryDirectory(prefix="wr-", ignore_cleanup_errors=True) as home:
        monkeypatch.setenv("WARROOM_HOME", home)
        yield home


@pytest.fixture(autouse=True)
def a_terminal_with_all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test shows does not depend on the terminal it is started from."""
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE", "TEXTUAL_COLOR_SYSTEM", "WARROOM_THEME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")):
        monkeypatch.setenv(name, value)
