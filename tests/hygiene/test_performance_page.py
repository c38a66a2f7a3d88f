"""The page of measurements can be written anew in parts."""

from benchmarks.__main__ import PAGE, rewritten


def test_a_section_written_anew_leaves_the_others_as_they_are() -> None:
    page = "# Performance\n\nhead\n\n## A\n\nold\n\n### Cost\n\nold\n\n## B\n\nkept\n"
    assert rewritten(page, ["## A\n\nnew\n"]) == "# Performance\n\nhead\n\n## A\n\nnew\n\n## B\n\nkept\n"
    assert rewritten(page, ["## C\n\nnew\n"]) == page + "\n## C\n\nnew\n"


def test_the_page_itself_stays_when_a_section_comes_out_the_same() -> None:
    page = PAGE.read_text("utf-8")
    section = "## Triage" + page.partition("## Triage")[2].partition("\n## ")[0]
    assert rewritten(page, [section]) == page
