"""docs/triage.md is printed from the tables of triage."""

from tests.hygiene.source_tree import ROOT
from warroom.response.triage.page import page
from warroom.response.triage.table import RULES

MEND = """print it again:
python -c 'from warroom.response.triage.page import page; print(page(), end="")' > docs/triage.md
"""


def test_the_page_about_triage_is_the_one_its_tables_print() -> None:
    assert (ROOT / "docs" / "triage.md").read_text("utf-8") == page(), MEND


def test_the_page_has_a_line_for_every_rule() -> None:
    assert all(f"| `{rule.id}` | {rule.doc} |" in page() for rule in RULES)
