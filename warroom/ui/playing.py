"""Keys of a replay: play, step, skip, speed, go to a time."""

from datetime import datetime, timedelta

from textual import work

from warroom.errors import WarroomError
from warroom.model.times import parse_time
from warroom.ui.parts import Part
from warroom.ui.screens.dialogs import Form
from warroom.views.lines import line


class Playing(Part):
    """The keys that move the playhead."""

    def action_play(self) -> None:
        """Play or pause."""
        if self.replay is not None:
            self.replay.play(not self.replay.playing)
            self.draw()

    def action_step(self, by: int) -> None:
        """To the next or the previous moment of the timeline."""
        if self.replay is not None:
            self.replay.step(by)
            self.draw()

    def action_skip(self, seconds: int) -> None:
        """Some seconds on or back."""
        if self.replay is not None:
            self.replay.seek_ms(self.replay.room_ms + seconds * 1000)
            self.draw()

    def action_faster(self) -> None:
        """Twice as fast."""
        if self.replay is not None:
            self.replay.set_speed(self.replay.speed * 2)
            self.draw()

    def action_slower(self) -> None:
        """Half as fast."""
        if self.replay is not None:
            self.replay.set_speed(self.replay.speed / 2)
            self.draw()

    @work
    async def action_goto(self) -> None:
        """To a time of the recording."""
        replay = self.replay
        if replay is None:
            return
        asked = [line("A time such as 14:32 or 14:32:07 (UTC), or -5m for five minutes before the playhead.")]
        text = await self.app.push_screen_wait(Form(self.look, "go to", asked))
        if not text:
            return
        try:
            aim = parse_time(
                text,
                replay.now
                if text.startswith("-")
                else self._end(replay.now, replay.last_ms - replay.room_ms),
            )
        except WarroomError as wrong:
            self.tell(str(wrong), "warning")
            return
        replay.seek_ms(replay.room_ms + int((aim - replay.now).total_seconds() * 1000))
        self.draw()

    def _end(self, now: datetime, left_ms: int) -> datetime:
        return now + timedelta(milliseconds=left_ms)
