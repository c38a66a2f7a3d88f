"""The panes one by one: which view fills which."""

from collections.abc import Sequence
from itertools import islice

from warroom.model.nouns import NodeName
from warroom.state.slices import State
from warroom.ui.panes.pane import Content, Frame, Pane, plain_content
from warroom.ui.tables import fitted_columns, header_line, row_line
from warroom.ui.theme import Theme
from warroom.views import alerts, health, logs, metrics, nodes, timeline, workloads
from warroom.views.rows import Cell, Column, Line, Row, Tile, Title, worst
from warroom.views.sources import absence


def _table(
    title: Title, columns: Sequence[Column], rows: list[Row], width: int, selected: set[str]
) -> Content:
    fitted = fitted_columns(columns, width - 1)

    def line_at(number: int) -> Line:
        row = rows[number]
        mark = Cell("▌", "warning") if row.key in selected else Cell(" ")
        return Line((mark, *row_line(columns, fitted, row).spans))

    head = Line((Cell(" "), *header_line(columns, fitted).spans))
    return Content(title, [head], [row.key for row in rows], line_at, [])


class HealthPane(Pane):
    """The cluster in a sentence, and what is wrong."""

    number = 1

    def content(self, frame: Frame, width: int, height: int) -> Content:
        return plain_content(
            health.health_title(frame.state, frame.room_ms), health.health_lines(frame.state)
        )


class AlertsPane(Pane):
    """Groups of alerts."""

    number = 2

    def content(self, frame: Frame, width: int, height: int) -> Content:
        title = alerts.alerts_title(frame.state, frame.room_ms)
        rows = alerts.alert_rows(frame.state, frame.now)
        if not rows:
            return plain_content(title, [absence(frame.state, "alerts", none="no alert fires")])
        return _table(title, alerts.COLUMNS, rows, width, self.selected)


class WorkloadsPane(Pane):
    """Services and jobs."""

    number = 4

    def content(self, frame: Frame, width: int, height: int) -> Content:
        title = workloads.workloads_title(frame.state, frame.room_ms)
        rows = workloads.workload_rows(frame.state, frame.now)
        if not rows:
            return plain_content(title, [absence(frame.state, "cluster", none="no workload is listed")])
        return _table(title, workloads.COLUMNS, rows, width, self.selected)


class MetricsPane(Pane):
    """One line an indicator."""

    number = 5

    def content(self, frame: Frame, width: int, height: int) -> Content:
        lines = metrics.metric_lines(frame.state, frame.now, width)
        return plain_content(metrics.metrics_title(frame.state, frame.room_ms), lines)


class LogsPane(Pane):
    """The tail of the log, or the answer of a search."""

    number = 6
    follows = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.searched = ""
        self.found: list[Line] = []

    def content(self, frame: Frame, width: int, height: int) -> Content:
        if self.searched:
            title = logs.logs_title(
                frame.state, frame.room_ms, note=f"search {self.searched}: {len(self.found)} found, Esc ends"
            )
            return plain_content(title, self.found or [Line((Cell("no recorded line matches", "muted"),))])
        wanted = max(height, 1) if self.following else len(frame.log_tail.lines)
        tail = list(islice(reversed(frame.log_tail.lines), wanted))[::-1]
        lines = logs.log_lines(tail)
        note = "follow" if self.following else "held, G follows"
        title = logs.logs_title(frame.state, frame.room_ms, note=note)
        if not lines:
            return plain_content(title, [absence(frame.state, "logs", none="no line yet")])
        keys = [
            f"{entry.seq}.{entry.place}.{n}" for entry in tail for n in range(1 + entry.line.text.count("\n"))
        ]
        return Content(title, [], keys, lambda n: lines[n], [])


class TimelinePane(Pane):
    """What happened, as people read it."""

    number = 7
    follows = True

    def content(self, frame: Frame, width: int, height: int) -> Content:
        most = max(1, height) if self.following else len(frame.state.timeline.moments)
        lines = timeline.timeline_lines(frame.state, most)
        if not lines:
            lines = [Line((Cell("nothing happened yet", "muted"),))]
        return plain_content(timeline.timeline_title(frame.state), lines)


