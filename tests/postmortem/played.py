"""The shipped clusters played to their end, with everything recorded that a host records by itself."""

from datetime import datetime

from tests.response.commanding import BOOK
from tests.response.triage.following import begin
from tests.response.triage.runs import Run, Said
from tests.simulator.worlds import shipped
from warroom.events.base import Event
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentResolved
from warroom.events.procedure import RunbookStepEnded
from warroom.model.commands import DeclareIncident
from warroom.model.nouns import Person, Severity
from warroom.model.response import Confidence, Finding, StepKind, StepResult
from warroom.model.text import Safe
from warroom.response.checklist import watch_checklist
from warroom.response.clocks import watch_clocks
from warroom.response.milestones import watch_milestones
from warroom.response.runbooks.requests import requests_of
from warroom.response.runbooks.running import place_of
from warroom.response.watching import Moment
from warroom.response.wishes.incident import declared
from warroom.state.fold import apply

MAYA = Person(Safe("maya"), uid=1000, via="tui")
WATCHED = (watch_milestones, watch_checklist, watch_clocks)
STEP_S = 320


class Played(Run):
    """A simulated cluster whose events are kept."""

    def __init__(self, name: str) -> None:
        self.envelopes: list[Envelope] = []
        super().__init__(shipped(name))

    def add(
        self,
        event: Event,
        *,
        source: str = "room",
        time: datetime | None = None,
        person: Person | None = None,
    ) -> None:
        """Fold one event and keep it."""
        now = self.clock.now()
        seq, data = self.state.seq + 1, encode_event(event)
        kept = Envelope(seq, self.clock.room_ms(), time or now, now, source, person, event.type, 1, data)
        self.envelopes.append(kept)
        self.state = apply(self.state, kept)

    def _look(self) -> None:
        super()._look()
        for watch in WATCHED:
            moment = Moment(self.state, self.clock.now(), self.clock.room_ms(), BOOK, self.memory)
            for followed in list(watch(moment)):
                self.add(followed.event, time=followed.time)

    def declare(self, title: str) -> None:
        """Maya says that it is an incident."""
        moment = Moment(self.state, self.clock.now(), self.clock.room_ms(), BOOK, self.memory)
        for followed in declared(moment, "inc-1", DeclareIncident(Safe(title), Severity.SEV2), MAYA):
            self.add(followed.event, time=followed.time, person=MAYA)

    def follow(self, finding: Finding, answer: str) -> None:
        """Go through the runbook of a finding, the same answer to every question."""
        name = begin(self, finding).run
        for number, step in enumerate(one.step for one in self.state.procedure.runs[name].steps):
            if step.kind in (StepKind.LOOK, StepKind.ASK):
                self.add(RunbookStepEnded(name, number, StepResult.DONE, Safe(answer)), person=MAYA)
            if step.kind is StepKind.ACT:
                place = place_of(self.state.procedure.runs[name], number)
                for request in requests_of(self.state, step, finding.targets, why=str(step.title)):
                    self.do(request, run=place)
            self.until(lambda r: r.state.procedure.runs[name].at != number, most=STEP_S)  # noqa: B023
        self.until(lambda r: r.state.procedure.runs[name].result is not None, most=5)


def is_sure(said: Said, rule: str) -> bool:
    """Whether a rule says it with all its confidence."""
    return said.finding.rule == rule and said.finding.confidence is Confidence.HIGH


def played(name: str, rule: str, answer: str = "nothing speaks against it") -> Played:
    """A cluster from the first look to the resolution, by the runbook of what is found."""
    run = Played(name)
    run.until(lambda r: any(is_sure(said, rule) for said in r.said), most=240)
    run.seconds(30)
    run.declare("something is wrong")
    finding = next(f for f in run.standing.values() if f.rule == rule)
    run.follow(finding, answer)
    run.seconds(90)
    run.add(IncidentResolved(Safe("it is over")), person=MAYA)
    return run
