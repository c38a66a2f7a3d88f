"""How much of something is ready, in words that also hold when it is more than is wanted."""


def ready_words(ready: int, wanted: int, of: str = " of ") -> str:
    """``8 of 10 ready``; of more than is wanted ``10 of 10 ready and 2 more than wanted``."""
    if ready <= wanted:
        return f"{ready}{of}{wanted} ready"
    if wanted <= 0:
        return f"{ready} still ready, none wanted"
    return f"{wanted}{of}{wanted} ready and {ready - wanted} more than wanted"
