"""Keys of the response: the board, what is chosen on it, updates, taking back."""

from functools import cached_property

from textual import work

from warroom.errors import WarroomError
from warroom.model.commands import Drafted, DraftUpdate
from warroom.model.response import ItemState, StepResult, UpdateKind
from warroom.model.response_commands import (
    ApproveAction,
    CancelAction,
    EndRunbook,
    EndStep,
    NoteLook,
    OverrideAction,
    PinEvidence,
    RaiseHypothesis,
    RefuseAction,
    SendUpdate,
    StartRunbook,
)
from warroom.model.text import neutral
from warroom.response.runbooks.requests import targets_named
from warroom.response.undo import reverse_of, undoable, undone_by
from warroom.response.updates.writing import usual_kind, worded
from warroom.response.wishes.updates import NO_TARGET, READ_AT_OPENING
from warroom.ui.boards import Shown, entry_lines
from warroom.ui.copying import Copying
from warroom.ui.doings.doing import Doing
from warroom.ui.doings.table import command_of, doings, quick, split
from warroom.ui.investigating import Investigating
from warroom.ui.keys import board_keys
from warroom.ui.offers import challenge_of, plan_lines
from warroom.ui.screens.board import Board, LiveBoard, ReplayBoard
from warroom.ui.screens.dialogs import Confirm, Form, Menu, Reading, Suggesting
from warroom.ui.screens.writing import Writing
from warroom.views.filtering import Filter
from warroom.views.lines import line
from warroom.views.rows import Line

OVERRIDE = "OVERRIDE"
LOOKS = {
    "health": ("cluster_status_checked", "cluster-status"),
    "alerts": ("alerts_checked", "alert-list"),
}
"""Panes whose look the checklist asks for: the proof, and how the look is called."""
FLOWS = ("finding", "book", "run", "action")
"""Kinds of entries whose choices are more than one command."""

DIRECT = ("new", "review", "promise", "milestone")
"""Kinds with one choice, which is then asked at once."""


