"""Keys that act: each asks, shows the plan, wants a word typed, and only then sends the command."""

from collections.abc import Sequence

from textual import work

from warroom.errors import WarroomError
from warroom.host.actions import Acted
from warroom.model.commands import Act, AddMarker, AddNote, Command, LockRoom, ShowPlan, UnlockRoom
from warroom.model.requests import Plan, Request
from warroom.model.text import neutral
from warroom.response.plans import digest
from warroom.ui.incident_steps import incident_choices, incident_command, question_lines
from warroom.ui.offers import (
    OFFERS,
    announcement,
    challenge_of,
    is_rated,
    names_of,
    offer_lines,
    plan_lines,
    requests_of,
)
from warroom.ui.reading import ReadingLogs
from warroom.ui.refusing import Refusing
from warroom.ui.screens.dialogs import Confirm, Form, Menu, Reading
from warroom.views.absence import refusal_of
from warroom.views.lines import line
from warroom.views.rows import Line

CHANGED = "The cluster changed since you were shown the plan. This is what would be done now:"
NAMELESS = Acted("", 0)
"""A wish that was granted and has no name."""


class Acting(ReadingLogs, Refusing):
    """The keys of a live screen that change something, if only the timeline."""

    async def _wish(self, command: Command) -> Acted | None:
        """Send a wish; None when it was refused, which the flash line says."""
        live = self.live
        if live is None:
            return None
        try:
            acted = await live.wish(command)
        except WarroomError as refused:
            self.tell(str(refused), "warning")
            return None
        return acted if isinstance(acted, Acted) else NAMELESS

    async def _send(self, command: Command, done: str) -> bool:
        if await self._wish(command) is None:
            return False
        if done:
            self.tell(done, "ok")
        return True

    def _unheard(self) -> bool:
        """Whether no host is there to hear a wish; it is said before anybody types in vain."""
        if self.feed.absence is None:
            return False
        self.refuse(refusal_of(self.feed.absence))
        return True

    def _locked(self) -> bool:
        if self._unheard():
            return True
        if self.feed.state.room.unlocked_by is not None:
            return False
        self.refuse(f"the room is locked: {self.key('unlock')} unlocks it, and that is recorded")
        return True

    @work
    async def action_mark(self) -> None:
        """A marker, now."""
        await self._send(AddMarker(), "marker put on the timeline")

    @work
    async def action_note(self) -> None:
        """A note; an empty one is none."""
        if self._unheard():
            return
        asked = [
            line(
                "A note begins with impact:, root cause:, action item: or lesson: to stand in the post-mortem as such."
            )
        ]
        text = await self.app.push_screen_wait(Form(self.look, "note", asked))
        if text and text.strip():
            await self._send(AddNote(neutral(text.strip())), "noted")

    @work
    async def action_unlock(self) -> None:
        """Allow actions; recorded with who did."""
        await self._send(UnlockRoom(), "unlocked: actions are possible; L locks again")

    @work
    async def action_lock(self) -> None:
        """Close actions again."""
        await self._send(LockRoom(), "locked")

    def action_select(self) -> None:
        """Select the row under the cursor and go on to the next; in the log, mark the line."""
        if self.focused_name == "logs":
            self.action_mark_line()
            return
        key = self.pane.cursor
        if key and self.focused_name in OFFERS:
            self.pane.toggle([key])
            self.pane.next()
        self.draw()

    def action_select_all(self) -> None:
        """Select every row that is shown, or none of them when all are selected."""
        if self.focused_name in OFFERS:
            self.pane.toggle(self.pane.shown_keys())
        self.draw()

    def action_extend(self) -> None:
        """Select all rows between the cursor and the nearest selected one."""
        if self.focused_name in OFFERS:
            self.pane.extend()
        self.draw()

    def action_select_block(self) -> None:
        """Select the whole rack the cursor is in."""
        if block := self.pane.block():
            self.pane.toggle(block)
        self.draw()

    @work
    async def action_actions(self) -> None:
        """What can be done to the selection."""
        if self._unheard():
            return
        targets = self.pane.targets()
        if self.focused_name not in OFFERS or not targets:
            self.refuse(f"nothing here can be acted on; go to {self.ways(2, 3, 4)}")
            return
        await self._act(self.focused_name, targets, "")

    @work
    async def action_acknowledge(self) -> None:
        """Acknowledge the selected alerts."""
        await self._alerts("acknowledge")

    @work
    async def action_silence(self) -> None:
        """Silence the selected alerts."""
        await self._alerts("silence")

    async def _alerts(self, chosen: str) -> None:
        targets = self.panes["alerts"].targets()
        if targets:
            await self._act("alerts", targets, chosen)
        else:
            self.refuse(f"no alert is selected; go to {self.ways(2)}")

    async def _act(self, pane: str, targets: list[str], chosen: str) -> None:
        if self._locked():
            return
        what = names_of(self.feed.state, pane, targets)
        if not chosen:
            picked = await self.app.push_screen_wait(
                Menu(self.look, what, offer_lines(self.feed.state, pane))
            )
            if picked is None:
                return
            chosen = picked
        offer = next(o for o in OFFERS[pane] if o.id == chosen)
        answer: str | None = ""
        if offer.asks:
            form = Form(
                self.look, f"{offer.words.split(':')[0]} {what}", [line(offer.asks)], value=offer.begin
            )
            answer = await self.app.push_screen_wait(form)
        if answer is None:
            return
        try:
            requests = requests_of(self.feed.state, chosen, targets, answer)
        except (WarroomError, ValueError) as wrong:
            self.tell(str(wrong), "warning")
            return
        if await self._confirm(requests):
            self.panes[pane].selected = frozenset()
            self.draw()

    async def _plans(self, requests: Sequence[Request], undoes: str) -> list[Plan] | None:
        """The plans of these requests as the host makes them now; None when it cannot."""
        try:
            return [await self.feed.ask(ShowPlan(request, undoes)) for request in requests]
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return None

    async def _confirm(
        self, requests: Sequence[Request], *, run: str = "", undoes: str = "", about: Sequence[Line] = ()
    ) -> bool:
        """Show the plans of these requests below what is to be known, ask for the word, send what was shown.

        Where the cluster changed meanwhile, what is left is shown anew and asked for again.
        """
        plans = await self._plans(requests, undoes)
        while plans:
            challenge = await self._word(plans, about)
            if not challenge:
                return False
            how = neutral(f"typed {challenge}")
            left = list(plans)
            for plan in plans:
                wish = Act(plan.request, confirmed=how, digest=digest(plan), undoes=undoes, run=run)
                if await self._wish(wish) is None:
                    break
                left.remove(plan)
            if not left:
                self.tell("")  # the line below speaks of the action now, also of whom it waits for
                return True
            plans = await self._plans([plan.request for plan in left], undoes)
            if plans is None or [digest(plan) for plan in plans] == [digest(plan) for plan in left]:
                return False
            about = [line((CHANGED, "warning")), line()]
        return False

    async def _word(self, plans: list[Plan], about: Sequence[Line]) -> str:
        """What was typed for these plans; empty when nothing is to be done, or nothing can be."""
        title = str(plans[0].title) if len(plans) == 1 else f"{len(plans)} actions"
        lines = [*about, *plan_lines(plans)]
        if any(plan.refused for plan in plans):
            await self.app.push_screen_wait(Reading(self.look, "cannot be done", lines, role="critical"))
            return ""
        dialog = Confirm(self.look, title, lines, challenge=challenge_of(plans))
        word = await self.app.push_screen_wait(dialog)
        if word is None:
            self.tell("nothing was done")
        return word or ""

    @work
    async def action_command(self) -> None:
        """The incident itself."""
        if self._unheard():
            return
        choices = incident_choices(self.feed.state)
        step = await self.app.push_screen_wait(Menu(self.look, "incident", choices))
        if step is None:
            return
        if step == "announce" and self._locked():
            return
        form = Form(self.look, step, question_lines(step))
        answer = await self.app.push_screen_wait(form)
        if answer is not None:
            await self._until_taken(step, answer)

    async def _until_taken(self, step: str, answer: str) -> None:
        """Do a step of the incident; what was refused is asked for again, with what was typed and the reason."""
        while refusal := await (
            self._announce(answer) if step == "announce" else self._incident(step, answer)
        ):
            lines = [*question_lines(step), line((refusal, "warning"))]
            corrected = await self.app.push_screen_wait(Form(self.look, step, lines, value=answer))
            if corrected is None:
                return
            answer = corrected

    async def _announce(self, answer: str) -> str:
        """Tell those who watch alerts; why it cannot be done, or empty."""
        try:
            request = announcement(answer)
        except WarroomError as wrong:
            return str(wrong)
        about = []
        if not is_rated(answer):
            words = "No severity (info, warning, critical) stands after the name, so it is announced as info."
            about = [line((words, "warning")), line()]
        await self._confirm([request], about=about)
        return ""

    async def _incident(self, step: str, answer: str) -> str:
        """Record a step of the incident; why it was refused, or empty."""
        incident = self.feed.state.incident.incident
        name = str(incident.incident) if incident is not None else "NAME"
        try:
            command, done = incident_command(step, answer, self.feed.now, name)
        except WarroomError as wrong:
            return str(wrong)
        if not await self._send(command, done):
            return self.told[0]
        if step == "declare":
            self.declared_here()
        return ""

    def declared_here(self) -> None:
        """Whoever just declared the incident on this screen had something in view."""
