"""The response by keys: the board, runbooks, the second person, undo, updates, the searches of an incident."""

import re
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.ui.incident import calm_room
from tests.ui.responses import ANA, CUT_OFF, GUESS, MAYA, RACK, STOP, responding_room, waiting_room
from tests.ui.stage import StillRoom, on_screen, screen_text
from tests.ui.test_dialogs import armed, rack_down
from warroom.events.actions import ActionProposed, ActionStarted, ActionSucceeded, ActionVerified
from warroom.events.triage import FindingRaised
from warroom.host.player import Player
from warroom.model.commands import Act, DeclareIncident, Drafted, LogsFound, SearchLogs
from warroom.model.nouns import NodeName, Phase, Severity
from warroom.model.requests import Cordon, Plan, Uncordon, Verdict
from warroom.model.response import Role, StepResult, UpdateKind
from warroom.model.response_commands import (
    AcknowledgeHandoff,
    ApproveAction,
    EndStep,
    EnterPhase,
    JudgeHypothesis,
    MakeDecision,
    NoteLook,
    OverrideAction,
    PinEvidence,
    ScheduleReview,
    SendUpdate,
    SkipItem,
    StartRunbook,
    TakeRole,
    TickItem,
)
from warroom.model.text import Safe
from warroom.response.plans import digest
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.boards import TABS
from warroom.ui.screens.board import Board
from warroom.ui.screens.dialogs import Confirm, Form, Menu, Reading
from warroom.ui.screens.room import RoomScreen
from warroom.ui.screens.writing import Writing


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Each key reaches the dialog that the one before it opened."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def inside(pilot: Pilot[str]) -> str:
    """What a dialog says, without its frame and its line breaks."""
    return " ".join(re.sub("[┃│]", " ", screen_text(pilot.app)).split())


def wishes(room: StillRoom) -> list[object]:
    """What was wished, without looks that go by themselves."""
    return [one for one in room.wishes if not isinstance(one, NoteLook)]


# --- findings ----------------------------------------------------------------------------------------------


async def test_enter_on_a_finding_shows_its_facts_with_times_and_what_would_refute_it() -> None:
    async with on_screen(responding_room(), width=80, height=24) as (_, pilot):
        await press(pilot, "1", "enter")
        assert isinstance(pilot.app.screen, Menu)
        shown = screen_text(pilot.app)
        for words in (
            "high confidence",
            "14:00:00Z  4 of 8 nodes reported not ready",
            "refuted by  the nodes of rack1 write heartbeats again",
            "suggests    SEV1",
            "rack=rack2",
            "call whoever owns the switch",
            "start the runbook network",
        ):
            assert words in shown


async def test_a_finding_declares_with_its_severity_and_title() -> None:
    room = rack_down()
    room.add(*_findings())
    async with on_screen(room) as (_, pilot):
        await press(pilot, "1", "enter", "enter", "enter")
        assert wishes(room) == [DeclareIncident(Safe("rack1 cut off: 4 nodes gone at once"), Severity.SEV1)]


async def test_a_date_that_cannot_be_read_is_asked_for_again_with_what_was_typed() -> None:
    """The words were lost, and what was typed next acted on the room."""
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "4")
        for _ in range(20):
            await press(pilot, "j", "enter")
            if isinstance(pilot.app.screen, Form) and "schedule the review" in screen_text(pilot.app):
                break
            await press(pilot, "escape")
        form = pilot.app.screen
        assert isinstance(form, Form)
        await press(pilot, *"next", "space", *"tuesday", "enter")
        again = pilot.app.screen
        assert isinstance(again, Form)
        assert again.entry.value == "next tuesday"
        assert wishes(room) == []
        await press(pilot, "ctrl+u", *"+2d", "enter")
        (sent,) = wishes(room)
        assert isinstance(sent, ScheduleReview)


