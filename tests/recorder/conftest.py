"""The verifier of docs/record-format.md, as a reader of that page would run it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "record-format.md"


@pytest.fixture
def independent_verifier() -> Callable[[Path], list[str]]:
    """The program printed on the page."""
    program = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(program) == 1
    names: dict[str, Any] = {}
    exec(program[0], names)
    return names["verify"]  # type: ignore[no-any-return]
