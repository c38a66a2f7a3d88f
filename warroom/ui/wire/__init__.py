"""Between Textual and the terminal: what is shown, what is to be shown, and no byte more than the difference."""
