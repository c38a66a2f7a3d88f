"""The room's screen and the dialogs before it."""
