"""Answers as no server should give them: anything JSON can hold, and good answers with one thing gone wrong."""

from typing import Any

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(
        [
            "NaN",
            "1e999",
            "gpu[1-",
            "a" + "[1]" * 3000,
            "n[0-99999,0-99999,0-99999]",
            "gpu:a100:",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-03-02T14:00:00.976348125Z",
            "-",
            "%j",
        ]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """The answer with one value, at any depth, replaced by garbage or left out."""
    places = list(_places(good))
    place = draw(st.sampled_from(places))
    return _replaced(good, place, draw(JSON), leave_out=draw(st.booleans()))


def _places(value: Any, before: tuple[Any, ...] = ()) -> Any:
    if before:
        yield before
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from _places(inner, (*before, key))


def _replaced(value: Any, place: tuple[Any, ...], garbage: Any, *, leave_out: bool) -> Any:
    first, *rest = place
    fresh = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        fresh[first] = _replaced(value[first], tuple(rest), garbage, leave_out=leave_out)
    elif leave_out:
        del fresh[first]
    else:
        fresh[first] = garbage
    return fresh
