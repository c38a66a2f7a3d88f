"""Deferred imports really defer: a verb starts without the screen and without the network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hygiene.source_tree import PACKAGE, ROOT, python_files

HEAVY = {"textual", "httpx", "aiosqlite", "mcp"}
REPORT = (
    "import json, sys; sys.stderr.write(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
)
VERSION = f"""
import sys
sys.argv = ["warroom", "--version"]
from warroom.__main__ import main
try:
    main()
except SystemExit as left:
    assert left.code in (0, None), left.code
{REPORT}
"""


def loaded_by(code: str) -> set[str]:
    """The top-level modules a fresh interpreter has loaded after this code."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_a_heavy_import_would_be_noticed() -> None:
    assert "httpx" in loaded_by(f"import httpx\n{REPORT}")


@pytest.mark.skipif(not (PACKAGE / "__main__.py").exists(), reason="there is no entry point")
def test_the_version_is_told_without_screen_network_or_database() -> None:
    assert loaded_by(VERSION) & HEAVY == set()


@pytest.mark.skipif(not (PACKAGE / "cli").exists(), reason="there is no command line")
def test_the_command_line_loads_neither_screen_nor_network_nor_database() -> None:
    modules = "\n".join(f"import {module_of(path)}" for path in python_files(PACKAGE / "cli"))
    assert loaded_by(f"{modules}\n{REPORT}") & HEAVY == set()
