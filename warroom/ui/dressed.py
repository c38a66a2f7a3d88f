"""A Textual app in the looks of a theme: read anew when its file changes, tried on, exchanged."""

from textual.filter import Monochrome, NoColor

from warroom.errors import WarroomError
from warroom.ui.looks import Looks
from warroom.ui.textual_theme import textual_theme
from warroom.ui.theme_file import themes_by_name
from warroom.ui.widgets.line_widget import LineWidget
from warroom.ui.wire.link import Link
from warroom.ui.wire.wired import WiredApp


class DressedApp(WiredApp):
    """Keeps what is shown in the looks that are in force."""

    def __init__(self, looks: Looks, link: Link | None = None) -> None:
        super().__init__(link)
        self.looks = looks
        self.look = looks.theme
        self._tried_theme = ""
        self._times_themed = 0

    def say(self, text: str, role: str) -> None:
        """Say something where it is seen."""
        raise NotImplementedError

    def dress(self) -> None:
        """Give Textual's own widgets the looks of the theme."""
        self._times_themed += 1
        made = textual_theme(self.look, f"{self.look.name}-{self._times_themed}")
        self.register_theme(made)
        self.theme = made.name
        # Textual turns colours into greys where none are wanted; a theme of ours without colour needs only its own.
        self._filters = [one for one in self._filters if not isinstance(one, Monochrome | NoColor)]
        if not self.look.coloured:
            self._filters.append(NoColor())

    def look_again(self) -> None:
        """Show a theme whose file has changed; one that broke is told, and the old one stays."""
        try:
            if self.looks.look_again():
                self.redress(f"theme {self.look.name} read anew")
        except WarroomError as broken:
            self.say(f"old looks kept: {self.looks.shortly(str(broken))}", "warning")

    def theme_names(self) -> list[str]:
        """The themes there are, shipped and of one's own."""
        return sorted(themes_by_name(self.looks.wanted.folder))

    def use_theme(self, name: str) -> None:
        """Change to another theme; raises ``WarroomError`` and keeps the one in force."""
        self.looks.choose(name)
        self.redress(f"theme {self.look.name}")

    def try_theme(self, name: str) -> None:
        """Show a theme while it is being chosen, with no name the one in force; raises ``WarroomError``."""
        if name == self._tried_theme:
            return
        if name:
            try:
                self.looks.try_on(name)
            except WarroomError as broken:
                raise WarroomError(self.looks.shortly(str(broken))) from broken
        else:
            self.looks.take_off()
        self._tried_theme = name
        self._dress_all()

    def _dress_all(self) -> None:
        self.dress()
        for screen in self.screen_stack:
            for widget in screen.query(LineWidget):
                widget.on_show()

    def redress(self, said: str) -> None:
        """Show everything in the looks that are in force now, and say why."""
        self._tried_theme = ""
        self._dress_all()
        warnings = self.looks.warnings
        self.say(self.looks.shortly(warnings[0]) if warnings else said, "warning" if warnings else "info")
