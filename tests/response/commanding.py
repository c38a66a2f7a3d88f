"""A room in which an incident is commanded: wishes are granted, what follows by itself is recorded."""

from datetime import datetime, timedelta

from tests.response.rooms import act, alert, cluster, seen
from tests.views.any_state import MAYA, Tape
from warroom.events.actions import ActionVerified, GoalJudged
from warroom.events.alerts import AlertsChanged
from warroom.events.base import Event
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.host.book_files import with_files
from warroom.model.commands import DeclareIncident
from warroom.model.nouns import Person, Sample, Severity
from warroom.model.requests import Request, Verdict
from warroom.model.response_commands import ResponseCommand
from warroom.model.text import Safe
from warroom.resources import PACKAGE
from warroom.response.book import Book
from warroom.response.checklist import watch_checklist
from warroom.response.clocks import watch_clocks
from warroom.response.goals import watch_goals
from warroom.response.milestones import watch_milestones
from warroom.response.watching import Moment
from warroom.response.wishes.granting import granted
from warroom.response.wishes.incident import declared
from warroom.state.fold import apply
from warroom.state.slices import Incident, State

SAM = Person(Safe("sam"), uid=1001, via="tui")
ERRORS = Indicator("error_rate", Safe("errors"), "ratio", 0.05)
BOOK = with_files(Book(), PACKAGE / "nowhere")
WATCHED = (watch_goals, watch_milestones, watch_checklist, watch_clocks)


class Room:
    """A cluster with errors measured, and a record to which everything is added."""

    def __init__(self, *, book: Book = BOOK, indicators: tuple[Indicator, ...] = (ERRORS,)) -> None:
        self.tape: Tape = cluster()
        self.book = book
        if indicators:
            self.see(IndicatorsWatched(indicators))

    @property
    def state(self) -> State:
        return self.tape.state

    @property
    def now(self) -> datetime:
        return self.tape.now

    @property
    def incident(self) -> Incident:
        incident = self.state.incident.incident
        assert incident is not None
        return incident

    def see(self, event: Event) -> None:
        """The source shows this, a second later."""
        self.tape.add(event, source="sample")

    def errors(self, value: float | None) -> None:
        """A sample of the error rate."""
        self.see(SeriesSampled((Sample("error_rate", {}, self.now + timedelta(seconds=1), value),)))

    def fires(self, name: str = "Errors", severity: str = "critical", **more: object) -> None:
        self.see(AlertsChanged((alert(name, name, severity, **more),)))

    def later(self, seconds: float) -> None:
        """Time passes, in which nothing happens."""
        self.tape.ms += int(seconds * 1000)

    def moment(self) -> Moment:
        return Moment(self.state, self.now, self.tape.ms, self.book)

    def add(self, event: Event, person: Person | None = None, time: datetime | None = None) -> None:
        """Record an event as the host does."""
        tape, at = self.tape, self.now
        envelope = Envelope(
            len(tape.envelopes) + 1,
            tape.ms,
            time or at,
            at,
            "room",
            person,
            event.type,
            event.version,
            encode_event(event),
        )
        tape.envelopes.append(envelope)
        tape.state = apply(tape.state, envelope)

    def declare(self, severity: Severity = Severity.SEV1, person: Person = MAYA, **more: object) -> None:
        command = DeclareIncident(Safe("all requests fail"), severity, **more)  # type: ignore[arg-type]
        for followed in declared(self.moment(), "inc-1", command, person):
            self.add(followed.event, person, followed.time)
        self.follow()

    def wish(self, command: ResponseCommand, person: Person = MAYA) -> None:
        """Wish something; raises ``Refused``."""
        for followed in granted(self.moment(), command, person):
            self.add(followed.event, person, followed.time)
        self.follow()

    def follow(self) -> int:
        """Record what follows by itself, as one look of the host does; how much that was."""
        count = 0
        for watcher in WATCHED:
            for followed in list(watcher(self.moment())):
                self.add(followed.event, None, followed.time)
                count += 1
        return count

    def act(
        self,
        request: Request,
        *,
        goal: Verdict | None = None,
        verdict: Verdict = Verdict.SEEN,
        undoes: str = "",
    ) -> str:
        """Act, and have the effect (and the goal, if there is one) judged."""
        action = act(self.tape, request, undoes=undoes)
        seen(self.tape)
        self.tape.add(ActionVerified(action.action, verdict, Safe("seen")))
        if goal is not None:
            self.tape.add(GoalJudged(action.action, goal, Safe("errors 90% before, 1% after")))
        return action.action

    def goal(self, name: str) -> Verdict | None:
        """What became of what an action was for; None while that is not judged."""
        goal = self.state.actions.actions[name].goal
        return goal.verdict if goal is not None else None
