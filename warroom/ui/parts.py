"""What the groups of keys of the room's screen may use of it."""

from typing import TYPE_CHECKING

from warroom.ui.commands import called
from warroom.ui.layout import PANES

if TYPE_CHECKING:
    from textual.app import App

    from warroom.host.feed import Feed, LiveFeed, ReplayFeed
    from warroom.ui.frame import Frame
    from warroom.ui.keys import Key
    from warroom.ui.layout import Presets
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
        keys: tuple[Key, ...]
        presets: Presets
        settings_refused: tuple[str, ...]
        app: App[object]
        told: tuple[str, str, float]

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

        def untell(self) -> None:
            """What was said on the flash line is over."""

        def moment(self) -> Frame:
            """What the feed shows now."""

        def draw(self) -> None:
            """Paint the newest state."""

    def key(self, id_: str) -> str:
        """What a person presses for it, as a sentence names it."""
        return called(id_, self.keys)

    def ways(self, *numbers: int) -> str:
        """These panes and the key of each: where there is something to do."""
        there = [f"{PANES[n - 1].capitalize()} ({self.key(f'pane({n})')})" for n in numbers]
        return " or ".join([", ".join(there[:-1]), there[-1]] if there[1:] else there)