async def test_who_declares_with_health_and_alerts_in_view_has_looked_at_them() -> None:
    """The checklist asked to check the cluster's status of who had just declared with it before their eyes."""
    room = rack_down()
    async with on_screen(room, width=200, height=60) as (_, pilot):
        await press(pilot, "X", "enter", "1", "space", *"down", "enter")
        assert room.wishes[1:] == [NoteLook("cluster-status"), NoteLook("alert-list")]
    hidden = rack_down()
    async with on_screen(hidden) as (_, pilot):
        await press(pilot, "3", "z", "X", "enter", "1", "space", *"down", "enter")
        assert len(hidden.wishes) == 1, "the nodes alone were in view"


def _findings() -> list[object]:
    from tests.ui.responses import CUT_OFF
    from warroom.events.triage import FindingRaised

    return [FindingRaised(CUT_OFF)]


async def test_what_a_finding_proposes_goes_through_the_plan_and_its_word() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "1", "enter", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert "cordon gpu-01" in screen_text(pilot.app)
        await armed(pilot, dialog)
        await press(pilot, "d", "o", "enter")
        (sent,) = wishes(room)
        assert isinstance(sent, Act)
        assert sent.request == Cordon(RACK)


async def test_a_runbook_starts_from_its_finding() -> None:
    room = rack_down()
    room.add(*_findings())
    async with on_screen(room) as (_, pilot):
        await press(pilot, "1", "enter", "j", "enter")
        assert wishes(room) == [StartRunbook("network", "network")]
        assert isinstance(pilot.app.screen, Board)
        assert pilot.app.screen.at.tab == "runbooks"


# --- the board ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (40, 10)])
async def test_every_tab_can_be_read_to_its_end(size: tuple[int, int]) -> None:
    async with on_screen(waiting_room(), width=size[0], height=size[1]) as (_, pilot):
        await press(pilot, "R")
        for number, _ in enumerate(TABS, 1):
            await press(pilot, str(number))
            board = pilot.app.screen
            assert isinstance(board, Board)
            for _ in range(80):
                board.action_move(1)
            assert board.entries_list.below == 0
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, RoomScreen)


async def test_space_ticks_and_minus_skips_with_a_reason() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "3", "G", "space", *"ok", "enter")
        assert isinstance(pilot.app.screen, Board)
        await press(pilot, "G", "minus", "enter")
        assert "needs words" in screen_text(pilot.app)
        await press(pilot, "G", "minus", *"no", "enter")
        assert wishes(room) == [TickItem("hand", Safe("ok")), SkipItem("hand", Safe("no"))]


async def test_a_phase_whose_criteria_are_not_met_wants_a_reason() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "2", "g", "enter", "j", "j", "j", "enter")
        assert "not yet proven" in screen_text(pilot.app)
        await press(pilot, *"now", "enter")
        assert wishes(room) == [EnterPhase(Phase.POST_MORTEM, Safe("now"))]


async def test_space_takes_an_empty_role() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "2", "g", "j", "j", "space")
        assert wishes(room) == [TakeRole(Role.DEPUTY)]


async def test_a_handover_shows_its_brief_and_is_acknowledged() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "2", "g", *"jjjjjj", "enter")
        assert "SEV1: phase triage" in screen_text(pilot.app)
        await press(pilot, "enter")
        assert wishes(room) == [AcknowledgeHandoff("H1")]


async def test_hypotheses_are_judged_by_the_events_that_are_named() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "4", "g", "j", "enter", "enter", *"seen", "space", "#", *"44", "enter")
        assert wishes(room) == [JudgeHypothesis("Y1", True, Safe("seen #44"), (44,))]


async def test_a_decision_says_who_was_asked() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "R", "4", "g", "j", "j", "j", "enter")
        await press(pilot, *"go", "space", "?", "space", *"ana,", "space", *"ben", "enter")
        assert wishes(room) == [MakeDecision(Safe("go"), (Safe("ana"), Safe("ben")))]


async def test_going_to_health_or_alerts_is_a_look_that_the_checklist_asks_for() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "1", "2", "3")
        assert room.wishes == [NoteLook("cluster-status"), NoteLook("alert-list")]


