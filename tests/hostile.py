"""The corpus of hostile strings, as they arrive."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

CORPUS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "hostile-strings.json").read_text("utf-8")
)["strings"]


def raw_of(entry: dict[str, Any]) -> str | bytes:
    """The hostile string as it arrives."""
    if "input_b64" in entry:
        return base64.b64decode(entry["input_b64"])
    if "input_gen" in entry:
        made = entry["input_gen"]
        return str(made.get("prefix", "") + made["unit"] * made["times"] + made.get("suffix", ""))
    return str(entry["input"])


def expecting(field: str) -> list[Any]:
    """The entries that say what must come of them in one field, each named by its id."""
    return [pytest.param(raw_of(entry), entry[field], id=entry["id"]) for entry in CORPUS if field in entry]
