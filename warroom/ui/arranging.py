"""Keys that go from pane to pane and arrange them; none of them asks the room for anything."""

from warroom.ui.layout import PANES, panes_of
from warroom.ui.parts import Part
from warroom.ui.presets import OVERVIEW


class Arranging(Part):
    """Which panes are seen, and which of them has the keys."""

    layout_name = OVERVIEW

    @property
    def is_guest(self) -> bool:
        """Whether the pane with the keys is not of the layout, and so shown alone."""
        return self.focused_name not in panes_of(self.layout_name, self.presets)

    def action_pane(self, number: int) -> None:
        """Go to a pane; the digit of the pane one is in zooms it, and back."""
        name = PANES[number - 1]
        if name == self.focused_name:
            self.action_zoom()
        else:
            self.focused_name = name
            self.untell()
            if self.is_guest:
                back = f"Esc goes back to it, {self.key('overview')} shows all"
                self.tell(f"{name.capitalize()} is not in the layout {self.layout_name}: {back}")
        self.looked_at(name)
        self.draw()

    def looked_at(self, name: str) -> None:
        """Somebody went to a pane; a live screen notes what the checklist asks for."""

    def action_next_pane(self) -> None:
        """The next pane of the layout."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        """The pane of the layout before."""
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        names = panes_of(self.layout_name, self.presets)
        at = names.index(self.focused_name) if not self.is_guest else min(0, -by)
        self.focused_name = names[(at + by) % len(names)]
        self.untell()
        self.looked_at(self.focused_name)
        self.draw()

    def action_zoom(self) -> None:
        """The pane alone, or all of the layout."""
        if self.zoomed or self.is_guest:
            self.as_arranged()
        else:
            self.zoomed = True
        self.draw()

    def as_arranged(self) -> None:
        """No pane alone any more: the layout as it was chosen."""
        if self.is_guest:
            self.focused_name = self.presets[self.layout_name].first[0]
        self.zoomed = False

    def action_overview(self) -> None:
        """All panes that fit, none zoomed; filters, cursors and what is scrolled to stay."""
        self.choose_layout(OVERVIEW)

    def action_preset(self, by: int) -> None:
        """The next or the previous layout."""
        names = self.layout_names
        self.choose_layout(names[(names.index(self.layout_name) + by) % len(names)])

    @property
    def layout_names(self) -> tuple[str, ...]:
        """In the order of the key that goes through them."""
        return (OVERVIEW, *self.presets)

    def choose_layout(self, name: str) -> None:
        """Arrange the panes like that; the keys stay where they are if that pane is still seen."""
        self.layout_name = name
        self.memory.choose("layout", name)
        self.as_arranged()
        panes = panes_of(name, self.presets)
        seen = "what fits of all panes" if len(panes) == len(PANES) else ", ".join(map(str.capitalize, panes))
        self.tell(
            f"layout {name}: {seen}; {self.key('preset(1)')} goes on, {self.key('overview')} is the overview"
        )
