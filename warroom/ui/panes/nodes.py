"""The Nodes pane: failure domains as blocks of nodes; Enter opens the list of a block, then a node."""

from collections.abc import Hashable, Sequence
from functools import partial

from warroom.model.nouns import Node, NodeName
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.node_grid import NodeGrid
from warroom.ui.widgets.virtual_table import VirtualTable
from warroom.views.copying import Copied, copied_rows
from warroom.views.lines import line
from warroom.views.matching import Matching
from warroom.views.members import Members
from warroom.views.node_detail import node_lines
from warroom.views.node_map import domains_of
from warroom.views.node_measures import COLOURS, NAMES
from warroom.views.nodes import (
    COLUMNS,
    BlockRows,
    block_notes,
    block_title,
    chosen_blocks,
    node_legend,
    node_notes,
    nodes_title,
)
from warroom.views.rows import Block, Column, Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import node_subject


class NodesPane(Pane):
    """All nodes at once, as large as there is room; inside of a block, a row a node."""

    number = 3

    def __init__(self, theme: Theme) -> None:
        self.grid, self.table = NodeGrid(theme), VirtualTable(theme)
        self.by = ""
        self.colour = "state"
        self._members = Members()
        self.matching: Matching[NodeName, Node] = Matching(node_subject)
        super().__init__(theme, self.grid, self.table)

    @property
    def sortable(self) -> tuple[Column, ...]:
        return COLUMNS if self.path else ()

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        state = frame.state
        # Figures of single nodes change with every look at them; they count only where they are shown.
        measured = state.metrics.revision if self.path or self.colour in NAMES else 0
        return state.cluster.revision, frame.sources, measured

    def wish(self) -> Hashable:
        return self.by, self.colour

    def fill(self, frame: Frame) -> None:
        state, grid = frame.state, frame.census.nodes.map
        grid.look(state, self.by, self.colour)
        blocks: Sequence[Block] = grid.blocks
        if self.passing and blocks:
            self.matching.update(state.cluster.nodes, self.passing)
            blocks = chosen_blocks(blocks, self.matching.keys)
        self.matched = sum(len(block.cells) for block in blocks), frame.census.nodes.total
        if self.path:
            block = self._opened(frame)
            names = [tile.key for tile in block.cells] if block is not None else []
            if self.passing:
                total, names = len(names), [name for name in names if name in self.matching.keys]
                self.matched = len(names), total
            rows = BlockRows(state, names, self._members.update(state.cluster.instances), self.sorting)
            gone = line((f"no node of {self.path[0]} is listed any more; Esc goes back", "muted"))
            gone = self.nothing if self.passing and block is not None else gone
            self.table.show(COLUMNS, rows, selected=self.selected, empty=gone)
            return
        legend = node_legend(state, frame.census)
        if not grid.blocks:
            legend = absence(state, "cluster", none="the cluster has no node")
        elif not blocks:
            legend = self.nothing
        self.grid.show(
            blocks,
            legend,
            notes=partial(node_notes, state),
            heads=partial(block_notes, state),
            selected=self.selected,
        )

    def _opened(self, frame: Frame) -> Block | None:
        return next((b for b in frame.census.nodes.blocks if b.name == self.path[0]), None)

    def title(self, frame: Frame) -> Title:
        if self.path:
            return block_title(frame.state, frame.room_ms, self._opened(frame) or Block(self.path[0], ()))
        return nodes_title(frame.state, frame.room_ms, frame.census)

    def more(self) -> str:
        below = self.table.below if self.path else 0
        return f"{below:,} more" if below else ""

    def enter(self, frame: Frame) -> bool:
        # Where every node has a line of its own, the list of a block would say nothing new.
        if self.path or self.grid.zoom.name == "listed" or not self.grid.block_name:
            return False
        at = self.cursor
        self.open(self.grid.block_name)
        self.table.start(at)
        return True

    def detail(self, frame: Frame) -> list[Line]:
        if not self.cursor:
            return []
        members = self._members.update(frame.state.cluster.instances)
        log = (entry.line for entry in frame.log_tail.lines)
        return node_lines(frame.state, self.cursor, frame.now, members=members, log=log)

    def copied(self, frame: Frame) -> Copied:
        if self.path:
            return super().copied(frame)
        rows = BlockRows(frame.state, self.chosen, self._members.update(frame.state.cluster.instances))
        return copied_rows(COLUMNS, rows)

    def block(self) -> list[str]:
        return self.table.keys() if self.path else self.grid.block

    def next(self) -> None:
        if self.path:
            self.table.move(1)
        else:
            self.grid.across(1)

    def regroup(self, frame: Frame) -> str:
        """Put the nodes in blocks by the next kind of failure domain this cluster tells of; what it says."""
        there = ["", *domains_of(frame.state.cluster.nodes)]
        self.by = there[(there.index(self.by) + 1) % len(there)] if self.by in there else ""
        self.open()
        return f"nodes by {self.by}" if self.by else "nodes by the smallest failure domain each has"

    def recolour(self) -> str:
        """Show the next of what is known of each node; what it says."""
        self.colour = COLOURS[(COLOURS.index(self.colour) + 1) % len(COLOURS)]
        return f"nodes by {NAMES.get(self.colour, 'state')}"

    def resize_tiles(self, by: int) -> str:
        """Draw larger or smaller tiles; what it says."""
        words = {"half": "two nodes in a cell", "one": "a cell a node", "two": "a wide cell a node"}
        return words.get(
            wish := self.grid.resize_tiles(by), "named tiles" if wish else "tiles as large as all fit"
        )
