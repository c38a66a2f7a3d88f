"""Keys that act: each asks, shows the plan, wants a word typed, and only then sends the command."""

from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import (
    Act,
    AddMarker,
    AddNote,
    ChangeSeverity,
    Command,
    DeclareIncident,
    LockRoom,
    ResolveIncident,
    ShowPlan,
    UnlockRoom,
)
from warroom.model.nouns import Severity
from warroom.model.requests import Plan, Request
from warroom.model.text import Safe, neutral
from warroom.response.plans import digest
from warroom.ui.offers import OFFERS, announcement, challenge_of, offer_lines, plan_lines, requests_of
from warroom.ui.parts import Part
from warroom.ui.screens.dialogs import Confirm, Form, Menu, Reading
from warroom.views.lines import line

INCIDENT_STEPS = (
    ("declare", "declare an incident"),
    ("severity", "change the severity"),
    ("announce", "announce: create an alert everyone sees"),
    ("resolve", "resolve the incident"),
)


class Acting(Part):
    """The keys of a live screen that change something, if only the timeline."""

    async def _send(self, command: Command, done: str) -> bool:
        live = self.live
        if live is None:
            return False
        try:
            await live.wish(command)
        except WarroomError as refused:
            self.tell(str(refused), "warning")
            return False
        if done:
            self.tell(done, "ok")
        return True

    @work
    async def action_mark(self) -> None:
        """A marker, now."""
        await self._send(AddMarker(), "marker put on the timeline")

    @work
    async def action_note(self) -> None:
        """A note; an empty one is none."""
        asked = [
            line(
                "A note begins with root cause:, action item: or lesson: to stand in the post-mortem as such."
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
        """Select the row under the cursor and go on to the next."""
        key = self.pane.cursor
        if key and self.focused_name in OFFERS:
            self.pane.toggle([key])
            self.pane.next()
        self.draw()

    def action_select_block(self) -> None:
        """Select the whole rack the cursor is in."""
        if block := self.pane.block():
            self.pane.toggle(block)
        self.draw()

    @work
    async def action_actions(self) -> None:
        """What can be done to the selection."""
        targets = self.pane.targets()
        if self.focused_name not in OFFERS or not targets:
            self.tell("nothing here can be acted on; go to Alerts (2), Nodes (3) or Workloads (4)", "warning")
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
            self.tell("no alert is selected; go to Alerts (2)", "warning")

    async def _act(self, pane: str, targets: list[str], chosen: str) -> None:
        if self.feed.state.room.unlocked_by is None:
            self.tell("the room is locked: U unlocks it, and that is recorded", "warning")
            return
        what = ", ".join(targets[:4]) + (f" and {len(targets) - 4} more" if len(targets) > 4 else "")
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

    async def _confirm(self, requests: list[Request]) -> bool:
        """Show the plans of these requests, ask for the word, send what was shown."""
        try:
            plans: list[Plan] = [await self.feed.ask(ShowPlan(request)) for request in requests]
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return False
        title = str(plans[0].title) if len(plans) == 1 else f"{len(plans)} actions"
        if any(plan.refused for plan in plans):
            await self.app.push_screen_wait(
                Reading(self.look, "cannot be done", plan_lines(plans), role="critical")
            )
            return False
        challenge = challenge_of(plans)
        if (
            await self.app.push_screen_wait(Confirm(self.look, title, plan_lines(plans), challenge=challenge))
            is None
        ):
            self.tell("nothing was done")
            return False
        how = Safe(f"typed {challenge}")
        for plan in plans:
            if not await self._send(Act(plan.request, confirmed=neutral(how), digest=digest(plan)), ""):
                return False
        self.tell("")  # the line below speaks of the action now, not of what was said before it
        return True

    @work
    async def action_command(self) -> None:
        """The incident itself."""
        choices = [(step, line(words), True) for step, words in INCIDENT_STEPS]
        step = await self.app.push_screen_wait(Menu(self.look, "incident", choices))
        if step is None:
            return
        questions = {
            "declare": ("severity (1 to 4), then the title: 1 All inference requests failing", ""),
            "severity": ("severity (1 to 4), then why: 2 half of the requests succeed again", ""),
            "announce": (
                "name, severity (info, warning, critical), message: sev1-mitigated info restored",
                "",
            ),
            "resolve": ("one sentence: what it was and how it ended", ""),
        }
        asked, begin = questions[step]
        answer = await self.app.push_screen_wait(Form(self.look, step, [line(asked)], value=begin))
        if answer is None:
            return
        if step == "announce":
            if self.feed.state.room.unlocked_by is None:
                self.tell("the room is locked: U unlocks it, and that is recorded", "warning")
            else:
                await self._confirm([announcement(answer)])
            return
        await self._incident(step, answer)

    async def _incident(self, step: str, answer: str) -> None:
        first, _, rest = answer.strip().partition(" ")
        number = first.upper().removeprefix("SEV")
        if step == "resolve":
            await self._send(
                ResolveIncident(neutral(answer.strip())), "resolved; `warroom export` writes the post-mortem"
            )
            return
        if number not in ("1", "2", "3", "4"):
            self.tell("begin with the severity: 1, 2, 3 or 4", "warning")
            return
        severity, text = Severity(f"SEV{number}"), neutral(rest)
        if step == "severity":
            await self._send(ChangeSeverity(severity, text), f"severity is now {severity}")
        elif not text:
            self.tell("an incident needs a title after the severity", "warning")
        else:
            await self._send(DeclareIncident(text, severity), f"{severity} declared")
