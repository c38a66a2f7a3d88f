"""The post-mortem as markdown."""

import re
from collections.abc import Iterable
from datetime import datetime

from warroom.model.text import neutral
from warroom.postmortem.document import Document
from warroom.postmortem.escape import markdown
from warroom.postmortem.gaps import Blind
from warroom.postmortem.measures import Milestone
from warroom.postmortem.sentences import Sentence, clock, spoken, stretch

TO_FILL = "_to be filled in_"
NOT_KNOWN = "_not known_"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
"""A recording's name that can be copied into a shell as it stands."""
CAUSE_WAYS = (
    "`warroom note root cause: WHAT` or `warroom hypothesis raise WHAT` and "
    "`warroom hypothesis support Y1 EVIDENCE --event N`"
)
IMPACT_WAYS = "`--impact` when it is declared, or `warroom note impact: WHO NOTICED WHAT`"
MARKED_WAYS = "`warroom incident milestone NAME HOW --at TIME`"


def to_markdown(document: Document) -> str:
    """The whole document. ``#123`` is the event with that number in the record."""
    return _Page(document).text()


def _evidence(seqs: Iterable[int]) -> str:
    found = list(seqs)
    shown = " ".join(f"#{seq}" for seq in found[:8]) + (" …" if len(found) > 8 else "")
    return f" [{shown}]" if found else ""


