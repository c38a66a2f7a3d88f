"""The keys that copy: what the cursor is on as text, or as a block for a chat."""

from typing import Protocol, cast

from textual import work

from warroom.ui.clipboard import Clipboard
from warroom.ui.parts import Part
from warroom.views.copying import chat_block


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
        copied = pane.copied(frame)
        if not copied.number:
            self.tell("there is nothing to copy here", "warning")
            return
        text = copied.text
        if for_chat:
            title = pane.title(frame)
            room = frame.state.room.room
            text = chat_block(copied, where=title.text, source=title.source, now=frame.now, room=room)
        done, words = await cast("Copier", self.app).ways_out.take(text)
        if done:
            self.tell(f"copied {copied.words}, {len(text):,} characters, {words}")
        else:
            self.tell(f"nothing was copied: {words}", "warning")
