"""A grid of tiles in blocks: as large as the space allows, the worst state where several share a cell."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.events import Blur, Click, Focus
from textual.message import Message
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import drawable, fitted, padded, spread
from warroom.ui.widgets.grid_layout import Arrangement, Piece, Zoom, arrange
from warroom.ui.widgets.line_widget import LineWidget
from warroom.ui.widgets.tiles import tile_segments
from warroom.views.rows import Block, Cell, Line, Tile, rank

LONGEST_NAME, LONGEST_LABEL = 12, 16


class TileChosen(Message):
    """The tile under the cursor was chosen."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class NodeGrid(LineWidget, can_focus=True):
    """Tiles in blocks, with a cursor that stays on its tile; below them its name and a legend."""

    DEFAULT_CSS = "NodeGrid { width: 1fr; height: 1fr; }"

    def __init__(
        self, theme: Theme, *, noun: str = "nodes", half_blocks: bool = True, widget_id: str | None = None
    ) -> None:
        """``half_blocks``: whether the terminal has the colours for two tiles in one cell."""
        super().__init__(theme, widget_id=widget_id)
        self._noun = noun
        self._half_blocks = half_blocks
        self._blocks: Sequence[Block] = ()
        self._legend = Line(())
        self._layout = Arrangement(Zoom("one", 1), ())
        self._shape: object = None
        self._label = 0
        self._top = 0
        self._at = (0, 0)
        self._key: str | None = None
        self._strips: dict[int, tuple[object, Strip]] = {}

    @property
    def selected_key(self) -> str | None:
        """The key of the tile under the cursor; None in an empty grid."""
        return self._key

    @property
    def zoom(self) -> Zoom:
        """How large the tiles are drawn."""
        return self._layout.zoom

    def show(self, blocks: Sequence[Block], legend: Line) -> None:
        """Show these blocks, each on a place of its own, and the legend below them."""
        self._blocks, self._legend = blocks, legend
        self._find_cursor()
        self._arrange()
        self._follow_cursor()

    def move(self, delta: int, across: int = 0) -> None:
        """Move the cursor by lines, and by places across lines and blocks."""
        if self._key is None:
            return
        block, tile = self._at
        place = tile // self.zoom.share
        for _ in range(abs(across)):
            block, place = self._beside(block, place, 1 if across > 0 else -1)
        if delta:
            block, place = self._below(block, place, delta)
        self._select(block, self._worst_of(block, place))

    def jump(self, index: int) -> None:
        """Put the cursor on a tile, counted in reading order; -1 is the last."""
        tiles = [(b, t) for b, block in enumerate(self._blocks) for t in range(len(block.cells))]
        if tiles:
            self._select(*tiles[max(-len(tiles), min(index, len(tiles) - 1))])

    def select(self, key: str) -> bool:
        """Put the cursor on a tile by its key; False when there is none."""
        place = self._place_of(key)
        if place is not None:
            self._select(*place)
        return place is not None

    def choose(self) -> None:
        """Tell that the tile under the cursor was chosen."""
        if self._key is not None:
            self.post_message(TileChosen(self._key))

    def _select(self, block: int, tile: int) -> None:
        self._at, self._key = (block, tile), self._blocks[block].cells[tile].key
        self._follow_cursor()

    def _find_cursor(self) -> None:
        place = None if self._key is None else self._place_of(self._key)
        if place is None:
            place = next(((n, 0) for n, block in enumerate(self._blocks) if block.cells), None)
        self._at = place or (0, 0)
        self._key = self._blocks[place[0]].cells[place[1]].key if place else None

    def _place_of(self, key: str) -> tuple[int, int] | None:
        block, tile = self._at
        if (
            block < len(self._blocks)
            and tile < len(cells := self._blocks[block].cells)
            and cells[tile].key == key
        ):
            return self._at
        places = (
            (b, t)
            for b, block in enumerate(self._blocks)
            for t, it in enumerate(block.cells)
            if it.key == key
        )
        return next(places, None)

    def _beside(self, block: int, place: int, step: int) -> tuple[int, int]:
        if 0 <= place + step < self._places(block):
            return block, place + step
        ahead = range(block + 1, len(self._blocks)) if step > 0 else range(block - 1, -1, -1)
        for other in ahead:
            if last := self._places(other):
                return other, 0 if step > 0 else last - 1
        return block, place

    def _below(self, block: int, place: int, delta: int) -> tuple[int, int]:
        line, piece = self._piece_of(block, place)
        x = piece.x + (place - piece.first) * self.zoom.cells
        target = max(0, min(len(self._layout.lines) - 1, line + delta))
        step = -1 if delta < 0 else 1
        while 0 < target < len(self._layout.lines) - 1 and not any(
            p.places for p in self._layout.lines[target]
        ):
            target += step
        here = [
            (p.block, p.first + n, p.x + n * self.zoom.cells)
            for p in self._layout.lines[target]
            for n in range(p.places)
        ]
        return min(here, key=lambda at: abs(at[2] - x))[:2] if here else (block, place)

    def _places(self, block: int) -> int:
        return -(-len(self._blocks[block].cells) // self.zoom.share)

    def _tiles(self, block: int, place: int) -> tuple[Tile, ...]:
        share = self.zoom.share
        return self._blocks[block].cells[place * share : (place + 1) * share]

    def _worst_of(self, block: int, place: int) -> int:
        tiles = self._tiles(block, place)
        return place * self.zoom.share + min(range(len(tiles)), key=lambda n: rank(tiles[n].role))

    def _piece_of(self, block: int, place: int) -> tuple[int, Piece]:
        for number, line in enumerate(self._layout.lines):
            for piece in line:
                if piece.block == block and piece.first <= place < piece.first + piece.places:
                    return number, piece
        return 0, Piece(0, block, 0, 0)

    @property
    def _foot(self) -> int:
        """Lines below the tiles: the cursor's tile, then the legend."""
        return max(0, min(2, self.size.height - 1))

    def _arrange(self) -> None:
        width, height = self.size
        sizes = tuple(len(block.cells) for block in self._blocks)
        names = [cell_len(drawable(block.name)) for block in self._blocks]
        labels = max((cell_len(drawable(t.label)) for block in self._blocks for t in block.cells), default=0)
        label = min(max(names, default=0), LONGEST_NAME) + 1
        named = min(labels, LONGEST_LABEL) + 3
        shape = (width, height, sizes, label, named)
        if shape == self._shape:
            return
        self._shape, self._label = shape, label
        self._strips.clear()
        half = self._half_blocks and self.theme.coloured and not self.theme.ascii_only
        room = max(0, height - self._foot)
        self._layout = arrange(sizes, label=label, named=named, width=width, height=room, half_blocks=half)

    def _follow_cursor(self) -> None:
        room = max(1, self.size.height - self._foot)
        line, _ = self._piece_of(self._at[0], self._at[1] // self.zoom.share)
        highest = max(0, len(self._layout.lines) - room)
        self._top = max(line - room + 1, min(self._top, line, highest), 0)
        self.repaint()

    def before_drawing(self) -> None:
        self._shape = None
        self._arrange()
        room = max(1, self.size.height - self._foot)
        line, _ = self._piece_of(self._at[0], self._at[1] // self.zoom.share)
        self._top = max(0, line - room + 1)

    def draw_line(self, y: int) -> Strip:
        foot = y - (self.size.height - self._foot)
        if foot >= 0:
            return self._draw_cursor_line() if foot == 0 else self._draw_legend()
        number = self._top + y
        if number >= len(self._layout.lines):
            return self.blank()
        shown = self._content(number)
        known = self._strips.get(number)
        if known is None or known[0] != shown:
            known = self._strips[number] = (shown, self.draw_tiles(number))
        return known[1]

    def _content(self, number: int) -> object:
        """All that the look of a line depends on."""
        share = self.zoom.share
        pieces = self._layout.lines[number]
        tiles = [self._blocks[p.block].cells[p.first * share : (p.first + p.places) * share] for p in pieces]
        names = [self._blocks[p.block].name for p in pieces]
        cursor = [self._cursor_in(piece) for piece in pieces]
        return tiles, names, cursor, self.has_focus and any(c is not None for c in cursor)

    def _cursor_in(self, piece: Piece) -> int | None:
        block, tile = self._at
        place = tile // self.zoom.share
        inside = self._key is not None and block == piece.block and 0 <= place - piece.first < piece.places
        return place if inside else None

    def draw_tiles(self, number: int) -> Strip:
        """Draw a line of tiles anew: one of them or the cursor on it changed."""
        width, ground = self.size.width, self.theme.style("text")
        drawn: list[Segment] = []
        for piece in self._layout.lines[number]:
            name = self._blocks[piece.block].name if piece.first == 0 else ""
            drawn = padded(drawn, piece.x, ground)
            label = self.theme.plain(fitted(drawable(name), self._label - 1))
            drawn.append(Segment(f"{label} ", self.theme.style("muted")))
            for place in range(piece.first, piece.first + piece.places):
                paper = self._paper if place == self._cursor_in(piece) else "text"
                drawn += tile_segments(self._tiles(piece.block, place), self.zoom, self.theme, paper=paper)
        joined = Segment.simplify(padded(drawn, width, ground))
        return Strip(joined).adjust_cell_length(width, ground)

    @property
    def _paper(self) -> str:
        return "selection" if self.has_focus else "bar"

    def _draw_cursor_line(self) -> Strip:
        width, cells = self.size.width, [Cell("")]
        if self._key is not None:
            block, tile = self._at
            it = self._blocks[block].cells[tile]
            several = len(self._tiles(block, tile // self.zoom.share))
            of = f"  of {several}" if several > 1 else ""
            cells = [Cell(it.label, it.role, glyph=True), Cell(f"  {self._blocks[block].name}{of}", "muted")]
        return Strip(spread(cells, (), width, self.theme), width)

    def _draw_legend(self) -> Strip:
        share = self.zoom.share
        how = "upper and lower" if self.zoom.name == "half" else "worst state"
        said = [Cell(f" 1 cell = {share} {self._noun}, {how}", "muted")] if share > 1 else []
        hidden = len(self._layout.lines) - self._top - (self.size.height - self._foot)
        if hidden > 0:
            said.append(Cell(f" ↓ {hidden} lines", "info"))
        width = self.size.width
        return Strip(spread(self._legend.spans, (*said, *self._legend.right), width, self.theme), width)

    def on_focus(self, _event: Focus) -> None:
        self.repaint()

    def on_blur(self, _event: Blur) -> None:
        self.repaint()

    def on_click(self, event: Click) -> None:
        for piece in self._layout.lines[self._top + event.y] if self._on_tiles(event.y) else ():
            place = piece.first + (event.x - piece.x - self._label) // self.zoom.cells
            if event.x >= piece.x + self._label and place < piece.first + piece.places:
                self._select(piece.block, self._worst_of(piece.block, place))

    def _on_tiles(self, y: int) -> bool:
        return y < self.size.height - self._foot and self._top + y < len(self._layout.lines)
