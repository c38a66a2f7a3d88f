"""The nodes in blocks of what fails together, kept up to date by what changed."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from warroom.model.nouns import Node, NodeName
from warroom.state.slices import State
from warroom.views.node_measures import Mark, Measures, mark_of
from warroom.views.rows import Block, Tile

Change = tuple[NodeName, Node | None, Node | None]
"""Which node, as it was, as it is."""

MANY = 500
"""More changes than that are laid out at once rather than one by one."""
DOMAINS = ("rack", "zone", "pool")


def domain_of(node: Node, by: str = "") -> str:
    """The failure domain a node is shown in; without ``by`` the smallest it has."""
    if by:
        return getattr(node, by, "") or f"no {by}"
    return node.rack or node.zone or node.pool or "all"


def domains_of(nodes: Mapping[NodeName, Node]) -> list[str]:
    """The kinds of failure domain this cluster tells of."""
    return [by for by in DOMAINS if any(getattr(node, by) for node in nodes.values())]


class NodeMap:
    """A tile a node, in the order of their names, in blocks by name."""

    def __init__(self) -> None:
        self.by = ""
        """``rack``, ``zone`` or ``pool``; empty for the smallest domain each node has."""
        self.colour = "state"
        self.blocks: Sequence[Block] = ()
        self._nodes: Mapping[NodeName, Node] = {}
        self._names: dict[str, list[NodeName]] = {}
        self._tiles: dict[str, list[Tile]] = {}
        self._made: dict[str, Block] = {}
        self._marks: dict[NodeName, Mark] = {}
        self._measured: object = None

    def change(
        self, changes: Sequence[tuple[NodeName, Node | None, Node | None]], nodes: Mapping[NodeName, Node]
    ) -> None:
        """Take over which nodes came, changed and went."""
        self._nodes = nodes
        self._measured = None
        moved = [change for change in changes if self._is_seen(*change)]
        if len(moved) > MANY:
            self._lay_out()
            return
        touched: set[str] = set()
        for name, before, after in moved:
            touched |= self._move(name, before, after)
        self._rebuild(touched)

    def _is_seen(self, name: NodeName, before: Node | None, after: Node | None) -> bool:
        """Mark a node anew; whether its tile or its place differs by what changed."""
        if after is None:
            self._marks.pop(name, None)
            return True
        known = mark = self._marks.get(name)
        if known is None or self.colour == "state":
            mark = self._marks[name] = mark_of(after, "state", None)
        return before is None or mark != known or domain_of(before, self.by) != domain_of(after, self.by)

    def look(self, state: State, by: str, colour: str) -> None:
        """Show the nodes by that domain, marked by that; costs nothing while nothing of it changed."""
        if by != self.by:
            self.by = by
            self._lay_out()
        measured = colour, state.cluster.revision, state.metrics.revision if colour != "state" else 0
        if colour == self.colour == "state" or measured == self._measured:
            return
        self.colour, self._measured = colour, measured
        measures = Measures(state, colour) if colour not in ("state", "load") else None
        marks = {name: mark_of(node, colour, measures) for name, node in self._nodes.items()}
        different = [name for name, mark in marks.items() if mark != self._marks.get(name)]
        self._marks = marks
        if len(different) > MANY:
            self._lay_out()
            return
        touched: set[str] = set()
        for name in different:
            touched |= self._move(name, self._nodes[name], self._nodes[name])
        self._rebuild(touched)

    def _lay_out(self) -> None:
        """All of it anew, which is cheaper than one after the other when most of it changed."""
        nodes, marks, by = self._nodes, self._marks, self.by
        self._names = {}
        for name in sorted(nodes):
            self._names.setdefault(domain_of(nodes[name], by), []).append(name)
        self._tiles = {
            domain: [Tile(name, marks[name].role, name, marks[name].sign) for name in names]
            for domain, names in self._names.items()
        }
        self._made = {domain: Block(domain, tuple(tiles)) for domain, tiles in self._tiles.items()}
        self.blocks = tuple(self._made[domain] for domain in sorted(self._made))

    def _move(self, name: NodeName, before: Node | None, after: Node | None) -> set[str]:
        old = None if before is None else domain_of(before, self.by)
        new = None if after is None else domain_of(after, self.by)
        if old is not None and old != new:
            at = bisect_left(self._names[old], name)
            del self._names[old][at], self._tiles[old][at]
        if new is not None:
            names, tiles = self._names.setdefault(new, []), self._tiles.setdefault(new, [])
            at = bisect_left(names, name)
            mark = self._marks[name]
            tile = Tile(str(name), mark.role, str(name), mark.sign)
            if new != old:
                names.insert(at, name)
                tiles.insert(at, tile)
            else:
                tiles[at] = tile
        return {domain for domain in (old, new) if domain is not None}

    def _rebuild(self, touched: set[str]) -> None:
        for domain in touched:
            if self._names[domain]:
                self._made[domain] = Block(domain, tuple(self._tiles[domain]))
            else:
                del self._names[domain], self._tiles[domain]
                self._made.pop(domain, None)
        if touched or not self._made:
            self.blocks = tuple(self._made[domain] for domain in sorted(self._made))
