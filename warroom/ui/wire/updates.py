"""Takes what Textual's compositor wants on screen into a shadow."""

from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from warroom.ui.wire.cells import cells_of
from warroom.ui.wire.shadow import Shadow, Span

KNOWN = (LayoutUpdate, ChopsUpdate)


def take(update: object, shadow: Shadow) -> list[Span] | None:
    """Want what an update shows; which spans may have changed, or None for an update of an unknown kind."""
    match update:
        case LayoutUpdate():
            return _layout(update, shadow)
        case ChopsUpdate():
            return _chops(update, shadow)
        case _:
            return None


def _layout(update: LayoutUpdate, shadow: Shadow) -> list[Span]:
    spans = []
    for y, line in enumerate(update.strips, update.region.y):
        segments: list[Segment] = [segment for strip in line for segment in strip]
        shadow.took[y].clear()
        span = shadow.put(y, update.region.x, *cells_of(segments, shadow.pens))
        spans += [span] if span else []
    return spans


def _chops(update: ChopsUpdate, shadow: Shadow) -> list[Span]:
    spans = []
    for y, first, last in update.spans:
        took = shadow.took[y]
        strip: Strip | None
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            stop = min(end, last)
            cut = strip.crop(0, stop - x)
            known = took.get(x)
            if known is not None and known[0] is cut and known[1] == stop:
                continue
            for begin in [at for at, (_, until) in took.items() if at < stop and x < until]:
                del took[begin]
            took[x] = cut, stop
            span = shadow.put(y, x, *cells_of(cut, shadow.pens))
            spans += [span] if span else []
    return spans
