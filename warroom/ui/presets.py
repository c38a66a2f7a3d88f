"""The layouts a person can choose, as data."""

from typing import NamedTuple

OVERVIEW = "overview"
"""What the size of the terminal makes of it."""


class Row(NamedTuple):
    """Panes side by side; where the screen is narrow, below each other."""

    share: int
    """Of the height, beside the other rows."""
    panes: dict[str, int]
    """Each with its share of the width."""


class Preset(NamedTuple):
    """One layout: its rows from above, and what stays where not all of it fits."""

    rows: tuple[Row, ...]
    first: tuple[str, ...]
    """Its panes, what is needed most first."""
    least: int = 6
    """Lines below which a pane shows too little to be worth a place."""

    @property
    def panes(self) -> tuple[str, ...]:
        """In the order in which they are seen."""
        return tuple(name for row in self.rows for name in row.panes)


PRESETS = {
    "triage": Preset((Row(1, {"alerts": 7, "nodes": 5}),), ("alerts", "nodes")),
    "diagnose": Preset(
        (Row(17, {"workloads": 7, "metrics": 5}), Row(19, {"logs": 1})), ("workloads", "logs", "metrics")
    ),
    "command": Preset(
        (Row(16, {"health": 5, "alerts": 7}), Row(20, {"timeline": 1})), ("timeline", "alerts", "health")
    ),
    "logs": Preset((Row(1, {"logs": 1}),), ("logs",)),
    "portrait": Preset(
        (
            Row(7, {"health": 1}),
            Row(9, {"alerts": 1}),
            Row(8, {"nodes": 1}),
            Row(9, {"workloads": 1}),
            Row(8, {"metrics": 1}),
            Row(11, {"logs": 1}),
            Row(8, {"timeline": 1}),
        ),
        ("alerts", "logs", "nodes", "workloads", "timeline", "metrics", "health"),
        least=8,
    ),
}
NAMES = (OVERVIEW, *PRESETS)
"""In the order of the key that goes through them."""
