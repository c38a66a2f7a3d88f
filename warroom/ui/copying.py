"""The keys that copy: what the cursor is on as text, or as a block for a chat."""

from typing import Protocol, cast

from textual import work

from warroom.ui.clipboard import Clipboard
from warroom.ui.parts import Part
from warroom.views.copying import Copied, chat_block


class Copier(Protocol):
    """An app that has a way for text out of it."""

    ways_out: Clipboard


class Copying(Part):
    """Copies what stands in the pane that has the focus; works in a replay as well."""

    @work
    async def action_copy(self) -> None:
        """What is selected or marked, else what the cursor is on, as text."""
        await self._copy(for_chat=False)

    @work
    async def action_copy_block(self) -> None:
        """The same with what it is, its source, its time and the room, in a fenced block."""
        await self._copy(for_chat=True)

    async def _copy(self, *, for_chat: bool) -> None:
        frame, pane = self.moment(), self.pane
        title = pane.title(frame)
        await self.copy_out(pane.copied(frame), title.text, source=title.source, for_chat=for_chat)

    async def copy_out(self, copied: Copied, where: str, *, source: str = "", for_chat: bool) -> str:
        """Take a text out of the program, and say how and how much; also answers what it says."""
        if not copied.number:
            return self._said("there is nothing to copy here", "warning")
        text = copied.text
        if for_chat:
            room = self.feed.state.room.room
            text = chat_block(copied, where=where, source=source, now=self.feed.now, room=room)
        done, words = await cast("Copier", self.app).ways_out.take(text)
        if done:
            return self._said(f"copied {copied.words}, {len(text):,} characters, {words}", "info")
        return self._said(f"nothing was copied: {words}", "warning")

    def _said(self, words: str, role: str) -> str:
        self.tell(words, role)
        return words
