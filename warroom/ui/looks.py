"""Which theme this terminal gets, and whether its files have changed since."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from warroom.errors import WarroomError
from warroom.ui.terminal import COLOURS, Colours, Terminal
from warroom.ui.theme import Theme
from warroom.ui.theme_file import BUILT_IN, Read, read_theme, theme_path

DEFAULT = "warroom-dark"


class Wanted(msgspec.Struct, frozen=True):
    """What a person asked for."""

    theme: str = ""
    """By ``--theme`` or ``WARROOM_THEME``: taken as it is."""
    preferred: str = ""
    """By the config: where the terminal has fewer colours, its counterpart is taken."""
    folder: Path | None = None
    """Themes of one's own."""


class Looks:
    """The theme in force and the files it was read from."""

    def __init__(self, terminal: Terminal, wanted: Wanted | None = None) -> None:
        """Choose and read; raises ``WarroomError`` for a theme that was asked for and is not there or broken."""
        self.terminal = self._own = terminal
        self.wanted = wanted or Wanted()
        self.warnings: list[str] = []
        self.bell = False
        """Ring when severity or alerts rise."""
        read = self._first()
        self.theme = read.theme
        self._take(read)

    def _first(self) -> Read:
        if self.wanted.theme:
            return self._read(self.wanted.theme)
        try:
            read = self._read(self.wanted.preferred or DEFAULT)
        except WarroomError as broken:
            # A slip in the config must not keep anybody out of the room.
            self.warnings.append(str(broken))
            read = self._read(DEFAULT)
        counterpart = self._counterpart(read.theme)
        return read if counterpart is None else self._read(counterpart)

    def _counterpart(self, theme: Theme) -> str | None:
        """The theme for fewer colours where this one has more than the terminal; None when it fits."""
        if self.terminal.colours == "none" and theme.coloured:
            return BUILT_IN["mono", theme.dark]
        if self.terminal.colours == "16" and theme.tier == "truecolor":
            return BUILT_IN["16", theme.dark]
        return None

    def _read(self, name: str) -> Read:
        return read_theme(
            theme_path(name, self.wanted.folder),
            folder=self.wanted.folder,
            ascii_only=self.terminal.ascii_only,
            limited=self.terminal.colours == "256",
        )

    def _take(self, read: Read) -> None:
        self.warnings += read.warnings
        self._files: Sequence[Path] = read.files
        self._seen = self._stamps()

    def choose(self, name: str) -> None:
        """Change to another theme; raises ``WarroomError`` and keeps the one in force."""
        read = self._read(name)
        self.warnings = []
        self.theme.become(read.theme)
        self._take(read)

    def try_on(self, name: str) -> None:
        """Show another theme for a moment; raises ``WarroomError`` and shows what was shown."""
        self.theme.become(self._read(name).theme)

    def take_off(self) -> None:
        """Show the theme that was chosen again."""
        self.theme.become(self._read_files().theme)

    def fit(self, most: Colours) -> bool:
        """Take looks of at most so many colours; answers whether they are others than before."""
        colours = max(self._own.colours, most, key=COLOURS.index)
        if colours == self.terminal.colours:
            return False
        self.terminal = msgspec.structs.replace(self.terminal, colours=colours)
        self.warnings = []
        read = self._first()
        self.theme.become(read.theme)
        self._take(read)
        return True

    def look_again(self) -> bool:
        """Read the theme anew when one of its files has changed; answers whether it did.

        Raises ``WarroomError`` once for a change that broke it, and keeps the old one.
        """
        stamps = self._stamps()
        # Editors take a file away for a moment while they write it.
        if stamps == self._seen or None in stamps:
            return False
        self._seen = stamps
        read = self._read_files()
        self.warnings = []
        self.theme.become(read.theme)
        self._take(read)
        return True

    def _read_files(self) -> Read:
        return read_theme(
            self._files[0],
            folder=self.wanted.folder,
            ascii_only=self.terminal.ascii_only,
            limited=self.terminal.colours == "256",
        )

    def shortly(self, sentence: str) -> str:
        """A sentence about the files of a theme for one line of the screen: without their folders."""
        folders = {f"{path.parent}/" for path in self._files} | {f"{self.wanted.folder}/"}
        for folder in folders:
            sentence = sentence.replace(folder, "")
        return sentence

    def _stamps(self) -> list[tuple[int, int] | None]:
        return [_stamp(path) for path in self._files]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
