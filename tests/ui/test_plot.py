"""The plot of a metric by keys: an indicator, another time, any query, from the source or from the record."""

from datetime import timedelta
from typing import Any

import pytest

from tests.hostile import CORPUS, raw_of
from tests.ui.incident import sev1_room
from tests.ui.stage import StillRoom, on_screen, repainted
from warroom.host.player import Player
from warroom.model.commands import MetricRange, MetricsFound, RangeSeries
from warroom.model.text import Safe, neutral, showable
from warroom.sources.prometheus.parse import parse_answer
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.screens.plot import Plot

TYPED = [raw for raw in map(raw_of, CORPUS) if isinstance(raw, str) and len(raw) < 200][:12]
"""What a person could paste into the line."""


class Measuring(StillRoom):
    """A room whose metrics source answers every query with two series."""

    def __init__(self) -> None:
        room = sev1_room()
        self.__dict__.update(room.__dict__)
        self.asked: list[MetricRange] = []

    async def ask(self, query: Any) -> Any:
        if not isinstance(query, MetricRange):
            return await super().ask(query)
        self.asked.append(query)
        points = tuple((query.start + timedelta(seconds=n * 60), float(n)) for n in range(20))
        series = tuple(RangeSeries({"node": name}, points) for name in ("gpu-1", "gpu-2"))
        return MetricsFound(series, neutral(query.metric), Safe("prometheus"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
async def test_an_indicator_is_plotted_with_its_limit_its_origin_and_utc(size: tuple[int, int]) -> None:
    async with on_screen(Measuring(), width=size[0], height=size[1]) as (screen, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert isinstance(screen.app.screen, Plot)
        assert "┤" in shown
        assert "Z" in shown
        assert "from prometheus" in shown


async def test_the_time_can_be_widened_and_moved() -> None:
    room = Measuring()
    async with on_screen(room) as (_, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        await pilot.press("plus")
        await pilot.pause()
        await pilot.press("left")
        await pilot.pause()
        widths = [query.end - query.start for query in room.asked]
        assert widths == [timedelta(minutes=30), timedelta(hours=1), timedelta(hours=1)]
        assert room.asked[1].end - room.asked[2].end == timedelta(minutes=30)


@pytest.mark.parametrize("query", ["rate(http_requests_total[5m])", *TYPED])
async def test_any_query_can_be_typed_and_is_kept_for_the_next_time(query: str) -> None:
    room = Measuring()
    async with on_screen(room) as (screen, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        entry = screen.app.screen.query_one("Input")
        entry.value = query  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "\x1b" not in shown
        if typed := entry.value.strip():  # type: ignore[attr-defined]
            assert room.asked[-1].metric == typed
            assert screen.metrics.typed == [typed]


async def test_a_replay_plots_what_was_recorded() -> None:
    player = Player(MemoryRecording(sev1_room().tape.envelopes), title="replay")
    player.seek_ms(player.last_ms)
    async with on_screen(player) as (screen, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "from recording" in shown
        assert "┤" in shown


async def test_a_source_that_does_not_answer_leaves_what_the_room_saw_itself_and_says_why() -> None:
    async with on_screen(sev1_room(), width=120, height=40) as (screen, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "answers no searches" in shown
        assert "this room's own memory" in shown
        assert "┤" in shown


HOSTILE = [raw for raw in map(raw_of, CORPUS) if isinstance(raw, str) and len(raw) < 4_096]
"""What a label of somebody's exporter could hold."""


class Labelled(Measuring):
    """Its source answers with a series for each hostile label, read as Prometheus sends it."""

    async def ask(self, query: Any) -> Any:
        if not isinstance(query, MetricRange):
            return await super().ask(query)
        begin = query.start.timestamp()
        values = [[begin + n * 60, str(n)] for n in range(10)]
        result = [{"metric": {"node": raw, raw: "x"}, "values": values} for raw in HOSTILE]
        answer = {"status": "success", "data": {"resultType": "matrix", "result": result}}
        series = parse_answer(answer, most=1_000).series
        return MetricsFound(
            tuple(RangeSeries(labels, points) for labels, points in series),
            neutral(query.metric),
            Safe("prometheus"),
        )


async def test_a_hostile_label_is_plotted_neutral_and_steers_nothing() -> None:
    async with on_screen(Labelled(), width=200, height=50) as (screen, pilot):
        await pilot.press("5", "enter")
        await pilot.pause()
        plot = screen.app.screen
        assert isinstance(plot, Plot)
        seen = []
        for number, raw in enumerate(HOSTILE, 1):
            shown = await repainted(screen, pilot)
            assert screen.app.screen is plot
            assert f"series {number} of {len(HOSTILE)}" in shown
            assert [row for row in shown.splitlines() if not showable(row)] == []
            if (words := str(neutral(raw)).strip()) and words[:12] in shown:
                seen.append(raw)
            await pilot.press("down")
            await pilot.pause()
        assert len(seen) > len(HOSTILE) * 0.9, "the neutralised form is what is seen"
