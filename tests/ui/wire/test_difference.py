"""What is written makes the terminal show what Textual's own output would have made it show, in far fewer bytes."""

import io

import pytest
from rich.console import Console
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.geometry import Size

from tests.ui.stage import StillRoom, large_room
from tests.ui.wire.emulator import Emulator
from tests.ui.wire.random_frames import Frames
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import Node, NodeName, NodeState
from warroom.ui.app import WarroomApp
from warroom.ui.terminal_bytes import disallowed
from warroom.ui.wire.link import ASK
from warroom.ui.wire.pens import Pens
from warroom.ui.wire.wire import Wire


class Plain(Wire):
    """A wire that writes each frame at once and whole."""

    def frame(self, update: object, size: Size, colours: str, cursor: tuple[int, int]) -> str | None:
        if not self.take(update, size, colours, cursor, 0.0):
            return None
        said = self.next(0.0).removesuffix(ASK)
        self.link.answered(0.0)
        return said


SIZE = Size(60, 20)
COLOURS = {"truecolor": "truecolor", "256": "256", "standard": "standard"}


def console(colours: str = "truecolor") -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system=colours)  # type: ignore[arg-type]


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("seed", range(3))
def test_hundreds_of_random_frames_look_as_textual_writes_them(seed: int, colours: str) -> None:
    theirs, ours, wire = Emulator(*SIZE), Emulator(*SIZE), Plain()
    stock = written = 0
    for number, update in enumerate(Frames(seed, *SIZE).updates(150)):
        as_textual = update.render_segments(console(colours))
        said = wire.frame(update, SIZE, colours, (0, 0))
        assert said is not None
        assert disallowed(said.encode()) == []
        theirs.feed(as_textual)
        ours.feed(said)
        assert ours.shown() == theirs.shown(), number
        stock, written = stock + len(as_textual.encode()), written + len(said.encode())
    assert written < stock / 2


def test_nothing_is_written_when_nothing_differs() -> None:
    wire = Plain()
    for update in (frames := Frames(1, *SIZE)).updates(1):
        assert wire.frame(update, SIZE, "truecolor", (0, 0))
    assert wire.frame(frames._full(), SIZE, "truecolor", (0, 0)) == ""


def test_one_changed_digit_costs_as_much_as_where_it_is_and_the_digit() -> None:
    wire = Plain()
    frames = Frames(1, *SIZE, words=("12345",))
    for update in frames.updates(1):
        wire.frame(update, SIZE, "truecolor", (0, 0))
    strip = frames._lines[3][1]
    first = next(iter(strip))
    digit = first._replace(text="9" + first.text[1:])
    frames._lines[3][1] = type(strip)([digit, *list(strip)[1:]])
    frames._touched = [3]
    said = wire.frame(frames._partial(), SIZE, "truecolor", (0, 0))
    assert said is not None
    assert said.endswith("9")
    # The pen is the only other thing that may be there.
    assert len(said) <= len("\x1b[04;99H") + len("\x1b[0;1;38;2;255;255;255;48;2;255;255;255m9")


def test_after_something_else_wrote_to_the_terminal_all_is_written_anew() -> None:
    wire, ours = Plain(), Emulator(*SIZE)
    frames = Frames(2, *SIZE)
    for update in frames.updates(5):
        ours.feed(wire.frame(update, SIZE, "truecolor", (0, 0)) or "")
    before = ours.shown()
    ours.feed("\x1b[0m\x1b[3;1H" + "x" * 40)
    assert ours.shown() != before
    wire.forget()
    ours.feed(wire.frame(frames._full(), SIZE, "truecolor", (0, 0)) or "")
    assert ours.shown() == before


def test_another_size_and_fewer_colours_begin_anew() -> None:
    wire, ours = Plain(), Emulator(*SIZE)
    frames = Frames(2, *SIZE)
    for update in frames.updates(3):
        ours.feed(wire.frame(update, SIZE, "truecolor", (0, 0)) or "")
    fewer = wire.frame(frames._full(), SIZE, "standard", (0, 0)) or ""
    theirs = Emulator(*SIZE)
    theirs.feed(frames._full().render_segments(console("standard")))
    ours.feed(fewer)
    assert ours.shown() == theirs.shown()
    small = Frames(3, 40, 10)
    theirs, ours = Emulator(40, 10), Emulator(40, 10)
    theirs.feed(small._full().render_segments(console()))
    ours.feed(wire.frame(small._full(), Size(40, 10), "truecolor", (0, 0)) or "")
    assert ours.shown() == theirs.shown()


def test_an_update_of_an_unknown_kind_is_left_to_textual_and_nothing_is_believed_afterwards() -> None:
    class Unknown(CompositorUpdate):
        def render_segments(self, console: Console) -> str:
            return "x"

    wire = Plain()
    frames = Frames(2, *SIZE)
    first = [wire.frame(update, SIZE, "truecolor", (0, 0)) for update in frames.updates(1)]
    assert wire.frame(Unknown(), SIZE, "truecolor", (0, 0)) is None
    assert wire.frame(frames._full(), SIZE, "truecolor", (0, 0)) == first[0]


def test_from_pen_to_pen_only_what_differs_is_said() -> None:
    pens = Pens()
    bold, red = pens.of(Style.parse("bold #ff0000 on #101010")), pens.of(Style.parse("#ff0000 on #101010"))
    dim = pens.of(Style.parse("dim #ff0000 on #101010"))
    assert pens.change(bold, red) == "\x1b[22m"
    assert pens.change(bold, dim) == "\x1b[22;2m"
    assert pens.change(red, bold) == "\x1b[1m"
    assert pens.change(bold, pens.of(Style())) == "\x1b[0m"
    assert pens.change(None, red) == "\x1b[0;38;2;255;0;0;48;2;16;16;16m"
    assert pens.change(red, red) == ""


class Watched(WarroomApp):
    """The app, with all that it would display."""

    def __init__(self, feed: StillRoom) -> None:
        super().__init__(feed)
        self.shown: list[CompositorUpdate] = []

    def _display(self, screen: object, renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate):
            # Now, for the strips of a later one may be the same objects.
            self.shown.append(renderable)
        super()._display(screen, renderable)  # type: ignore[arg-type]


async def test_the_rooms_own_frames_look_as_textual_writes_them() -> None:
    room, size = large_room(nodes=200, workloads=300), Size(100, 30)
    app = Watched(room)
    theirs, ours, wire = Emulator(*size), Emulator(*size), Plain()
    stock = written = 0
    async with app.run_test(size=size) as pilot:
        for number, key in enumerate("jj4jkG3lljz7z?\x1b6kkG1a\x1b5zz" * 3):
            node = Node(NodeName(f"n{number:05d}"), NodeState.NOT_READY, rack="r001")
            room.add(NodesChanged((node,)))
            await pilot.press("escape" if key == "\x1b" else key)
            await pilot.pause()
            for update in app.shown:
                as_textual = update.render_segments(console())
                said = wire.frame(update, size, "truecolor", (0, 0))
                assert said is not None
                theirs.feed(as_textual)
                ours.feed(said)
                stock, written = stock + len(as_textual), written + len(said)
            app.shown.clear()
            assert ours.shown() == theirs.shown()
    assert written < stock / 3
