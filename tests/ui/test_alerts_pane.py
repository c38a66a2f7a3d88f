"""The Alerts pane by keys: groups, the alerts of one, many at once, thousands."""

import pytest
from textual.pilot import Pilot

from tests.hostile import CORPUS, raw_of
from tests.ui.incident import recorded_incident, sev1_room
from tests.ui.stage import StillRoom, on_screen, repainted, screen_text
from tests.ui.test_dialogs import armed
from tests.ui.test_paint_cost import steps_of
from tests.views.any_state import MAYA, START
from warroom.events.alerts import AlertAcknowledged, AlertsChanged
from warroom.events.room import RoomUnlocked
from warroom.host.player import Player
from warroom.model.commands import Act
from warroom.model.nouns import Alert, Fingerprint
from warroom.model.requests import Acknowledge, SilenceAlerts
from warroom.model.text import neutral
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.screens.dialogs import Confirm


def firing(n: int, name: str = "NodeNotReady", severity: str = "critical") -> Alert:
    labels = {"alertname": name, "node": f"gpu-{n:04d}", "rack": "rack1"}
    return Alert(Fingerprint(f"f{n:04d}"), neutral(name), severity, labels=labels, started=START)


def unlocked(*alerts: Alert) -> StillRoom:
    room = StillRoom(AlertsChanged(alerts))
    room.add(RoomUnlocked(), by=MAYA)
    return room


async def typed(pilot: Pilot[str], word: str) -> None:
    """Confirm the plan that is shown."""
    dialog = pilot.app.screen
    assert isinstance(dialog, Confirm)
    await armed(pilot, dialog)
    await pilot.press(*word, "enter")
    await pilot.pause()


async def test_enter_opens_a_group_then_an_alert_and_escape_goes_back_level_by_level() -> None:
    async with on_screen(sev1_room(), width=80, height=24) as (screen, pilot):
        await pilot.press("2", "enter")
        shown = await repainted(screen, pilot)
        assert "2 Alerts › NodeNotReady" in shown
        assert "gpu-02" in shown
        assert "HighLatency" not in shown
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "node=gpu-02" in screen_text(screen.app)
        await pilot.press("escape", "escape")
        assert "HighLatency" in await repainted(screen, pilot)


async def test_all_of_a_group_is_marked_by_a_range_and_acknowledged_at_once() -> None:
    room = unlocked(*map(firing, range(6)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("2", "enter", "j", "space", "j", "j", "E", "A")
        await pilot.pause()
        assert "acknowledge NodeNotReady ×4" in screen_text(screen.app)
        await pilot.press(*"mine", "enter")
        await typed(pilot, "do")
        await pilot.pause()
        (act,) = (wish for wish in room.wishes if isinstance(wish, Act))
        assert isinstance(act.request, Acknowledge)
        assert act.request.fingerprints == ("f0001", "f0002", "f0003", "f0004")


async def test_all_groups_are_silenced_with_one_silence() -> None:
    room = unlocked(firing(1), firing(2), firing(3, "HighLatency", "warning"))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("2", "*", "S", *"known", "enter")
        await pilot.pause()
        assert "alertname=~NodeNotReady|HighLatency" in screen_text(screen.app)
        await typed(pilot, "3")
        (act,) = (wish for wish in room.wishes if isinstance(wish, Act))
        assert isinstance(act.request, SilenceAlerts)


async def test_groups_are_sorted_by_the_column_one_asks_for() -> None:
    room = unlocked(firing(1, "One"), *(firing(n, "Many", "warning") for n in range(2, 5)))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("2", *">>>>")
        shown = await repainted(screen, pilot)
        assert "by N" in shown
        assert shown.index("Many") < shown.index("One")
        await pilot.press("O")
        shown = await repainted(screen, pilot)
        assert shown.index("One ") < shown.index("Many")
        await pilot.press(*"<<<<")
        assert "by N" not in await repainted(screen, pilot)


async def test_a_replay_opens_and_sorts_the_same_groups() -> None:
    player = Player(MemoryRecording(recorded_incident()), title="sev1")
    live = sev1_room()
    async with on_screen(player, width=80, height=24) as (screen, pilot):
        player.seek_seq(live.state.seq, live.room_ms)
        await pilot.press("2", "S", "O", "O", "j", "enter")
        assert "2 Alerts › NodeNotReady" in await repainted(screen, pilot)


async def test_the_group_that_is_open_may_end() -> None:
    room = unlocked(firing(1), firing(2))
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        await pilot.press("2", "enter")
        room.add(AlertsChanged((), resolved=(Fingerprint("f0001"), Fingerprint("f0002"))))
        assert "no NodeNotReady any more; Esc goes back" in await repainted(screen, pilot)
        await pilot.press("enter", "escape")
        assert "no alert fires" in await repainted(screen, pilot)


async def test_five_thousand_alerts_stay_groups_and_one_more_is_painted_at_once() -> None:
    room = unlocked(*map(firing, range(5_000)))
    async with on_screen(room, width=120, height=40) as (screen, pilot):
        await pilot.press("2")
        assert "5,000 in 1 group" in await repainted(screen, pilot)
        room.add(AlertsChanged((firing(5_000),)))
        # Three steps an alert to find which one it was; grouping anew would be a hundred.
        assert steps_of(screen.draw) < 5 * 5_000
        room.add(AlertAcknowledged(tuple(Fingerprint(f"f{n:04d}") for n in range(100))), by=MAYA)
        assert "acked maya 100/5001" in await repainted(screen, pilot)


@pytest.mark.parametrize("raw", [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS[::4]])
async def test_a_hostile_alert_is_shown_harmless_at_every_level(raw: str | bytes) -> None:
    bad = neutral(raw)
    alerts = (
        Alert(
            Fingerprint(f"f{n}"),
            bad,
            "critical",
            summary=bad,
            labels={"alertname": str(bad), "node": f"{bad}{n}", str(bad) or "x": "y"},
        )
        for n in range(2)
    )
    room = unlocked(*alerts)
    async with on_screen(room, width=80, height=24) as (screen, pilot):
        for keys in (("2",), ("enter",), ("*", "A"), ("escape", "S"), ("escape", "enter")):
            await pilot.press(*keys)
            shown = await repainted(screen, pilot)
            assert all(char.isprintable() or char == "\n" for char in shown)
