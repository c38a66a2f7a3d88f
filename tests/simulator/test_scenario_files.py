"""A scenario file is read strictly: what is wrong with it is said by file, table and key."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.worlds import SMALL
from warroom.errors import WarroomError
from warroom.resources import scenario_files
from warroom.simulator.check import check_scenario, describe_all, read_scenario, scenario_path
from warroom.simulator.scenario import FAULTS, METRICS, TABLES, Scenario, expand, parse_scenario

DOCS = Path(__file__).parents[2] / "docs" / "scenarios.md"


def trouble(text: str) -> str:
    with pytest.raises(WarroomError) as caught:
        parse_scenario(text, file="f.toml", name="f")
    return str(caught.value)


def test_every_shipped_scenario_is_valid_and_listed() -> None:
    names = {path.stem for path in scenario_files()}
    mitigated = {"node-failure", "crash-loop", "resource-exhaustion", "rack-switch"}
    assert {"calm", "false-alarm", *mitigated} <= names
    assert all("good." in check_scenario(path) for path in scenario_files())
    assert {name for name, title in describe_all() if not title.startswith("broken")} == names


def test_the_example_of_the_documentation_is_valid() -> None:
    example = DOCS.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    assert parse_scenario(example, file="docs", name="docs").title == "Two nodes and one service"


def test_every_key_metric_and_fault_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    tables = text.split("\n### ")
    for table, struct in {**TABLES, "": Scenario}.items():
        section = next(
            s for s in tables if (f"[{table}]" if table else "Top of the file") in s.splitlines()[0]
        )
        keys = {field.name for field in msgspec.structs.fields(struct)} - TABLES.keys()
        assert {key for key in keys if f"| `{key}` |" not in section} == set()
    assert {word for word in METRICS | FAULTS.keys() if f"`{word}`" not in text} == set()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("timeout_s = 6", "timeout = 6", "f.toml: control: unknown key timeout; did you mean timeout_s?"),
        (
            'name = "batch"',
            'name = "batch"\nreplcas = 2',
            "f.toml: workload[1]: unknown key replcas; did you mean replicas?",
        ),
        (
            'title = "two',
            'titel = "two',
            "f.toml: the top of the file: unknown key titel; did you mean title?",
        ),
        ("gpus = 4", 'gpus = "4"', "f.toml: rack[1].gpus: expected `int`, got `str`"),
        ("gpus = 4", "gpus = -4", "f.toml: rack[1].gpus: expected `int` >= 0"),
        ("rate = 90.0", "rate = inf", "f.toml: traffic[0].rate: expected `float` <= 1000000000.0"),
        ("rate = 90.0", "rate = nan", "f.toml: traffic[0].rate: expected `float` >= 0.0"),
        ("rate = 90.0", "", "f.toml: traffic[0]: object missing required field `rate`"),
        ('nodes = "n[3-4]"', 'nodes = "n[2-4]"', "f.toml: rack.nodes: two racks name the same node"),
        ('nodes = "n[3-4]"', 'nodes = "n[4-3]"', "f.toml: rack rack2: nodes = 'n[4-3]' names no node"),
        ('nodes = "n[3-4]"', 'nodes = "n[3-9999999]"', "f.toml: rack.nodes: more than 20000 nodes"),
        ('backup = "sw2"', 'backup = "sw3"', "f.toml: control.backup: no rack has the switch 'sw3'"),
        ('name = "batch"', 'name = "api"', "f.toml: workload.name: 'api' is empty or used twice"),
        (
            'service = "web"\nrate',
            'service = "wep"\nrate',
            "f.toml: traffic.service: no workload has the label service = 'wep'",
        ),
        ('metric = "error_rate"', 'metric = "errors"', "f.toml: alert.metric: errors is none of error_rate"),
        ("title", "title title", "f.toml: not valid TOML:"),
    ],
)
def test_a_mistake_is_named_by_file_table_and_key(old: str, new: str, said: str) -> None:
    assert old in SMALL
    assert trouble(SMALL.replace(old, new, 1)).startswith(said)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('at_s = 1\nkind = "switch_dwn"', "fault.kind: switch_dwn is none of switch_down"),
        ('at_s = 1\nkind = "node_down"\ntarget = "n9"', "fault.target: node_down cannot hit 'n9'"),
        ('at_s = 0\nkind = "node_down"\ntarget = "n1"', "fault[0].at_s: expected `int` >= 1"),
        ('at_s = 1\nkind = "demand"\ntarget = "web"\nvalue = "lots"', "fault.value: demand needs a factor"),
        ('at_s = 1\nkind = "demand"\ntarget = "web"\nvalue = "nan"', "fault.value: demand needs a factor"),
        ('at_s = 1\nkind = "scale"\ntarget = "api"\nvalue = "many"', "fault.value: scale needs a number"),
        ('at_s = 1\nkind = "scale"\ntarget = "web"\nvalue = "3"', "fault.target: scale cannot hit 'web'"),
        ('at_s = 1\nkind = "gpu_failing"\ntarget = "n1"\nvalue = "0"', "fault.value: gpu_failing needs sec"),
        ('at_s = 1\nkind = "gpu_xid"\ntarget = "n1"\nvalue = "7"', "fault.value: gpu_xid needs one of 13"),
        (
            'at_s = 1\nkind = "alert_limit"\ntarget = "Errors"\nvalue = "x"',
            "fault.value: alert_limit needs a",
        ),
        (
            'at_s = 1\nkind = "alert_limit"\ntarget = "Eros"\nvalue = "1"',
            "fault.target: alert_limit cannot hit",
        ),
    ],
)
def test_a_fault_that_cannot_happen_is_refused(fault: str, said: str) -> None:
    """A factor that is no number ended the room at the second it was due."""
    assert trouble(f"{SMALL}\n[[fault]]\n{fault}\n").startswith(f"f.toml: {said}")


@given(st.text(max_size=200) | st.text(alphabet="[]{}\"'=.\n#abc123_", max_size=200))
def test_any_text_is_a_scenario_or_one_sentence(text: str) -> None:
    try:
        parse_scenario(text, file="f.toml", name="f")
    except WarroomError as wrong:
        said = str(wrong)
    else:
        said = "f.toml: good"
    assert said.startswith("f.toml: ")


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "[control]\nswitch=" + "9" * 400])
def test_a_file_that_is_too_much_for_the_reader_is_one_sentence(text: str) -> None:
    assert trouble(text).startswith("f.toml: ")


def test_a_range_keeps_its_leading_zeros() -> None:
    assert expand("gpu-[08-11].a") == ["gpu-08.a", "gpu-09.a", "gpu-10.a", "gpu-11.a"]
    assert expand("plain") == ["plain"]


def test_a_missing_file_or_unknown_name_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WarroomError, match="cannot read the scenario"):
        read_scenario(tmp_path / "none.toml")
    with pytest.raises(WarroomError, match=r"there is no sample cluster 'rack'; there are .*rack-switch"):
        scenario_path("rack")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WarroomError, match="cannot read the scenario"):
        read_scenario(tmp_path / "binary.toml")