class NodesPane(Pane):
    """Failure domains as blocks of nodes; the cursor walks from node to node."""

    number = 3

    def content(self, frame: Frame, width: int, height: int) -> Content:
        title = nodes.nodes_title(frame.state, frame.room_ms)
        blocks = nodes.node_blocks(frame.state)
        if not blocks:
            return plain_content(title, [absence(frame.state, "cluster", none="the cluster has no node")])
        lines, keys = self._grid(frame.state, width, max(1, height - 1))
        return Content(title, [], keys, lambda n: lines[n], [nodes.node_legend(frame.state)])

    def _grid(self, state: State, width: int, height: int) -> tuple[list[Line], list[str]]:
        """Named tiles while they fit, else a line a block with one cell a node or the worst of several."""
        blocks = nodes.node_blocks(state)
        named = sum(1 + len(b.cells) for b in blocks)
        if named <= height or named <= 40:
            return self._list(state, height)
        lines, keys = [], []
        room = max(1, width - 14)
        each = max(1, *(-(-len(b.cells) // room) for b in blocks))
        for block in blocks:
            shares = [block.cells[n : n + each] for n in range(0, len(block.cells), each)]
            cells = [Cell(_glyph(share), worst(t.role for t in share)) for share in shares]
            lines.append(Line((Cell(f" {block.name[:11]:<12}", "muted"), *cells)))
            keys.append(f"block:{block.name}")
        if each > 1:
            lines.append(Line((Cell(f" 1 cell = {each} nodes, worst state", "muted"),)))
            keys.append("")
        return lines, keys

    def _list(self, state: State, height: int) -> tuple[list[Line], list[str]]:
        lines, keys = [], []
        for block in nodes.node_blocks(state):
            lines.append(Line((Cell(f" {block.name}", "bar"), Cell(f"  {_counts(block.cells)}", "muted"))))
            keys.append(f"block:{block.name}")
            for tile in block.cells:
                node = state.cluster.nodes.get(NodeName(tile.key))
                mark = Cell("▌", "warning") if tile.key in self.selected else Cell(" ")
                used = (
                    "—"
                    if node is None or node.gpus is None
                    else f"{'?' if node.gpus_used is None else node.gpus_used}/{node.gpus} gpu"
                )
                words = (
                    ""
                    if node is None
                    else node.state.value.replace("_", " ") + (", cordoned" if node.cordoned else "")
                )
                reason = "" if node is None or not node.reason else f"  {node.reason}"
                lines.append(
                    Line(
                        (
                            mark,
                            Cell(f"  {_glyph([tile])} {tile.key:<10} ", tile.role),
                            Cell(f"{used:<8} ", "muted"),
                            Cell(words, tile.role),
                            Cell(reason, "muted"),
                        )
                    )
                )
                keys.append(tile.key)
        return lines, keys

    def block_of(self, state: State) -> list[str]:
        """The nodes of the block under the cursor, or of the block the node under it is in."""
        for block in nodes.node_blocks(state):
            members = [tile.key for tile in block.cells]
            if self.cursor == f"block:{block.name}" or self.cursor in members:
                return members
        return []


GLYPHS = {"critical": "✖", "lost": "✖", "unknown": "?", "warning": "⊘", "ok": "▪"}


def _glyph(tiles: Sequence[Tile]) -> str:
    return GLYPHS.get(worst(tile.role for tile in tiles), "▪")


def _counts(tiles: Sequence[Tile]) -> str:
    bad = sum(tile.role not in ("ok", "warning") for tile in tiles)
    closed = sum(tile.role == "warning" for tile in tiles)
    return (
        f"{len(tiles)} nodes"
        + (f", {bad} not ready" if bad else "")
        + (f", {closed} cordoned" if closed else "")
    )


PANES: dict[str, type[Pane]] = {
    "health": HealthPane,
    "alerts": AlertsPane,
    "nodes": NodesPane,
    "workloads": WorkloadsPane,
    "metrics": MetricsPane,
    "logs": LogsPane,
    "timeline": TimelinePane,
}
"""Every pane by name, in the order of their digits."""
