"""Keys that narrow what the panes show: the filter of a pane, only what is wrong, matches."""

from typing import Protocol

import msgspec
from textual import work

from warroom.errors import WarroomError
from warroom.ui.parts import Part
from warroom.ui.screens.prompt import Advice, Prompt
from warroom.views.filtering import EVERYTHING, Filter, parse_filter
from warroom.views.lines import line
from warroom.views.rows import Line

GRAMMAR = " word  /re/  !x  key=value  key!=x  key~re  space: and  a|b: or   Enter keeps, Esc drops"


class Narrowed(Protocol):
    """What shows rows and can be filtered."""

    @property
    def passing(self) -> Filter:
        """Only rows that pass are shown."""

    @property
    def matched(self) -> tuple[int, int]:
        """How many rows pass, and how many there are."""

    @property
    def unknown_keys(self) -> frozenset[str]:
        """What the filter asks for and no row has."""

    def narrow(self, wanted: Filter) -> None:
        """Show only rows that pass."""


class Filtering(Part):
    """The keys that hide rows."""

    faults_only = False

    @work
    async def action_filter(self) -> None:
        """Type a filter; what passes is seen while it is typed."""
        await self.type_filter(self.pane, self.focused_name)

    async def type_filter(self, pane: Narrowed, name: str) -> None:
        """Type a filter for that; ``name`` is where what was typed before is kept."""
        before, history = pane.passing, self.memory.typed(f"filter {name}")
        text = await self.app.push_screen_wait(
            Prompt(
                self.look,
                "/",
                Advice(lambda typed: self._tried(pane, typed), self._unreadable),
                value=before.text,
                history=history,
            )
        )
        if text is None:
            pane.narrow(before)
        else:
            self.memory.keep(f"filter {name}", text)
        self.draw()

    def _tried(self, pane: Narrowed, typed: str) -> Line:
        """Show what passes what is typed so far; what cannot be read leaves the filter as it was."""
        if why := self._unreadable(typed):
            return line((f" {why}", "warning"))
        pane.narrow(parse_filter(typed, faults=self.faults_only))
        self.draw()
        if not typed.strip():
            return line((GRAMMAR, "muted"))
        passed, total = pane.matched
        missing = f"   nothing here has {', '.join(sorted(pane.unknown_keys))}" if pane.unknown_keys else ""
        return line((f" {passed:,} of {total:,}", "text" if passed else "warning"), (missing, "warning"))

    def _unreadable(self, typed: str) -> str:
        try:
            parse_filter(typed)
        except WarroomError as wrong:
            return str(wrong)
        return ""

    def action_faults(self) -> None:
        """Only what is wrong, in every pane; the same key shows all again."""
        self.faults_only = not self.faults_only
        for pane in self.panes.values():
            pane.narrow(msgspec.structs.replace(pane.passing, faults=self.faults_only))
        self.tell(
            f"only what is wrong, in every pane; {self.key('faults')} shows all"
            if self.faults_only
            else "everything"
        )

    def clear_filter(self) -> bool:
        """Show all rows of the pane again; False when all are shown. What is hidden by ``f`` stays hidden."""
        return self.unfilter(self.pane)

    def unfilter(self, pane: Narrowed) -> bool:
        """The same for one of the panes, or a tab of the board."""
        if not pane.passing.terms:
            return False
        pane.narrow(msgspec.structs.replace(EVERYTHING, faults=self.faults_only))
        return True