async def test_tab_goes_to_health_as_its_digit_does() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "2", "shift+tab")
        assert room.wishes == [NoteLook("alert-list"), NoteLook("cluster-status")]


# --- runbooks ----------------------------------------------------------------------------------------------


async def test_the_next_step_of_a_run_asks_and_ends_with_the_answer() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "N")
        assert "Is anything there that must not be moved?" in screen_text(pilot.app)
        await press(pilot, "n", "o", "enter")
        assert wishes(room) == [EndStep("R1", StepResult.DONE, Safe("no"), step=1)]


async def test_an_acting_step_shows_its_plan_and_says_which_step_it_is() -> None:
    from warroom.events.procedure import RunbookStepEnded

    room = responding_room()
    room.add(RunbookStepEnded("R1", 1, StepResult.DONE, Safe("no")), by=MAYA)
    async with on_screen(room) as (_, pilot):
        await press(pilot, "N")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        await armed(pilot, dialog)
        await press(pilot, "d", "o", "enter")
        (sent,) = wishes(room)
        assert isinstance(sent, Act)
        assert (sent.run, sent.request.nodes) == ("R1.3", RACK)  # type: ignore[union-attr]


async def test_a_step_is_skipped_with_a_reason() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "B", "g", "minus", *"known", "enter")
        assert wishes(room) == [EndStep("R1", StepResult.SKIPPED, Safe("known"))]


# --- what was found ----------------------------------------------------------------------------------------


async def test_what_triage_found_is_said_below_until_somebody_acts() -> None:
    room = calm_room()
    room.add(FindingRaised(GUESS))
    async with on_screen(room, width=80, height=24) as (_, pilot):
        assert "1 Health says why" not in screen_text(pilot.app), "a guess waits in Health"
    room.add(FindingRaised(CUT_OFF))
    async with on_screen(room, width=80, height=24) as (_, pilot):
        assert "◆ rack1 cut off: 4 nodes gone at once  1 Health says why" in screen_text(pilot.app)
    plan = Plan(Cordon(RACK), Safe("close rack1"))
    room.add(ActionProposed("A1", "o1", plan.request, plan), ActionStarted("A1"), by=MAYA)
    async with on_screen(room, width=80, height=24) as (_, pilot):
        shown = screen_text(pilot.app)
        assert "A1 close rack1: started" in shown
        assert "1 Health says why" not in shown


# --- plans, the second person, undo ------------------------------------------------------------------------


async def test_what_waits_for_a_second_person_is_said_until_when_and_where_it_is() -> None:
    async with on_screen(waiting_room(), width=120, height=40) as (_, pilot):
        shown = screen_text(pilot.app)
        assert "A2 stop chat-api by force waits for a second person until 14:10Z  Y shows it" in shown


