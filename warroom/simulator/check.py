"""Finds, lists and validates scenario files."""

from pathlib import Path

from warroom.errors import WarroomError
from warroom.resources import scenario_files
from warroom.simulator.scenario import Scenario, expand, parse_scenario


def read_scenario(path: Path) -> Scenario:
    """A scenario from its file; raises ``WarroomError``."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise WarroomError(f"cannot read the scenario {path}: {wrong}") from wrong
    return parse_scenario(text, file=str(path), name=path.stem)


def scenario_path(name: str) -> Path:
    """The file meant by a scenario's name or path; raises ``WarroomError`` saying which there are."""
    if "/" in name or name.endswith(".toml"):
        return Path(name)
    files = {path.stem: path for path in scenario_files()}
    if name not in files:
        raise WarroomError(f"there is no sample cluster {name!r}; there are {', '.join(files) or 'none'}")
    return files[name]


def describe_all() -> list[tuple[str, str]]:
    """Name and title of every shipped scenario; a broken one shows what is wrong with it."""
    found: list[tuple[str, str]] = []
    for path in scenario_files():
        try:
            found.append((path.stem, read_scenario(path).title))
        except WarroomError as wrong:
            found.append((path.stem, f"broken: {wrong}"))
    return found


def check_scenario(path: Path) -> str:
    """A sentence on a valid scenario; raises ``WarroomError`` for any other."""
    scenario = read_scenario(path)
    nodes = sum(len(expand(rack.nodes)) for rack in scenario.rack)
    return (
        f"{path}: good. {scenario.title}: {nodes} nodes in {len(scenario.rack)} racks, "
        f"{len(scenario.workload)} workloads, {len(scenario.alert)} alert rules, {len(scenario.fault)} faults"
    )
