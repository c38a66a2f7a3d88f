"""Plots as lines: exact width and height, times in UTC, the threshold across, marks where something happened."""

import subprocess
import sys
from datetime import timedelta
from math import inf, nan

import pytest
from rich.cells import cell_len

from tests.views.any_state import START
from warroom.views.plot import Mark, Points, legend_lines, plot_lines, scale_of
from warroom.views.rows import Line

END = START + timedelta(minutes=30)
COURSE: Points = [(START + timedelta(minutes=n), float(n)) for n in range(31)]


def text(line: Line) -> str:
    return "".join(cell.text for cell in line.spans)


def drawn(points: Points, *, threshold: float | None = None, marks: tuple[Mark, ...] = ()) -> list[Line]:
    scale = scale_of(points, START, END, threshold)
    return plot_lines(points, scale, (60, 12), unit="s", marks=marks)


def test_a_plot_has_the_size_it_is_given() -> None:
    lines = drawn(COURSE)
    assert len(lines) == 12
    assert {cell_len(text(line)) for line in lines[:-1]} == {60}


def test_values_stand_at_the_left_and_utc_below() -> None:
    said = [text(line) for line in drawn(COURSE)]
    assert "30.0s┤" in said[0]
    assert "0ms┤" in said[8]
    assert "14:00:00" in said[-2]
    assert said[-2].endswith("14:30:00Z")


def test_the_course_rises_from_the_lower_left_to_the_upper_right() -> None:
    rows = [text(line)[10:] for line in drawn(COURSE)[:9]]
    filled = [[n for n, sign in enumerate(row) if sign != " "] for row in rows]
    assert max(filled[8]) < min(filled[0])


def test_the_threshold_goes_across_and_is_named() -> None:
    lines = drawn(COURSE, threshold=15.0)
    (limit,) = [line for line in lines if "╌" in text(line)]
    assert "15.0s┤" in text(limit)
    assert limit.spans[0].role == "critical"


def test_what_happened_is_marked_at_its_time_and_explained() -> None:
    mark = Mark(START + timedelta(minutes=15), "▲", "critical", "alert NodeDown firing")
    lines = drawn(COURSE, marks=(mark,))
    assert 30 <= text(lines[-3]).index("▲") <= 38
    assert [text(line) for line in legend_lines([mark], 3)] == ["14:15:00Z ▲ alert NodeDown firing"]
    assert "2 earlier" in text(legend_lines([mark] * 3, 1)[-1])


@pytest.mark.parametrize(
    "values", [[], [None], [1.0], [2.0, 2.0], [nan, inf, -inf, 1.0], [1.7e308, -1.7e308], [0.0, None, 1.0]]
)
def test_any_values_can_be_plotted(values: list[float | None]) -> None:
    points = [(START + timedelta(minutes=n), value) for n, value in enumerate(values)]
    assert len(drawn(points)) == 12


def test_what_draws_plots_is_not_loaded_before_the_first_one() -> None:
    code = "import sys, warroom.ui.screens.room; print('plotille' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
