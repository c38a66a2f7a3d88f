"""What the mouse does over the panes: a click goes there, the wheel scrolls."""

from typing import TYPE_CHECKING, cast

from textual.geometry import Offset

from warroom.ui.looking import Looking
from warroom.ui.mouse import WHEEL, WithMouse
from warroom.ui.screens.bars import tab_at

if TYPE_CHECKING:
    from warroom.ui.widgets.lines import Bar


class Clicking(Looking):
    """The mouse, and the key that turns it on and off."""

    if TYPE_CHECKING:
        tabs: Bar

    def action_mouse(self) -> None:
        """Listen to the mouse, or leave it to the terminal again."""
        if cast("WithMouse", self.app).turn_mouse():
            off = self.key("mouse")
            self.tell(f"mouse on: a click goes there, the wheel scrolls; {off} gives it back to the terminal")
        else:
            self.tell("mouse off: the terminal selects text with it")

    def clicked(self, at: Offset) -> None:
        """To the pane, and to the row in it; on the strip of tabs to that pane."""
        name = self._name_at(at)
        if not name:
            return
        if name != self.focused_name:
            self.focused_name = name
            self.looked_at(name)
        self.logs.moved()
        body = self.pane.body
        body.point(at - body.region.offset)
        self.follow_cursor()
        self.draw()

    def wheeled(self, at: Offset, by: int) -> None:
        """Scroll what is under the pointer; the keys stay where they are."""
        name = self._name_at(at)
        if not name:
            return
        self.logs.moved()
        self.panes[name].body.move(by * WHEEL)
        if name == self.focused_name:
            self.follow_cursor()
        self.draw()

    def _name_at(self, at: Offset) -> str:
        if self.tabs.display and self.tabs.region.contains_point(at):
            return tab_at(self.tabs.first.spans, at.x)
        return next(
            (name for name, pane in self.panes.items() if pane.display and pane.region.contains_point(at)), ""
        )
