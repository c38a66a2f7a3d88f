"""What the groups of keys of the room's screen may use of it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from warroom.host.feed import Feed, LiveFeed, ReplayFeed
    from warroom.ui.frame import Frame
    from warroom.ui.memory import Memory
    from warroom.ui.panes.pane import Pane
    from warroom.ui.theme import Theme


class Part:
    """A group of keys; the screen is made of several."""

    if TYPE_CHECKING:
        feed: Feed
        look: Theme
        panes: dict[str, Pane]
        focused_name: str
        zoomed: bool
        memory: Memory
        app: App[object]

        @property
        def pane(self) -> Pane:
            """The pane the keys go to."""

        @property
        def live(self) -> LiveFeed | None:
            """The feed, if commands can be sent through it."""

        @property
        def replay(self) -> ReplayFeed | None:
            """The feed, if it is a recording."""

        def tell(self, text: str, role: str = "info") -> None:
            """Say something on the flash line."""

        def moment(self) -> Frame:
            """What the feed shows now."""

        def draw(self) -> None:
            """Paint the newest state."""
