"""One table makes the parser, the help and the manual."""

import subprocess
import sys

import pytest

from tests.driver.program import ROOT
from warroom.cli.main import parser
from warroom.cli.manual import manual
from warroom.cli.verbs import FILES, every_verb, verbs_of

PROMISED = """
demo open attach rooms stop pair reset-terminal init config scenarios incidents replay export verify
cluster-status node-list node-cordon node-uncordon node-drain
workload-list workload-get workload-logs workload-stop workload-submit workload-scale
alert-list alert-create alert-silence alert-ack metrics-query logs-search incident note marker timeline what-changed
role checklist hypothesis decide object pin task review clocks brief
approve refuse override cancel undo finding runbook update

themes watch keys
"""
VERBS = every_verb()
ACTING = [verb for verb in VERBS if verb.group == "act"]
LOOKING = [verb for verb in VERBS if verb.group in ("look", "act", "incident")]


def options(verb_name: str) -> set[str]:
    verb = next(verb for verb in VERBS if verb.name == verb_name)
    return {name for argument in verb.arguments for name in argument.names}


def test_the_manual_is_the_table_of_verbs() -> None:
    written = (ROOT / "docs" / "cli.md").read_text()
    assert written == manual(), "write it anew: python -m warroom.cli.manual > docs/cli.md"


def test_every_promised_verb_exists_and_no_two_are_called_the_same() -> None:
    names = [verb.name for verb in VERBS if not verb.hidden]
    assert sorted(names) == sorted(PROMISED.split())


@pytest.mark.parametrize("name", [verb.name for verb in ACTING])
def test_what_acts_needs_yes_and_can_wait(name: str) -> None:
    assert {"--yes", "--wait", "--json", "--room"} <= options(name)


@pytest.mark.parametrize("name", [verb.name for verb in LOOKING])
def test_what_talks_to_a_room_speaks_json_and_names_its_room(name: str) -> None:
    assert {"--json", "--room"} <= options(name)


def test_help_lists_every_verb_with_its_sentence() -> None:
    text = parser(VERBS).format_help()
    for verb in VERBS:
        assert (f"  {verb.name:<18} {verb.help}" in text) is not verb.hidden


def test_no_help_ends_in_a_stop_or_begins_with_a_capital() -> None:
    said = [verb.help for verb in VERBS] + [a.help for verb in VERBS for a in verb.arguments]
    assert [text for text in said if text.endswith(".") or text[:2].istitle()] == []


def test_the_table_of_files_says_where_each_verb_is() -> None:
    """A verb that is not in it would not exist."""
    assert {file: tuple(verb.name for verb in verbs_of(file)) for file in FILES} == dict(FILES)


def test_a_verb_loads_nothing_of_the_verbs_in_other_files() -> None:
    """Entering a room loaded all there is to acting, exporting and checking records before the screen stood."""
    code = "import sys; from warroom.cli.verbs import beside; beside('attach'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "warroom.cli.rooms" in loaded.split()
    assert not {"warroom.cli.acting", "warroom.cli.records", "textual", "httpx"}.intersection(loaded.split())
