"""Going on with a runbook: each kind of step in its dialog."""

from datetime import timedelta

from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import LogsFound, MetricsFound
from warroom.model.response import RunbookStep, StepKind, StepResult, Targets
from warroom.model.response_commands import EndStep
from warroom.model.text import neutral
from warroom.response.runbooks.looking import look_answer, look_query
from warroom.response.runbooks.running import actions_of, left_of, place_of
from warroom.state.procedure import Run
from warroom.ui.acting import Acting
from warroom.ui.screens.dialogs import Form, Menu, Reading
from warroom.views.actions import action_lines
from warroom.views.lines import line
from warroom.views.metrics import metric_lines
from warroom.views.rows import Line
from warroom.views.runbooks import place_words, running

COURSE = 70
"""Cells a course is drawn for."""


class Stepping(Acting):
    """The key that goes on with what is followed."""

    @work
    async def action_next_step(self) -> None:
        """Go on with the current step."""
        if self._unheard():
            return
        runs = running(self.feed.state)
        if not runs:
            self.refuse("no runbook is followed; B lists them, a finding starts its own")
            return
        name: str | None = runs[0].run
        if len(runs) > 1:
            choices = [(run.run, line(place_words(run)), True) for run in runs]
            name = await self.app.push_screen_wait(Menu(self.look, "which runbook?", choices))
        if name is not None:
            await self._go_on(name)

    async def _go_on(self, name: str) -> bool:
        """Do the current step of a run; True when the room is what one wants to see now."""
        run = self.feed.state.procedure.runs.get(name)
        if run is None or run.at is None or run.result is not None:
            self.tell(f"{name} has no step left")
            return True
        match run.steps[run.at].step.kind:
            case StepKind.LOOK:
                return await self._look(run, run.at)
            case StepKind.ASK:
                return await self._answered(run, run.at, [line(str(run.steps[run.at].step.title))], "")
            case StepKind.ACT:
                return await self._act_step(run, run.at)
            case StepKind.WAIT:
                return await self._wait_step(run, run.at)

    async def _answered(self, run: Run, at: int, lines: list[Line], begin: str) -> bool:
        step = run.steps[at].step
        title = f"{run.run} step {at + 1} of {len(run.steps)}: {step.title}"
        hint = "Enter ends the step with these words; Esc leaves it open"
        form = Form(self.look, title, lines, value=begin, hint=hint, at_end=step.kind is StepKind.LOOK)
        answer = await self.app.push_screen_wait(form)
        if answer is None:
            return False
        # The flash line goes on with the next step.
        await self._send(EndStep(run.run, StepResult.DONE, neutral(answer.strip()), step=at), "")
        return False

    async def _look(self, run: Run, at: int) -> bool:
        step = run.steps[at].step
        try:
            lines, words = await self._seen(step, run.targets)
        except WarroomError as wrong:
            self.tell(f"{run.run} step {at + 1}: {wrong}; - on the board skips it", "warning")
            return True
        return await self._answered(run, at, lines, words)

    async def _seen(self, step: RunbookStep, targets: Targets) -> tuple[list[Line], str]:
        found: LogsFound | MetricsFound = await self.feed.ask(look_query(step, targets, self.feed.now))
        return look_answer(self.feed.state, step, targets, found, COURSE)

    async def _act_step(self, run: Run, at: int) -> bool:
        under_way = [a for a in actions_of(self.feed.state, run, at) if not a.over]
        if under_way:
            lines = [part for a in under_way for part in action_lines(self.feed.state, a.action)]
            await self.app.push_screen_wait(Reading(self.look, "this step is under way", lines))
            return False
        if self._locked():
            return True
        try:
            requests = left_of(self.feed.state, run, at)
        except WarroomError as refused:
            self.tell(f"{run.run} step {at + 1}: {refused}; - on the board skips it", "warning")
            return True
        await self._confirm(requests, run=place_of(run, at))
        return True

    async def _wait_step(self, run: Run, at: int) -> bool:
        step = run.steps[at].step
        began = run.started if at == 0 else run.steps[at - 1].time or run.started
        left = began + timedelta(minutes=step.minutes) - self.feed.now
        lines = [
            line(str(step.title)),
            line(
                (f"It ends by itself, by the figures, within {max(0, int(left.total_seconds()))} s.", "muted")
            ),
            line(),
            *metric_lines(self.feed.state, self.feed.now, COURSE),
        ]
        title = f"{run.run} step {at + 1} of {len(run.steps)} waits"
        await self.app.push_screen_wait(Reading(self.look, title, lines))
        return False
