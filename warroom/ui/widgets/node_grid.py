"""A grid of tiles in blocks: as large as the space allows, the worst state where several share a cell."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from operator import is_
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Offset
from textual.strip import Strip

from warroom.ui.theme import Theme
from warroom.ui.widgets.drawing import drawable, fitted, spread
from warroom.ui.widgets.grid_layout import ZOOMS, Arrangement, Piece, Zoom, arrange, arrange_at
from warroom.ui.widgets.line_widget import Body
from warroom.ui.widgets.tiles import NAME_CELLS, Places, joined
from warroom.views.rows import Block, Cell, Line, Tile, rank

LONGEST_NAME, LONGEST_LABEL = 12, 16

Notes = Callable[[str], tuple[Cell, ...]]
"""What is said of a tile beside its name, asked only for tiles on screen."""


Heads = Callable[[Block], str]
"""What is said of a block where its tiles are listed."""


def no_notes(_: str) -> tuple[Cell, ...]:
    """Nothing."""
    return ()


def no_head(_: Block) -> str:
    """Nothing."""
    return ""


class Kept(NamedTuple):
    """A line that was drawn, and what it was drawn from."""

    blocks: list[Block]
    tiles: list[tuple[Tile, ...]]
    marks: object
    """All else that its look depends on."""
    strip: Strip


class NodeGrid(Body):
    """Tiles in blocks. A cursor that was moved stays on its tile; until then it is on the first."""

    DEFAULT_CSS = "NodeGrid { width: 1fr; height: 1fr; }"

    def __init__(self, theme: Theme, *, noun: str = "nodes", half_blocks: bool = True) -> None:
        """``half_blocks``: whether the terminal has the colours for two tiles in one cell."""
        super().__init__(theme)
        self._noun = noun
        self._half_blocks = half_blocks
        self._blocks: Sequence[Block] = ()
        self._legend = Line(())
        self._notes: Notes = no_notes
        self._heads: Heads = no_head
        self._selected: Set[str] = frozenset()
        self.wish = ""
        """How large the tiles are to be; empty for as large as all of them fit."""
        self._layout = Arrangement(Zoom("one", 1), ())
        self._shape: object = None
        self._label = 0
        self._top = 0
        self._at = (0, 0)
        self._key = ""
        """The tile the person put the cursor on; empty before that."""
        self._places_drawn = Places()
        self._strips: dict[int, Kept] = {}

    @property
    def cursor(self) -> str:
        block, tile = self._at
        return self._blocks[block].cells[tile].key if self._blocks else ""

    @property
    def block(self) -> list[str]:
        """The keys of the block the cursor is in."""
        return [tile.key for tile in self._blocks[self._at[0]].cells] if self._blocks else []

    @property
    def block_name(self) -> str:
        """The name of the block the cursor is in."""
        return self._blocks[self._at[0]].name if self._blocks else ""

    @property
    def zoom(self) -> Zoom:
        """How large the tiles are drawn."""
        return self._layout.zoom

    def show(
        self,
        blocks: Sequence[Block],
        legend: Line,
        *,
        notes: Notes,
        heads: Heads,
        selected: Set[str],
    ) -> None:
        """Show these blocks, none of them empty, with a legend below."""
        self._blocks, self._legend = blocks, legend
        self._notes, self._heads, self._selected = notes, heads, selected
        self._at = self._place_of(self._key) or self._nearest()
        self._arrange()
        self._follow_cursor()

    def move(self, delta: int) -> None:
        if self._blocks:
            block, tile = self._at
            block, place = self._below(block, tile // self.zoom.share, delta)
            self._select(block, self._worst_of(block, place))

    def across(self, delta: int) -> None:
        if self._blocks:
            block, tile = self._at
            place = tile // self.zoom.share
            for _ in range(abs(delta)):
                block, place = self._beside(block, place, 1 if delta > 0 else -1)
            self._select(block, self._worst_of(block, place))

    def jump(self, index: int) -> None:
        """To the first tile in reading order, or with -1 to the last."""
        if self._blocks:
            last = len(self._blocks) - 1
            self._select(*((last, len(self._blocks[last].cells) - 1) if index < 0 else (0, 0)))

    def point(self, at: Offset) -> None:
        number = self._top + at.y
        if not (0 <= at.y < self.size.height - self._foot and number < len(self._layout.lines)):
            return
        for piece in self._layout.lines[number]:
            listed = self.zoom.name == "listed"
            place = piece.first + (0 if listed else (at.x - piece.x - self._label) // self.zoom.cells)
            if piece.first <= place < piece.first + piece.places:
                self._select(piece.block, self._worst_of(piece.block, place))

    def keys(self) -> list[str]:
        return [tile.key for block in self._blocks for tile in block.cells]

    def known(self, keys: Iterable[str]) -> list[str]:
        wanted = set(keys)
        return (
            [tile.key for block in self._blocks for tile in block.cells if tile.key in wanted]
            if wanted
            else []
        )

    def resize_tiles(self, by: int) -> str:
        """Draw the tiles larger or smaller, what does not fit is scrolled to; back to all that fit beyond the end."""
        sizes = ZOOMS if self._half_blocks and self.look.blends else ZOOMS[1:]
        at = sizes.index(self.zoom.name) if self.zoom.name in sizes else len(sizes) if by < 0 else 0
        wanted = at + by
        self.wish = sizes[wanted] if 0 <= wanted < len(sizes) else ""
        self._shape = None
        self._arrange()
        self._follow_cursor()
        return self.wish

    def _select(self, block: int, tile: int) -> None:
        self._at, self._key = (block, tile), self._blocks[block].cells[tile].key
        self._follow_cursor()

    def _nearest(self) -> tuple[int, int]:
        """Where the cursor goes when its tile is gone: to the first of the same block, if there is one."""
        if self._key and self._blocks:
            place = min(self._at[0], len(self._blocks) - 1), 0
            self._key = self._blocks[place[0]].cells[0].key
            return place
        return 0, 0

    def _place_of(self, key: str) -> tuple[int, int] | None:
        block, tile = self._at
        if not key:
            return None
        here = self._blocks[block].cells[tile : tile + 1] if block < len(self._blocks) else ()
        if here and here[0].key == key:
            return self._at
        places = (
            (b, t)
            for b, block_ in enumerate(self._blocks)
            for t, it in enumerate(block_.cells)
            if it.key == key
        )
        return next(places, None)

    def _beside(self, block: int, place: int, step: int) -> tuple[int, int]:
        if 0 <= place + step < self._places(block):
            return block, place + step
        other = block + step
        if 0 <= other < len(self._blocks):
            return other, 0 if step > 0 else self._places(other) - 1
        return block, place

    def _below(self, block: int, place: int, delta: int) -> tuple[int, int]:
        line, piece = self._piece_of(block, place)
        x = piece.x + (place - piece.first) * self.zoom.cells
        step = -1 if delta < 0 else 1
        target = max(0, min(len(self._layout.lines) - 1, line + delta))
        while 0 <= target < len(self._layout.lines) and not any(p.places for p in self._layout.lines[target]):
            target += step
        if not 0 <= target < len(self._layout.lines):
            return block, place
        here = [
            (p.block, p.first + n, p.x + n * self.zoom.cells)
            for p in self._layout.lines[target]
            for n in range(p.places)
        ]
        return min(here, key=lambda at: abs(at[2] - x))[:2]

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
        """Lines below the tiles: the cursor's tile where its line does not say it, then the legend."""
        return max(0, min(1 if self.zoom.name == "listed" else 2, self.size.height - 1))

    def _arrange(self) -> None:
        width, height = self.size
        sizes = tuple(len(block.cells) for block in self._blocks)
        label = min(max((cell_len(drawable(b.name)) for b in self._blocks), default=0), LONGEST_NAME) + 1
        named = self._named(sizes, width * height)
        shape = (width, height, sizes, label, named, self.wish)
        if shape == self._shape:
            return
        self._shape, self._label = shape, label
        self._strips.clear()
        if self.wish and sizes:
            self._layout = arrange_at(self.wish, sizes, label=label, named=named, width=width)
            return
        half = self._half_blocks and self.look.blends
        room = max(0, height - 1)
        self._layout = arrange(sizes, label=label, named=named, width=width, height=room, half_blocks=half)
        if self.zoom.name == "listed":
            self._label = max((len(t.label) for b in self._blocks for t in b.cells), default=0)
        elif height > 1:
            self._layout = arrange(
                sizes, label=label, named=named, width=width, height=room - 1, half_blocks=half
            )

    def _named(self, sizes: Sequence[int], area: int) -> int:
        """Cells of a tile with its name; names are measured only where they might fit."""
        if sum(sizes) * (NAME_CELLS + 1) > area:
            return LONGEST_LABEL + NAME_CELLS
        labels = (cell_len(drawable(tile.label)) for block in self._blocks for tile in block.cells)
        return min(max(labels, default=0), LONGEST_LABEL) + NAME_CELLS

    def _follow_cursor(self) -> None:
        self._scroll()
        self.repaint()

    def _scroll(self) -> None:
        room = max(1, self.size.height - self._foot)
        line, _ = self._piece_of(self._at[0], self._at[1] // self.zoom.share)
        if line and not any(piece.places for piece in self._layout.lines[line - 1]):
            # The line that names the block comes along.
            line -= line <= self._top
        highest = max(0, len(self._layout.lines) - room)
        self._top = max(line - room + 1, min(self._top, line, highest), 0)

    def before_drawing(self) -> None:
        self._shape = None
        self._arrange()
        self._scroll()

    def draw_line(self, y: int) -> Strip:
        if not self._blocks:
            # The legend says why there are none.
            return self._draw_legend() if y == 0 else self.blank()
        foot = y - (self.size.height - self._foot)
        if foot >= 0:
            return self._draw_legend() if foot == self._foot - 1 else self._draw_cursor_line()
        number = self._top + y
        if number >= len(self._layout.lines):
            return self.blank()
        pieces = self._layout.lines[number]
        blocks = [self._blocks[piece.block] for piece in pieces]
        cursor = self._cursor_on(pieces)
        marks = cursor, self._selected, self._said(number)
        known = self._strips.get(number)
        # Blocks are made anew only where something of them changed; to compare their tiles takes longer.
        if known is not None and known.marks == marks and all(map(is_, known.blocks, blocks)):
            return known.strip
        share = self.zoom.share
        tiles = [
            block.cells[p.first * share : (p.first + p.places) * share]
            for block, p in zip(blocks, pieces, strict=True)
        ]
        if known is None or known.marks != marks or known.tiles != tiles or not _same_names(known, blocks):
            known = Kept(blocks, tiles, marks, self.draw_tiles(number))
        self._strips[number] = known._replace(blocks=blocks)
        return known.strip

    def _said(self, number: int) -> object:
        if self.zoom.name != "listed":
            return None
        piece = self._layout.lines[number][0]
        block = self._blocks[piece.block]
        return self._notes(block.cells[piece.first].key) if piece.places else self._heads(block)

    def _cursor_on(self, pieces: Sequence[Piece]) -> tuple[int, int] | None:
        """The block and the place of the cursor where it is shown on that line."""
        block = self._at[0]
        here = self.active and any(piece.block == block for piece in pieces)
        place = next((p for p in map(self._cursor_in, pieces) if p is not None), None) if here else None
        return None if place is None else (block, place)

    def _cursor_in(self, piece: Piece) -> int | None:
        block, tile = self._at
        place = tile // self.zoom.share
        inside = self.active and block == piece.block and 0 <= place - piece.first < piece.places
        return place if inside else None

    def draw_tiles(self, number: int) -> Strip:
        """Draw a line of tiles anew: one of them or the cursor on it changed."""
        if self.zoom.name == "listed":
            return self._draw_listed(self._layout.lines[number][0])
        width, ground, zoom = self.size.width, self.look.style("text"), self.zoom
        drawn: list[Segment] = []
        used = 0
        for piece in self._layout.lines[number]:
            name = self._blocks[piece.block].name if piece.first == 0 else ""
            if piece.x > used:
                drawn.append(Segment(" " * (piece.x - used), ground))
            used = piece.x + self._label + piece.places * zoom.cells
            label = self.look.plain(fitted(drawable(name), self._label - 1))
            drawn.append(Segment(f"{label} ", self.look.style("muted")))
            drawn += joined(self._draw_places(piece, zoom))
        drawn.append(Segment(" " * max(0, width - used), ground))
        return Strip(drawn).adjust_cell_length(width, ground)

    def _draw_places(self, piece: Piece, zoom: Zoom) -> Iterator[list[Segment]]:
        cursor, selected, of = self._cursor_in(piece), self._selected, self._places_drawn.of
        cells, share = self._blocks[piece.block].cells, zoom.share
        for place in range(piece.first, piece.first + piece.places):
            tiles = cells[place * share : (place + 1) * share]
            paper = "selection" if place == cursor else "text"
            chosen = bool(selected) and any(tile.key in selected for tile in tiles)
            yield of(tiles, zoom, self.look, paper=paper, selected=chosen)

    def _draw_listed(self, piece: Piece) -> Strip:
        width, block = self.size.width, self._blocks[piece.block]
        if not piece.places:
            head = [Cell(f" {block.name}", "accent"), Cell(f"  {self._heads(block)}", "muted")]
            return Strip(spread(head, (), width, self.look), width)
        tile = block.cells[piece.first]
        mark = Cell("▌", "warning") if tile.key in self._selected else Cell(" ")
        name = Cell(f"{self.look.glyph(tile.role)} {fitted(drawable(tile.label), self._label)}  ", tile.role)
        paper = "selection" if self._cursor_in(piece) is not None else "text"
        cells = [mark, Cell("  "), name, *self._notes(tile.key)]
        return Strip(spread(cells, (), width, self.look, paper=paper), width)

    def _draw_cursor_line(self) -> Strip:
        width, cells = self.size.width, [Cell("")]
        if self._blocks and self.active:
            block, tile = self._at
            it = self._blocks[block].cells[tile]
            several = len(self._tiles(block, tile // self.zoom.share))
            of = f" of {several}" if several > 1 else ""
            cells = [Cell(" "), Cell(it.label, it.role, glyph=True)]
            cells += [Cell(f"{of}  {self._blocks[block].name}  ", "muted"), *self._notes(it.key)]
        return Strip(spread(cells, (), width, self.look), width)

    def _draw_legend(self) -> Strip:
        share, width = self.zoom.share, self.size.width
        if not self._blocks:
            return Strip(spread([Cell(" "), *self._legend.spans], (), width, self.look), width)
        how = "upper and lower" if self.zoom.name == "half" else "worst state"
        said = [Cell(f" 1 cell = {share} {self._noun}, {how}", "muted")] if share > 1 else []
        hidden = len(self._layout.lines) - self._top - (self.size.height - self._foot)
        if hidden > 0:
            said.append(Cell(f" {hidden} lines below", "info"))
        legend = [Cell(" "), *self._legend.spans]
        return Strip(spread(legend, said, width, self.look), width)


def _same_names(known: Kept, blocks: Sequence[Block]) -> bool:
    return [block.name for block in known.blocks] == [block.name for block in blocks]
