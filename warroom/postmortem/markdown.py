"""The post-mortem as markdown."""

from collections.abc import Iterable

from warroom.postmortem.document import Document, Milestone, Sentence, spoken
from warroom.postmortem.escape import markdown

TO_FILL = "_to be filled in_"


def _evidence(seqs: Iterable[int]) -> str:
    found = list(seqs)
    shown = " ".join(f"#{seq}" for seq in found[:8]) + (" …" if len(found) > 8 else "")
    return f" [{shown}]" if found else ""


def _item(sentence: Sentence, mark: str) -> str:
    time = f"{sentence.time:%H:%M:%S}Z " if sentence.time else ""
    return f"{mark} {time}{markdown(sentence.text)}{_evidence(sentence.evidence)}"


def _milestone(one: Milestone) -> str:
    if one.time is None:
        return f"| {one.name} | {TO_FILL} | {markdown(one.how)} |"
    seq = _evidence([one.seq] if one.seq else [])
    return f"| {one.name} | {one.time:%Y-%m-%d %H:%M:%S}Z | {markdown(one.how)}{seq} |"


def _section(title: str, lines: list[str], missing: str) -> list[str]:
    return ["", f"## {title}", "", *(lines or [f"{TO_FILL}: {missing}"])]


def to_markdown(document: Document) -> str:
    """The whole document. ``#123`` is the event with that number in the record."""
    d = document
    missing = f"{TO_FILL}: nobody said so"
    lines = [
        f"# Post-mortem: {markdown(d.title) if d.title else 'no incident was declared'}",
        "",
        f"- **Date**: {f'{d.date:%Y-%m-%d}' if d.date else missing}",
        f"- **Duration**: {spoken(d.duration) if d.duration else TO_FILL + ': the incident is not resolved'}",
        f"- **Severity**: {d.severity or missing}",
        f"- **Impact**: {markdown(d.impact) if d.impact else missing}",
        f"- **Cluster**: {markdown(d.header.meta.get('cluster', 'unknown'))}",
        "",
        "## Timeline",
        "",
        "| Milestone | Time (UTC) | By which fact |",
        "|---|---|---|",
        *map(_milestone, d.milestones),
    ]
    if d.durations:
        lines += ["", *(_item(s, "-") for s in d.durations)]
    if len(d.history) > 1:
        lines += ["", "Severity over time:", "", *(_item(s, "-") for s in d.history)]
    lines += _section("Root Cause", [_item(s, "-") for s in d.causes], "no note begins with `root cause:`")
    numbered = [_item(s, f"{n}.") for n, s in enumerate(d.actions, 1)]
    lines += _section("Mitigation Actions", numbered, "no action is in the record")
    lines += _section("Evidence looked at", [_item(s, "-") for s in d.evidence], "no search is in the record")
    lines += ["", "## When the record could not see", ""]
    lines += [
        f"- {b.start:%H:%M:%S}Z to {f'{b.end:%H:%M:%S}Z' if b.end else 'the end'}: "
        f"{markdown(b.what)}{_evidence(b.evidence)}"
        for b in d.blind
    ] or ["Every source was seen all the time."]
    prevention = [_item(s, "- [ ]") for s in d.prevention]
    lines += _section(
        "Prevention", prevention or [f"- [ ] {TO_FILL}: no note begins with `action item:`"], ""
    )
    lines += _section("Lessons Learned", [_item(s, "-") for s in d.lessons], "no note begins with `lesson:`")
    lines += ["", "## The whole timeline, as it happened", "", *(_item(s, "-") for s in d.timeline)]
    lines += [
        "",
        "---",
        "",
        f"Computed from the recording `{d.header.recording}`: {d.header.events} events in {d.header.links} links, head",
        f"`{d.header.head}`. `#N` is event N. Check it with `warroom verify {d.header.recording}`; see it again with",
        f"`warroom replay {d.header.recording}`.",
        "",
    ]
    return "\n".join(lines)
