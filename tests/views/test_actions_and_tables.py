"""Actions as rows, listings of recordings, and tables as plain text."""

from typing import NamedTuple

from tests.views.any_state import MAYA, Tape, room
from warroom.events.actions import (
    ActionApproved,
    ActionFailed,
    ActionProgressed,
    ActionProposed,
    ActionStarted,
    ActionSucceeded,
    ActionVerified,
)
from warroom.model.nouns import NodeName
from warroom.model.requests import Cordon, Plan, Verdict
from warroom.model.text import Safe
from warroom.views.actions import action_lines, action_rows, waiting_lines
from warroom.views.incidents import incident_rows
from warroom.views.plain import table_text
from warroom.views.rows import Cell, Column, Row

REQUEST = Cordon((NodeName("gpu-01"),), reason=Safe("bad switch"))
PLAN = Plan(REQUEST, Safe("cordon gpu-01"), goal=Safe("gpu-01 closed to new work"))


def acted(*steps: str) -> Tape:
    tape = room()
    tape.add(ActionProposed("A1", "op-1", REQUEST, PLAN), actor=MAYA)
    for step in steps:
        match step:
            case "started":
                tape.add(ActionApproved("A1", Safe("typed 4")), actor=MAYA)
                tape.add(ActionStarted("A1"))
            case "progressed":
                tape.add(ActionProgressed("A1", Safe("1 still there"), 3, 4))
            case "succeeded":
                tape.add(ActionSucceeded("A1"))
            case "failed":
                tape.add(ActionFailed("A1", Safe("refused by slurmctld")))
            case _:
                tape.add(ActionVerified("A1", Verdict(step), Safe("the cluster shows it")))
    return tape


def test_an_action_is_shown_with_who_what_and_how_far() -> None:
    tape = acted("started", "progressed")
    (row,) = action_rows(tape.state, tape.now)
    assert [cell.text for cell in row.cells] == ["A1", "0m", "maya", "cordon gpu-01", "◌ started 3/4"]


def test_a_verdict_is_told_apart_from_an_answer() -> None:
    """An API that says yes is no success; only the cluster's state is."""
    endings = {
        steps: action_rows(acted(*steps).state, acted().now)[0].cells[-1]
        for steps in (("started", "succeeded"), ("effect seen",), ("not seen",), ("unknown",), ("failed",))
    }
    assert [(cell.text, cell.role) for cell in endings.values()] == [
        ("◌ succeeded", "info"),
        ("✔ effect seen", "ok"),
        ("✖ not seen", "critical"),
        ("? unknown", "unknown"),
        ("✖ failed", "critical"),
    ]


def test_only_actions_without_an_ending_wait() -> None:
    assert waiting_lines(acted("started", "failed").state) == []
    assert waiting_lines(acted("effect seen").state) == []
    (line,) = waiting_lines(acted("started", "succeeded").state)
    assert line.spans[0].text == "◌ A1 cordon gpu-01 was accepted, looking for its effect: typed 4"


def test_one_action_in_words_has_its_reason_goal_and_every_step() -> None:
    lines = [
        "".join(c.text for c in line.spans)
        for line in action_lines(acted("started", "effect seen").state, "A1")
    ]
    assert lines[:3] == [
        "A1 cordon gpu-01  by maya",
        "because bad switch",
        "seen when gpu-01 closed to new work",
    ]
    assert [line.split()[1] for line in lines[3:-1]] == ["proposed", "approved", "started", "verified"]
    assert lines[-1] == "✔ effect seen"


class Listing(NamedTuple):
    id: str
    severity: str = ""
    cluster: str = "prod"
    declared: str = ""
    resolved: str = ""
    events: int = 0
    title: str = ""
    trouble: str = ""


def test_a_listing_tells_open_resolved_undeclared_and_unreadable_apart() -> None:
    rows = incident_rows(
        [
            Listing("a", "SEV1", declared="x"),
            Listing("b", "SEV2", declared="x", resolved="y"),
            Listing("c"),
            Listing("d", trouble="made by a newer warroom"),
        ]
    )
    assert [(row.cells[1].role, row.cells[3].text) for row in rows] == [
        ("sev1", "open"),
        ("sev2", "resolved"),
        ("muted", "not declared"),
        ("muted", "made by a newer warroom"),
    ]


def test_a_table_is_aligned_also_with_wide_characters_and_cut_at_the_width() -> None:
    columns = (Column("NAME", None), Column("N", None, align="right"), Column("WHAT", None))
    rows = [
        Row("1", (Cell("ノード"), Cell("7"), Cell("short"))),
        Row("2", (Cell("gpu-1"), Cell("120"), Cell("two\nlines"))),
    ]
    assert table_text(columns, rows, 80) == ("NAME      N  WHAT\nノード    7  short\ngpu-1   120  two lines")
    assert table_text(columns, rows, 16).split("\n")[2] == "gpu-1   120  tw…"
