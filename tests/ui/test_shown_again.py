"""What was hidden shows its lines when it is back."""

from typing import Any

from tests.ui.stage import StillRoom, on_screen, screen_text
from warroom.events.cluster import NodesChanged
from warroom.model.commands import LogsFound, Query, SearchLogs
from warroom.model.nouns import Node, NodeName, NodeState


class Searched(StillRoom):
    """A room in which every search finds nothing."""

    async def ask(self, query: Query) -> Any:
        if isinstance(query, SearchLogs):
            return LogsFound((), 0, 0)
        return await super().ask(query)


async def test_tabs_and_timeline_are_back_after_a_search_out_of_a_zoomed_pane() -> None:
    room = Searched(NodesChanged((Node(NodeName("a1"), NodeState.READY),)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        for key in ("3", "3", "slash", "x", "enter", "escape", "escape"):
            await pilot.press(key)
            await pilot.pause()
        screen.draw()
        await pilot.pause()
        shown = screen_text(screen.app).splitlines()
    assert "1 Health  2 Alerts" in shown[2]
    assert any("source sample synced" in line for line in shown[-6:])
