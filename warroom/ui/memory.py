"""What a person typed and chose before, from one screen to the next. Never what a room recorded."""

import json
import logging
from pathlib import Path
from typing import Any

from warroom.errors import WarroomError

log = logging.getLogger(__name__)

MOST_TYPED = 100
CHOICES = ("layout", "level", "stamps", "wrap")
"""What of the screen's arrangement is kept."""


class Memory:
    """Lines typed, filters saved, arrangements chosen; in a file of the person's own where there is one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._typed: dict[str, list[str]] = {}
        self._chosen: dict[str, str] = {}
        self.filters: dict[str, str] = {}
        """Saved filters by name."""
        self.trouble = ""
        """Why nothing of what was kept is there; empty when all is well."""
        try:
            self._read()
        except WarroomError as wrong:
            self.trouble = str(wrong)

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
            self._read_again()
            before = [one for one in self._typed.get(where, ()) if one != text]
            self._typed[where] = [*before, text][-MOST_TYPED:]
            self._write()

    def save(self, name: str, text: str) -> None:
        """Give a filter a name."""
        self._read_again()
        self.filters[name] = text
        self._write()

    def chosen(self, what: str) -> str:
        """What was chosen last; empty when nothing was."""
        return self._chosen.get(what, "")

    def choose(self, what: str, value: str) -> None:
        """Remember a choice for the next screen."""
        assert what in CHOICES, what
        self._read_again()
        self._chosen[what] = value
        self._write()

    def _read_again(self) -> None:
        """Take over what another screen of this person kept meanwhile."""
        try:
            self._read()
        except WarroomError as wrong:
            log.warning("%s", wrong)

    def _read(self) -> None:
        """Raises ``WarroomError`` for a file that cannot be read, and holds on to what is known."""
        if self._path is None:
            return
        try:
            kept: Any = json.loads(self._path.read_text("utf-8"))
            if not isinstance(kept, dict):
                raise WarroomError("it holds no table")
            typed = {str(k): _texts(v)[-MOST_TYPED:] for k, v in _table(kept, "typed").items()}
            filters = {str(k): _text(v) for k, v in _table(kept, "filters").items()}
            chosen = {k: _text(v) for k, v in _table(kept, "chosen").items() if k in CHOICES}
        except FileNotFoundError:
            return
        except (OSError, ValueError, WarroomError) as wrong:
            why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
            raise WarroomError(
                f"what was typed and chosen before is not there: {self._path} cannot be read ({why}); "
                f"it is put aside as {self._aside.name}"
            ) from wrong
        self._typed, self.filters, self._chosen = typed, filters, chosen

    @property
    def _aside(self) -> Path:
        assert self._path is not None
        return self._path.with_name(f"{self._path.name}.broken")

    def _write(self) -> None:
        if self._path is None:
            return
        kept = {"typed": self._typed, "filters": self.filters, "chosen": self._chosen}
        whole = json.dumps(kept, ensure_ascii=False, indent=1)
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            beside.touch(mode=0o600)
            beside.write_text(whole, "utf-8")
            if self.trouble and self._path.exists():
                self._path.replace(self._aside)
            self.trouble = ""
            beside.replace(self._path)
        except OSError as wrong:
            # What was typed is forgotten with this screen; the incident is more important than that.
            log.warning("what was typed cannot be kept in %s: %s", self._path, wrong)


def _table(kept: dict[str, Any], name: str) -> dict[str, Any]:
    found = kept.get(name, {})
    if not isinstance(found, dict):
        raise WarroomError(f"{name} is no table")
    return found


def _texts(found: object) -> list[str]:
    if not isinstance(found, list):
        raise WarroomError("it holds no list where lines are to be")
    return [_text(one) for one in found]


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise WarroomError("it holds something else where text is to be")
    return found
