"""Keys of a replay: play, step, skip, speed."""

from warroom.ui.parts import Part


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
