"""How high a grid would be is told without laying it out, or a cluster of 10,000 nodes waits for its first paint."""

import random

from warroom.ui.widgets.grid_layout import Zoom, _height, _lines, _places


def test_a_grid_is_as_high_as_was_foretold() -> None:
    chance = random.Random(3)
    tried = 0
    for _ in range(500):
        sizes = [chance.randint(1, 60) for _ in range(chance.randint(1, 40))]
        zoom = Zoom("any", chance.choice((1, 2, 9)), chance.choice((1, 1, 2, 7)))
        look = {
            "label": chance.randint(2, 12),
            "width": chance.randint(20, 200),
            "boxes": chance.randint(1, 4),
        }
        lines = _lines(sizes, zoom, **look)
        if lines:
            tried += 1
            assert _height(_places(sizes, zoom), zoom, **look) == len(lines)
    assert tried > 300