async def test_another_user_sees_the_same_plan_and_agrees_to_its_digest() -> None:
    room = waiting_room(asked_by=ANA)
    async with on_screen(room) as (_, pilot):
        await press(pilot, "Y", "enter", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        shown = screen_text(pilot.app)
        for words in ("ana asks for A2", "dangerous", "stop chat-api force=true", "second person"):
            assert words in shown
        await armed(pilot, dialog)
        await press(pilot, *"-api", "enter")
        awaits = room.state.actions.actions["A2"].awaits
        assert awaits is not None
        assert wishes(room) == [ApproveAction("A2", awaits.digest)]


async def test_the_own_request_says_that_one_login_is_one_person_and_offers_the_override() -> None:
    room = waiting_room(asked_by=MAYA)
    async with on_screen(room, width=80, height=24) as (_, pilot):
        await press(pilot, "Y", "enter")
        assert "one login is one person" in inside(pilot)
        await press(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, Form)
        await press(pilot, *"fire", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert "The record and the post-mortem say so" in inside(pilot)
        await armed(pilot, dialog)
        await press(pilot, *"do", "enter")
        assert wishes(room) == []
        await press(pilot, *"OVERRIDE", "enter")
        assert wishes(room) == [OverrideAction("A2", Safe("fire"))]


async def test_undo_shows_the_plan_of_taking_the_last_action_back() -> None:
    room = rack_down()
    request = Cordon((NodeName("gpu-0"),))
    plan = Plan(request, Safe("cordon gpu-0"), reverse=(Uncordon((NodeName("gpu-0"),)),))
    room.add(ActionProposed("A1", "op", request, plan), ActionStarted("A1"), ActionSucceeded("A1"), by=MAYA)
    room.add(ActionVerified("A1", Verdict.SEEN))
    async with on_screen(room) as (_, pilot):
        await press(pilot, "u")
        dialog = pilot.app.screen
        assert isinstance(dialog, Confirm)
        assert "uncordon gpu-0" in screen_text(pilot.app)
        await armed(pilot, dialog)
        await press(pilot, *"do", "enter")
        (sent,) = wishes(room)
        assert isinstance(sent, Act)
        assert (sent.undoes, sent.request) == ("A1", Uncordon((NodeName("gpu-0"),)))


class Moving(StillRoom):
    """A room whose cluster changes between the plan and the word."""

    async def wish(self, command: object) -> object:
        from warroom.errors import Refused
        from warroom.events.cluster import NodesChanged
        from warroom.model.nouns import Node, NodeState

        if isinstance(command, Act) and not self.wishes:
            self.wishes.append(command)
            self.add(NodesChanged((Node(NodeName("gpu-0"), NodeState.READY, rack="rack0"),)))
            raise Refused("the cluster changed since the plan was shown")
        return await super().wish(command)  # type: ignore[arg-type]


async def test_a_plan_that_changed_before_the_word_is_shown_anew_and_asked_for_again() -> None:
    """The word was refused with a sentence, and the person had to begin again from the selection."""
    from tests.views.test_panes import node
    from warroom.events.cluster import NodesChanged
    from warroom.events.room import RoomUnlocked
    from warroom.model.nouns import NodeState

    room = Moving(NodesChanged(tuple(node(f"gpu-{n}", NodeState.NOT_READY) for n in range(2))))
    room.add(RoomUnlocked(), by=MAYA)
    async with on_screen(room) as (_, pilot):
        await press(pilot, "3", "g", "x", "enter", *"why", "enter")
        first = pilot.app.screen
        assert isinstance(first, Confirm)
        await armed(pilot, first)
        await press(pilot, *"do", "enter")
        second = pilot.app.screen
        assert isinstance(second, Confirm)
        assert second is not first
        assert "This is what would be done now" in screen_text(pilot.app)
        await armed(pilot, second)
        await press(pilot, *second.challenge, "enter")
        sent = room.wishes[-1]
        assert isinstance(sent, Act)
        assert len(room.wishes) == 2
        assert sent.digest != room.wishes[0].digest  # type: ignore[union-attr]


# --- updates and searches ----------------------------------------------------------------------------------


class Answering(StillRoom):
    """Answers searches and drafts, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.tape, self.log_tail = responding_room().tape, responding_room().log_tail
        self.asked: list[object] = []
        self.pass_ms(0)

    async def ask(self, query: object) -> object:
        self.asked.append(query)
        if isinstance(query, SearchLogs):
            return LogsFound((), 3, 40)
        return Drafted(Safe("SEV1 All inference requests failing\nNext: rack 2"))


async def test_an_update_is_written_by_the_record_changed_by_hand_and_sent_by_its_word() -> None:
    room = Answering()
    async with on_screen(room, width=80, height=24) as (_, pilot):
        await press(pilot, "T", "enter", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, Writing)
        assert "All inference requests failing" in dialog.query_one(TextArea).text
        assert "status, slack" in screen_text(pilot.app)
        assert not dialog.query_one(TextArea).has_focus, "what is typed without looking goes into no message"
        while not dialog.armed:
            await pilot.pause(0.05)
        await press(pilot, "tab", *" now", "tab", *"sent", "enter")
        assert wishes(room) == []
        assert "nothing was sent" in screen_text(pilot.app)
        assert dialog.query_one(Input).value == ""
        await press(pilot, *"send", "enter")
        text = Safe("SEV1 All inference requests failing\nNext: rack 2 now")
        assert wishes(room) == [SendUpdate(UpdateKind.PROGRESS, text)]


async def test_the_word_typed_into_the_text_is_not_sent_to_those_who_wait() -> None:
    room = Answering()
    async with on_screen(room, width=80, height=24) as (_, pilot):
        await press(pilot, "T", "enter", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, Writing)
        while not dialog.armed:
            await pilot.pause(0.05)
        await press(pilot, "tab", "enter", *"send")
        assert "You change the text that others read" in screen_text(pilot.app)
        await press(pilot, "tab", *"send", "enter")
        assert wishes(room) == []
        assert "The text ends with the line send" in screen_text(pilot.app)


async def test_a_room_opened_without_a_target_says_when_one_counts() -> None:
    async with on_screen(StillRoom(), width=80, height=24) as (_, pilot):
        await press(pilot, "T")
        shown = " ".join(screen_text(pilot.app).replace("┃", " ").split())
        assert "this room was opened without an update target" in shown
        assert "read when a room opens: one that was added since counts in the next room" in shown


async def test_the_time_of_the_review_is_the_one_that_was_typed() -> None:
    room = responding_room()
    async with on_screen(room, width=80, height=24) as (_, pilot):
        await press(pilot, "R", "4", "g")
        board = pilot.app.screen
        assert isinstance(board, Board)
        for _ in range(12):
            if not board.at.key.startswith("review"):
                await press(pilot, "j")
        await press(pilot, "enter", *"tomorrow 10:00 room 4", "enter")
        tomorrow = (room.now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        assert wishes(room) == [ScheduleReview(tomorrow, Safe("room 4"))]
        await press(pilot, "enter", "end", *" tomorrow", "enter")
        assert len(wishes(room)) == 1, "of two times none is guessed"


async def test_escape_sends_nothing() -> None:
    room = Answering()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "T", "enter", "enter", "escape")
        assert isinstance(pilot.app.screen, RoomScreen)
        assert wishes(room) == []


@pytest.mark.parametrize(
    ("key", "query"),
    [("e", "error OR exception OR fatal"), ("o", "restart OR OOM OR Xid"), ("p", "heartbeat")],
)
async def test_the_searches_of_an_incident_are_one_key_each_over_its_time(key: str, query: str) -> None:
    room = Answering()
    async with on_screen(room) as (screen, pilot):
        await press(pilot, key)
        (asked,) = room.asked
        assert isinstance(asked, SearchLogs)
        assert (asked.query, asked.end, asked.evidence) == (query, room.now, True)
        assert asked.start is not None
        assert screen.focused_name == "logs"


async def test_the_last_search_is_pinned_as_evidence() -> None:
    room = responding_room()
    async with on_screen(room) as (_, pilot):
        await press(pilot, "P")
        assert "logs-search heartbeat" in screen_text(pilot.app)
        await press(pilot, "enter")
        (sent,) = wishes(room)
        assert isinstance(sent, PinEvidence)
        assert "logs-search heartbeat" in next(
            str(m.text) for m in room.state.timeline.moments if m.seq == sent.seqs[0]
        )


async def test_a_replay_shows_the_board_without_a_key_that_acts() -> None:
    live = waiting_room()
    player = Player(MemoryRecording(live.tape.envelopes), title="r")
    async with on_screen(player, width=120, height=40) as (_, pilot):
        player.seek_seq(live.state.seq, live.room_ms)
        await press(pilot, "R", "3")
        assert "Ask the building about power" in screen_text(pilot.app)
        await press(pilot, "G", "space", "minus", "N")
        assert isinstance(pilot.app.screen, Board)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Reading)


def test_the_digest_of_a_request_is_that_of_its_plan() -> None:
    action = waiting_room().state.actions.actions["A2"]
    assert action.awaits is not None
    assert (action.request, action.awaits.digest) == (STOP, digest(action.plan))