class _Page:
    """One document as it is written; times of another day than its own carry their date."""

    def __init__(self, document: Document) -> None:
        self.d = document
        self.lines: list[str] = []

    def text(self) -> str:
        self._head()
        self._times()
        self._impact()
        self._why()
        self._done()
        self._promises()
        self._after()
        self._foot()
        return "\n".join(self.lines)

    # --- pieces ---------------------------------------------------------------------------------------------

    def _say(self, *lines: str) -> None:
        self.lines += lines

    def _missing(self, what: str, ways: str) -> str:
        """What is not recorded, and how it is recorded as long as that is possible."""
        if self.d.was_closed:
            return f"{TO_FILL}: {what}. The room is closed: write it here (in a room that is open: {ways})."
        return f"{TO_FILL}: {what}. While the room is open: {ways}."

    def _time(self, time: datetime) -> str:
        return clock(time, self.d.date)

    def _item(self, sentence: Sentence, mark: str = "-") -> str:
        time = f"{self._time(sentence.time)} " if sentence.time else ""
        return f"{mark} {time}{markdown(sentence.text)}{_evidence(sentence.evidence)}"

    def _items(self, sentences: Iterable[Sentence], mark: str = "-", indent: str = "") -> list[str]:
        lines: list[str] = []
        for sentence in sentences:
            lines.append(indent + self._item(sentence, mark))
            lines += self._items(sentence.parts, "-", indent + "  ")
        return lines

    def _section(self, title: str, sentences: Iterable[Sentence], missing: str) -> None:
        lines = self._items(sentences)
        self._say("", f"## {title}", "", *(lines or [missing]))

    def _part(self, title: str, sentences: Iterable[Sentence]) -> None:
        """A part that is only there when the record has something for it."""
        lines = self._items(sentences)
        if lines:
            self._say("", f"{title}:", "", *lines)

    # --- the document ---------------------------------------------------------------------------------------

    def _head(self) -> None:
        d = self.d
        nobody = f"{TO_FILL}: no incident was declared"
        self._say(
            f"# Post-mortem: {markdown(d.title) if d.title else 'no incident was declared'}",
            "",
            *(["**DRILL**: this was practised. It counts in no statistics.", ""] if d.drill else []),
            f"- **Date**: {f'{d.date:%Y-%m-%d}' if d.date else nobody}",
            f"- **Duration**: {self._duration()}",
            f"- **Severity**: {d.severity or nobody}",
            f"- **Impact**: {self._impact_line()}",
            f"- **Status**: {d.status}{self._how_it_ends()}",
            f"- **Cluster**: {markdown(neutral(d.header.meta.get('cluster', 'unknown')))}",
        )
        self._say(*(f"- **Said at the end**: {self._item(s, '').strip()}" for s in d.summary))

    def _duration(self) -> str:
        lasted = self.d.lasted
        if lasted is None:
            return f"{TO_FILL}: the incident is not resolved"
        return f"{markdown(lasted.text)}{_evidence(lasted.evidence)}"

    def _impact_line(self) -> str:
        said = "; ".join(f"{markdown(s.text)}{_evidence(s.evidence)}" for s in self.d.impact)
        return said or f"{TO_FILL}: nobody said who noticed what; what was measured stands under Impact"

    def _how_it_ends(self) -> str:
        d = self.d
        if d.was_closed or d.ends is None:
            return ""
        return (
            f"; the record ends at {self._time(d.ends)} and its room was not closed: "
            "it is still open, or its host was killed"
        )

    def _milestone(self, one: Milestone) -> str:
        if one.time is None:
            return f"| {one.name} | {TO_FILL if one.asked else NOT_KNOWN} | {markdown(one.how)} |"
        seq = _evidence([one.seq] if one.seq else [])
        off = f" ± {spoken(one.uncertain)}" if one.uncertain else ""
        return f"| {one.name} | {one.time:%Y-%m-%d %H:%M:%S}Z{off} | {markdown(one.how)}{seq} |"

    def _times(self) -> None:
        d = self.d
        self._say("", "## Timeline", "", "| Milestone | Time (UTC) | By which fact |", "|---|---|---|")
        self._say(*map(self._milestone, d.milestones))
        if d.severity and any(m.time is None for m in d.milestones) and not d.was_closed:
            self._say("", f"While the room is open a missing time is said with {MARKED_WAYS}.")
        self._part("Measured in this incident (lengths, not means), each with its definition", d.durations)
        self._part("Severity over time", d.history if len(d.history) > 1 else ())
        self._part("By severity", d.severities if len(d.severities) > 1 else ())
        self._part("Other incidents", d.links)
        self._section("Responders", d.responders, "Nobody is recorded as responder.")
        self._part("Who wrote into the record", d.present)

    def _impact(self) -> None:
        d = self.d
        self._section("Impact", d.impact, self._missing("nobody said who noticed what", IMPACT_WAYS))
        self._part("As the record shows it", d.observed)
        self._part("Alerts that fired", d.alerts)

    def _why(self) -> None:
        d = self.d
        missing = self._missing("no hypothesis was supported, no note begins with `root cause:`", CAUSE_WAYS)
        self._section("Root Cause", d.causes, missing)
        self._part("What the response acted on: findings whose runbook was followed to its end", d.acted_on)
        self._part("Answered in runbooks", d.answers)
        self._part("What changed before it began, and deploys since", d.changes)
        self._part("What it might have been, by evidence", d.hypotheses)
        self._part("What the rules found, and what became of it", d.findings)
        self._section("Decisions", d.decisions, "No decision is in the record.")

    def _done(self) -> None:
        d = self.d
        lines: list[str] = []
        for number, sentence in enumerate(d.actions, 1):
            lines.append(self._item(sentence, f"{number}."))
            lines += self._items(sentence.parts, "-", "   ")
        none = "No action that changes the cluster is in the record."
        self._say("", "## Mitigation Actions", "", *(lines or [none]))
        self._part("About alerts alone, which mitigates nothing", d.alert_actions)
        self._part("Wrong turns: effect or goal not seen in time, failed, or taken back", d.wrong_turns)
        self._part("Wanted and not done", d.near_misses)
        self._section("Evidence looked at", d.evidence, f"{TO_FILL}: no search is in the record")
        blind = [*map(self._blind, d.blind), *(f"- {markdown(words)}" for words in d.not_read)]
        seen = "Every source was seen all the time."
        self._say("", "## When the record could not see", "", *(blind or [seen]))

    def _blind(self, one: Blind) -> str:
        end = one.end
        span = stretch(one.start, end) if end else f"{self._time(one.start)} to the end of the record"
        return f"- {span}: {markdown(one.what)}{_evidence(one.evidence)}"

    def _promises(self) -> None:
        d = self.d
        self._section("Updates", d.updates, "No update is in the record.")
        self._part("Promises not kept in time", d.breaches)
        self._part("Of the checklist", d.checklist)

    def _after(self) -> None:
        d = self.d
        prevention = [self._item(s, "- [x]" if s.done else "- [ ]") for s in d.prevention]
        missing = self._missing(
            "no task was created", "`warroom task add WHAT --kind prevent --owner NAME --due +14d`"
        )
        self._say("", "## Prevention", "", *(prevention or [f"- [ ] {missing}"]))
        self._part("The post-mortem is talked about", d.review)
        learnt = self._missing("no note begins with `lesson:`", "`warroom note lesson: WHAT`")
        self._section("Lessons Learned", d.lessons, learnt)

    def _foot(self) -> None:
        d = self.d
        name = neutral(d.header.recording)
        typed = f" {name}" if PLAIN_NAME.fullmatch(name) else ""
        self._say("", "## The whole timeline, as it happened", "", *self._items(d.timeline))
        self._say(
            "",
            "---",
            "",
            f"Computed from the recording {markdown(name)}: {d.header.events} events in {d.header.links} links, head",
            f"`{d.header.head}`. `#N` is event N. Check it with `warroom verify{typed}`; see it again with",
            f"`warroom replay{typed}`.",
            "",
        )
