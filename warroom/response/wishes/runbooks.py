"""Wishes about runbooks: start one, end a step by hand, give one up."""

from collections.abc import Iterable

from warroom.errors import Refused
from warroom.events.procedure import RunbookEnded, RunbookStarted, RunbookStepEnded
from warroom.model.nouns import Person
from warroom.model.response import StepKind, StepResult, Targets
from warroom.model.response_commands import EndRunbook, EndStep, ResponseCommand, StartRunbook
from warroom.model.text import neutral
from warroom.response.book import Book
from warroom.response.runbooks.definition import Runbook
from warroom.response.watching import Followed, Moment
from warroom.state.procedure import Run

NO_TARGETS = Targets()


def grant_runbook(moment: Moment, command: ResponseCommand, _: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    match command:
        case StartRunbook():
            return [Followed(_started(moment, command))]
        case EndStep():
            return [Followed(_ended(moment, command))]
        case EndRunbook():
            run = _running(moment, command.run)
            return [Followed(RunbookEnded(run.run, StepResult.SKIPPED, command.reason))]
        case _:
            raise Refused("this is no wish about a runbook")


def runbook_named(book: Book, name: str) -> Runbook:
    """The runbook; raises ``Refused`` naming those there are."""
    found = book.runbooks.get(name)
    if found is None:
        known = ", ".join(sorted(book.runbooks)) or "none"
        raise Refused(f"there is no runbook {neutral(name)}; there are: {known}")
    return found


def _started(moment: Moment, command: StartRunbook) -> RunbookStarted:
    book = runbook_named(moment.book, command.runbook)
    targets = command.targets
    if command.finding:
        standing = moment.state.findings.standing.get(command.finding)
        if standing is None:
            raise Refused(
                f"the finding {command.finding} does not stand any more; start the runbook without it"
            )
        if targets == NO_TARGETS:
            targets = standing.finding.targets
    name = f"R{len(moment.state.procedure.runs) + 1}"
    return RunbookStarted(name, book.id, book.title, book.steps, targets, command.finding)


def _running(moment: Moment, name: str) -> Run:
    run = moment.state.procedure.runs.get(name)
    if run is None:
        raise Refused(f"there is no run {name}")
    if run.result is not None:
        raise Refused(f"{name} is over ({run.result.value})")
    return run


def _ended(moment: Moment, command: EndStep) -> RunbookStepEnded:
    run = _running(moment, command.run)
    at = run.at
    if at is None:
        raise Refused(f"every step of {run.run} has a result")
    if command.step not in (None, at):
        raise Refused(f"{run.run} is at step {at + 1} by now; look at it again")
    step = run.steps[at].step
    if command.result is StepResult.DONE and step.kind in (StepKind.ACT, StepKind.WAIT):
        raise Refused(
            f"this step ends by what the cluster shows; it can be skipped with a reason ({step.title})"
        )
    if command.result is not StepResult.DONE and not command.detail:
        raise Refused("say why: a skipped or failed step needs a reason")
    if step.kind is StepKind.ASK and not command.detail:
        raise Refused(f"the step asks: {step.title}")
    return RunbookStepEnded(run.run, at, command.result, command.detail, command.action)
