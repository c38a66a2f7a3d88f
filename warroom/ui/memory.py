"""What a person typed before and kept by name, from one screen to the next. Never what a room recorded."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MOST_TYPED = 100


class Memory:
    """Lines typed and filters saved; in a file of the person's own where there is one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._typed: dict[str, list[str]] = {}
        self.filters: dict[str, str] = {}
        """Saved filters by name."""
        self._read()

    @property
    def folder(self) -> Path | None:
        """The folder of its file."""
        return self._path.parent if self._path is not None else None

    def typed(self, where: str) -> list[str]:
        """What was typed there, the newest last."""
        return list(self._typed.get(where, ()))

    def keep(self, where: str, text: str) -> None:
        """Remember what was typed there."""
        if text.strip():
            before = [one for one in self._typed.get(where, ()) if one != text]
            self._typed[where] = [*before, text][-MOST_TYPED:]
            self._write()

    def save(self, name: str, text: str) -> None:
        """Give a filter a name."""
        self.filters[name] = text
        self._write()

    def _read(self) -> None:
        if self._path is None:
            return
        with suppress(OSError, ValueError):
            kept: Any = json.loads(self._path.read_text("utf-8"))
            if isinstance(kept, dict):
                self._typed = {k: [str(one) for one in v][-MOST_TYPED:] for k, v in _lists(kept.get("typed"))}
                filters = kept.get("filters")
                self.filters = (
                    {str(k): str(v) for k, v in filters.items()} if isinstance(filters, dict) else {}
                )

    def _write(self) -> None:
        if self._path is None:
            return
        whole = json.dumps({"typed": self._typed, "filters": self.filters}, ensure_ascii=False, indent=1)
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            beside.touch(mode=0o600)
            beside.write_text(whole, "utf-8")
            beside.replace(self._path)
        except OSError as wrong:
            # What was typed is forgotten with this screen; the incident is more important than that.
            log.warning("what was typed cannot be kept in %s: %s", self._path, wrong)


def _lists(found: object) -> list[tuple[str, list[Any]]]:
    if not isinstance(found, dict):
        return []
    return [(str(name), lines) for name, lines in found.items() if isinstance(lines, list)]