class Responding(Investigating, Copying):
    """The keys of the response."""

    board_at = Shown()
    """Where the board was left."""

    @cached_property
    def board_passing(self) -> dict[str, Filter]:
        """The filters of its tabs."""
        return {}

    async def type_command(self, board: Board | None) -> None:
        """Type a command; the screen that has a command line says how."""

    async def _told(self, command: str) -> None:
        """Do what a command says."""

    @work
    async def action_board(self, tab: str) -> None:
        """The response, at a tab; what is picked there is done, and the board shown again."""
        await self._board(Shown(tab) if tab else self.board_at)

    async def _enter_board(self, key: str) -> None:
        tab = "findings" if key.startswith("finding:") else "runbooks"
        self.board_at = Shown(tab, key)
        again = await self._choose(key)
        # What was chosen may have led to another entry, such as the run that was started.
        if again and self.board_at.key != key:
            await self._board(self.board_at)

    def looked_at(self, name: str) -> None:
        what = LOOKS.get(name)
        if what is None or self.live is None or self.feed.absence is not None:
            return
        proof, look = what
        items = self.feed.state.procedure.items.values()
        if any(t.item.proof == proof and t.state is ItemState.OPEN for t in items):
            self._note_look(look)

    def declared_here(self) -> None:
        for name, (_, look) in LOOKS.items():
            if self.panes[name].display and self.live is not None and self.feed.absence is None:
                self._note_look(look)

    @work
    async def _note_look(self, look: str) -> None:
        await self._wish(NoteLook(look))

    async def _board(self, at: Shown) -> None:
        self.board_at = at
        kind = LiveBoard if self.live is not None else ReplayBoard
        while True:
            board = kind(self.look, self, self.board_at)
            how = await self.app.push_screen_wait(board)
            self.board_at = board.at
            if how is None or not await self._picked(how, board.at.key):
                return

    async def _picked(self, how: str, key: str) -> bool:
        """Do what was picked; True when the board is to be shown again."""
        if how.startswith(":"):
            await self._told(how)
            return False
        if how == "help":
            await self._board_help()
            return True
        if how == "step":
            kind, name = split(key)
            if kind == "run":
                return not await self._go_on(name)
            self.action_next_step()
            return False
        if not key:
            return True
        if how == "choose":
            return await self._choose(key)
        live = self.live
        doing = quick(self.feed.state, live.you, key, how) if live is not None else None
        if doing is None or doing.refused:
            self.tell(
                doing.refused if doing else "nothing to do there by that key; Enter shows what there is"
            )
            return True
        return await self._do(key, doing)

    async def _board_help(self) -> None:
        keys = board_keys(self.replay is not None, self.keys)
        lines = [line((f"{key.shown:<13}", "accent"), key.help) for key in keys if key.keys]
        await self.app.push_screen_wait(Reading(self.look, "keys of the response", lines))

    async def _choose(self, key: str) -> bool:
        """Show all of an entry and what can be done to it; do what is chosen."""
        lines = entry_lines(self.moment(), key)
        live = self.live
        offered = doings(self.feed.state, live.you, key) if live is not None else []
        title = split(key)[1] or key
        if not offered:
            await self.app.push_screen_wait(Reading(self.look, title, lines))
            return True
        if len(offered) == 1 and split(key)[0] in DIRECT:
            return await self._do(key, offered[0])
        choices = [(one.id, _choice(one), not one.refused) for one in offered]
        chosen = await self.app.push_screen_wait(Menu(self.look, title, choices, lines=lines))
        if chosen is None:
            return True
        return await self._do(key, next(one for one in offered if one.id == chosen))

    async def _do(self, key: str, doing: Doing) -> bool:
        if self._unheard():
            return True
        answer: str | None = ""
        if doing.asks:
            asked = [line(doing.asks)]
            dialog = Suggesting if doing.replaced else Form
            form = dialog(self.look, doing.words, asked, value=doing.begin)
            answer = await self.app.push_screen_wait(form)
        if answer is None:
            return True
        kind, name = split(key)
        if doing.asks and doing.needs_words and not answer.strip():
            self.tell(f"nothing was done: {doing.words} needs words", "warning")
            return True
        if kind in FLOWS:
            return await self._flow(kind, name, doing, answer.strip())
        if doing.id == "write":
            await self._write()
            return True
        while (refusal := await self._record(key, doing, answer)) and doing.asks:
            # What was typed is there to be corrected.
            lines = [line(doing.asks), line((refusal, "warning"))]
            corrected = await self.app.push_screen_wait(Form(self.look, doing.words, lines, value=answer))
            if corrected is None:
                break
            answer = corrected
        return True

    async def _record(self, key: str, doing: Doing, answer: str) -> str:
        """Record what is done; why it was refused, or empty."""
        try:
            command = command_of(key, doing, answer, self.feed.now)
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return str(wrong)
        if await self._send(command, f"recorded: {doing.words.split(':')[0]}"):
            return ""
        return self.told[0]

    async def _flow(self, kind: str, name: str, doing: Doing, answer: str) -> bool:
        match kind:
            case "finding":
                return await self._finding(name, doing, answer)
            case "book":
                try:
                    targets = targets_named(self.feed.state, answer.replace(",", " ").split())
                except WarroomError as unknown:
                    self.tell(str(unknown), "warning")
                    return True
                return await self._start(StartRunbook(name, targets=targets))
            case "run":
                if doing.id == "go on":
                    return not await self._go_on(name)
                if doing.id == "skip":
                    await self._send(
                        EndStep(name, StepResult.SKIPPED, neutral(answer)), f"{name}: step skipped"
                    )
                else:
                    await self._send(EndRunbook(name, neutral(answer)), f"{name} given up")
                return True
            case _:
                return await self._action(name, doing, answer)

    async def _finding(self, key: str, doing: Doing, answer: str) -> bool:
        standing = self.feed.state.findings.standing.get(key)
        if standing is None:
            self.tell("that finding does not stand any more", "warning")
            return True
        word, _, number = doing.id.partition(" ")
        match word:
            case "declare":
                await self._until_taken("declare", answer)
            case "runbook":
                return await self._start(StartRunbook(standing.finding.runbook, key))
            case "plan":
                request = standing.finding.proposals[int(number)].request
                if request is not None and not self._locked():
                    await self._confirm(
                        [request], undoes=undone_by(self.feed.state, standing.finding, request)
                    )
                return False
            case "hypothesis":
                await self._send(RaiseHypothesis(neutral(answer)), "raised as a hypothesis")
            case _:
                await self._send(PinEvidence(neutral(answer), (standing.changed_seq,)), "pinned")
        return True

    async def _start(self, command: StartRunbook) -> bool:
        acted = await self._wish(command)
        if acted is not None:
            self.tell(
                f"{acted.action} {command.runbook} started; {self.key('next_step')} goes on with its step",
                "ok",
            )
            self.board_at = Shown("runbooks", f"run:{acted.action}")
        return True

    async def _action(self, name: str, doing: Doing, answer: str) -> bool:
        action = self.feed.state.actions.actions[name]
        match doing.id:
            case "approve":
                await self._approve(name)
                return False
            case "refuse":
                await self._send(RefuseAction(name, neutral(answer)), f"{name} is refused")
            case "cancel":
                await self._send(CancelAction(name, neutral(answer)), f"{name}: no further step will be sent")
            case "undo":
                await self._undo(name)
                return False
            case _:
                lines = [
                    line((f"{action.awaits.why if action.awaits else ''}", "warning")),
                    line(
                        (
                            "It is done without the second person. The record and the post-mortem say so.",
                            "critical",
                        )
                    ),
                    line(("because  ", "muted"), answer),
                    line(),
                    *plan_lines([action.plan]),
                ]
                dialog = Confirm(self.look, f"override {name}", lines, challenge=OVERRIDE)
                if await self.app.push_screen_wait(dialog) is not None:
                    await self._send(OverrideAction(name, neutral(answer)), f"{name}: OVERRIDE recorded")
                return False
        return True

    async def _approve(self, name: str) -> None:
        action = self.feed.state.actions.actions[name]
        digest = action.awaits.digest if action.awaits else ""
        asked = line(
            (str(action.person.name), "accent"), f" asks for {name}; you agree as the second person."
        )
        dialog = Confirm(
            self.look,
            f"agree to {name}",
            [asked, line(), *plan_lines([action.plan])],
            challenge=challenge_of([action.plan]),
        )
        if await self.app.push_screen_wait(dialog) is not None:
            await self._send(ApproveAction(name, digest), f"you agreed to {name}")

    @work
    async def action_undo(self) -> None:
        """Take the last action back that can be."""
        if self._unheard():
            return
        last = undoable(self.feed.state)
        if last is None:
            self.refuse("no action of this room can be taken back")
            return
        await self._undo(last.action)

    async def _undo(self, name: str) -> None:
        if self._locked():
            return
        try:
            requests = reverse_of(self.feed.state, name)
        except WarroomError as refused:
            self.tell(str(refused), "warning")
            return
        await self._confirm(requests, undoes=name)

    @work
    async def action_tell_others(self) -> None:
        """Write an update to those who wait."""
        await self._write()

    async def _write(self) -> None:
        if self._unheard():
            return
        state = self.feed.state
        targets = state.procedure.update_targets
        if not targets:
            lines = [
                line((f"An update would go nowhere: {NO_TARGET}.", "warning")),
                line(),
                line(f"T{READ_AT_OPENING[1:]}. Stopping this one ends its recording."),
                line("Until then `warroom update draft` prints the words, to be sent by hand."),
            ]
            await self.app.push_screen_wait(Reading(self.look, "no update target", lines))
            return
        usual = usual_kind(state)
        kinds = sorted(UpdateKind, key=lambda kind: kind is not usual)
        choices = [(kind.value, line(kind.value), True) for kind in kinds]
        about = [line(("goes to ", "muted"), ", ".join(targets))]
        kind = await self.app.push_screen_wait(Menu(self.look, "update", choices, lines=about))
        if kind is None:
            return
        asked = [line("What happens next? It stands in the update; nothing is an answer, too.")]
        coming = await self.app.push_screen_wait(Form(self.look, f"{kind} update", asked))
        if coming is None:
            return
        try:
            drafted: Drafted = await self.feed.ask(DraftUpdate(UpdateKind(kind), neutral(coming.strip())))
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return
        due = f"{drafted.next_due:%H:%M}Z" if drafted.next_due else "none"
        about.append(line(("promises the next for ", "muted"), due))
        # Only here: Textual's editor is a tenth of all that a screen would load.

        text = await self.app.push_screen_wait(
            Writing(self.look, f"{kind} update", about, value=str(drafted.text))
        )
        if text is None:
            self.tell("nothing was sent")
            return
        acted = await self._wish(SendUpdate(UpdateKind(kind), worded(text), next_due=drafted.next_due))
        if acted is not None:
            self.tell(f"{acted.action} is being sent; the board (R, 7) shows where it arrived", "ok")


def _choice(doing: Doing) -> Line:
    if doing.refused:
        return line((doing.words, "muted"), (f"  {doing.refused}", "warning"))
    return line(doing.words)
