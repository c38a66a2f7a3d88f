"""The looks of a theme for Textual's own widgets."""

from textual.theme import Theme as TextualTheme

from warroom.ui.theme import Theme

ANSI = "ansi_default"


def textual_theme(theme: Theme, name: str) -> TextualTheme:
    """The same looks under that name: Textual takes a theme anew only under a new one."""
    if theme.tier != "truecolor":
        # Textual cannot resolve its own stylesheet for such a theme without these two variables.
        own = {"ansi-background": ANSI, "ansi-foreground": ANSI}
        return TextualTheme(
            name,
            primary=ANSI,
            secondary=ANSI,
            accent=ANSI,
            foreground=ANSI,
            background=ANSI,
            surface=ANSI,
            panel=ANSI,
            boost=ANSI,
            success=ANSI,
            warning=ANSI,
            error=ANSI,
            dark=theme.dark,
            ansi=True,
            variables=own,
        )
    text = theme.role("text")
    accent = theme.role("accent").ink
    return TextualTheme(
        name,
        primary=accent,
        accent=accent,
        foreground=text.ink,
        background=text.ground,
        surface=text.ground,
        panel=theme.role("bar").ground,
        success=theme.role("ok").ink,
        warning=theme.role("warning").ink,
        error=theme.role("critical").ink,
        dark=theme.dark,
    )
