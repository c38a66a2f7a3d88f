"""The Nodes pane: failure domains as blocks of nodes; the cursor walks from node to node."""

from collections.abc import Hashable
from functools import partial

from warroom.model.nouns import Node, NodeName
from warroom.ui.frame import Frame
from warroom.ui.panes.pane import Pane
from warroom.ui.theme import Theme
from warroom.ui.widgets.node_grid import NodeGrid
from warroom.views.matching import Matching
from warroom.views.nodes import block_notes, chosen_blocks, node_legend, node_lines, node_notes, nodes_title
from warroom.views.rows import Line, Title
from warroom.views.sources import absence
from warroom.views.subjects import node_subject


class NodesPane(Pane):
    """All nodes at once, as large as there is room."""

    number = 3

    def __init__(self, theme: Theme) -> None:
        self.grid = NodeGrid(theme)
        self.matching: Matching[NodeName, Node] = Matching(node_subject)
        super().__init__(theme, self.grid)

    def facts(self, frame: Frame) -> tuple[Hashable, ...]:
        return frame.state.cluster.revision, frame.sources

    def fill(self, frame: Frame) -> None:
        state, blocks = frame.state, frame.census.nodes.blocks
        legend = node_legend(state, frame.census)
        if not blocks:
            legend = absence(state, "cluster", none="the cluster has no node")
        if self.passing and blocks:
            self.matching.update(state.cluster.nodes, self.passing)
            blocks = chosen_blocks(blocks, self.matching.keys)
            legend = legend if blocks else self.nothing
        self.matched = len(self.matching.keys), frame.census.nodes.total
        self.grid.show(
            blocks, legend, notes=partial(node_notes, state), heads=block_notes, selected=self.selected
        )

    def title(self, frame: Frame) -> Title:
        return nodes_title(frame.state, frame.room_ms, frame.census)

    def detail(self, frame: Frame) -> list[Line]:
        return node_lines(frame.state, self.cursor, frame.now) if self.cursor else []

    def block(self) -> list[str]:
        return self.grid.block

    def next(self) -> None:
        self.grid.across(1)
