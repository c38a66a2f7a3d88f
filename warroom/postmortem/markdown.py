"""The post-mortem as markdown."""

from collections.abc import Iterable

from warroom.postmortem.document import Document
from warroom.postmortem.escape import markdown
from warroom.postmortem.measures import Milestone
from warroom.postmortem.sentences import Sentence, spoken

TO_FILL = "_to be filled in_"
NOT_KNOWN = "_not known_"


def _evidence(seqs: Iterable[int]) -> str:
    found = list(seqs)
    shown = " ".join(f"#{seq}" for seq in found[:8]) + (" …" if len(found) > 8 else "")
    return f" [{shown}]" if found else ""


def _item(sentence: Sentence, mark: str = "-") -> str:
    time = f"{sentence.time:%H:%M:%S}Z " if sentence.time else ""
    return f"{mark} {time}{markdown(sentence.text)}{_evidence(sentence.evidence)}"


def _milestone(one: Milestone) -> str:
    if one.time is None:
        return f"| {one.name} | {TO_FILL if one.asked else NOT_KNOWN} | {markdown(one.how)} |"
    seq = _evidence([one.seq] if one.seq else [])
    off = f" ± {spoken(one.uncertain)}" if one.uncertain else ""
    return f"| {one.name} | {one.time:%Y-%m-%d %H:%M:%S}Z{off} | {markdown(one.how)}{seq} |"


def _section(title: str, sentences: Iterable[Sentence], missing: str) -> list[str]:
    lines = [_item(s) for s in sentences]
    return ["", f"## {title}", "", *(lines or [missing])]


def _part(title: str, sentences: Iterable[Sentence]) -> list[str]:
    """A part that is only there when the record has something for it."""
    lines = [_item(s) for s in sentences]
    return ["", f"{title}:", "", *lines] if lines else []


def to_markdown(document: Document) -> str:
    """The whole document. ``#123`` is the event with that number in the record."""
    lines = [*_head(document), *_times(document), *_why(document), *_done(document), *_promises(document)]
    return "\n".join([*lines, *_after(document), *_foot(document)])


def _head(d: Document) -> list[str]:
    missing = f"{TO_FILL}: nobody said so"
    return [
        f"# Post-mortem: {markdown(d.title) if d.title else 'no incident was declared'}",
        "",
        *(["**DRILL**: this was practised. It counts in no statistics.", ""] if d.drill else []),
        f"- **Date**: {f'{d.date:%Y-%m-%d}' if d.date else missing}",
        f"- **Duration**: {spoken(d.duration) if d.duration else TO_FILL + ': the incident is not resolved'}",
        f"- **Severity**: {d.severity or missing}",
        f"- **Impact**: {markdown(d.impact) if d.impact else missing}",
        f"- **Status**: {d.status}",
        f"- **Cluster**: {markdown(d.header.meta.get('cluster', 'unknown'))}",
    ]


def _times(d: Document) -> list[str]:
    lines = [
        "",
        "## Timeline",
        "",
        "| Milestone | Time (UTC) | By which fact |",
        "|---|---|---|",
        *map(_milestone, d.milestones),
        *_part("Measured in this incident (lengths, not means), each with its definition", d.durations),
        *_part("Severity over time", d.history if len(d.history) > 1 else ()),
        *_part("By severity", d.severities if len(d.severities) > 1 else ()),
        *_part("Other incidents", d.links),
    ]
    return lines + _section("Responders", d.responders, "Nobody is recorded as responder.")


def _why(d: Document) -> list[str]:
    missing = f"{TO_FILL}: no hypothesis was supported, no note begins with `root cause:`"
    return [
        *_section("Root Cause", d.causes, missing),
        *_part("What it might have been, by evidence", d.hypotheses),
        *_part("What the rules found, and what became of it", d.findings),
        *_section("Decisions", d.decisions, "No decision is in the record."),
    ]


def _done(d: Document) -> list[str]:
    numbered = [_item(s, f"{n}.") for n, s in enumerate(d.actions, 1)]
    blind = [
        f"- {b.start:%H:%M:%S}Z to {f'{b.end:%H:%M:%S}Z' if b.end else 'the end'}: "
        f"{markdown(b.what)}{_evidence(b.evidence)}"
        for b in d.blind
    ]
    return [
        *["", "## Mitigation Actions", ""],
        *(numbered or [f"{TO_FILL}: no action is in the record"]),
        *_part("Wrong turns: effect or goal not seen in time, failed, or taken back", d.wrong_turns),
        *_part("Wanted and not done", d.near_misses),
        *_section("Evidence looked at", d.evidence, f"{TO_FILL}: no search is in the record"),
        *["", "## When the record could not see", ""],
        *(blind or ["Every source was seen all the time."]),
    ]


def _promises(d: Document) -> list[str]:
    return [
        *_section("Updates", d.updates, "No update is in the record."),
        *_part("Promises not kept in time", d.breaches),
        *_part("Of the checklist", d.checklist),
    ]


def _after(d: Document) -> list[str]:
    prevention = [_item(s, "- [x]" if s.done else "- [ ]") for s in d.prevention]
    missing = f"- [ ] {TO_FILL}: no task was created, no note begins with `action item:`"
    return [
        *["", "## Prevention", "", *(prevention or [missing])],
        *_part("The post-mortem is talked about", d.review),
        *_section("Lessons Learned", d.lessons, f"{TO_FILL}: no note begins with `lesson:`"),
    ]


def _foot(d: Document) -> list[str]:
    return [
        *["", "## The whole timeline, as it happened", "", *(_item(s) for s in d.timeline)],
        "",
        "---",
        "",
        f"Computed from the recording `{d.header.recording}`: {d.header.events} events in {d.header.links} links, head",
        f"`{d.header.head}`. `#N` is event N. Check it with `warroom verify {d.header.recording}`; see it again with",
        f"`warroom replay {d.header.recording}`.",
        "",
    ]
