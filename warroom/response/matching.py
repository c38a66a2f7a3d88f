"""Which alerts a silence's matchers hit, as Alertmanager matches them."""

import re
from collections.abc import Iterable

from warroom.model.nouns import Alert, Matcher
from warroom.state.slices import State
from warroom.views.logquery import LONGEST_REGEX, RISKY


def hits(matcher: Matcher, alert: Alert) -> bool:
    """Whether one matcher holds for an alert; a missing label is an empty one, a regex must match it all."""
    return _holds(
        matcher, alert.labels.get(matcher.name, str(alert.name) if matcher.name == "alertname" else "")
    )


def _holds(matcher: Matcher, value: str) -> bool:
    if not matcher.is_regex:
        return (value == matcher.value) is matcher.is_equal
    if _trouble(matcher):
        return False
    return (re.fullmatch(matcher.value, value) is not None) is matcher.is_equal


def _trouble(matcher: Matcher) -> str:
    if len(matcher.value) > LONGEST_REGEX:
        return f"the pattern of {matcher.name} is longer than {LONGEST_REGEX} characters"
    if RISKY.search(matcher.value):
        return f"the pattern of {matcher.name} repeats a repetition and could take for ever"
    try:
        re.compile(matcher.value)
    except (re.error, OverflowError, RecursionError) as wrong:
        return f"the pattern of {matcher.name} cannot be read: {wrong}"
    return ""


def unreadable(matchers: Iterable[Matcher]) -> str:
    """What is wrong with the first pattern that cannot be used; empty when all can."""
    return next((trouble for m in matchers if m.is_regex and (trouble := _trouble(m))), "")


def matches_nothing_in_particular(matchers: Iterable[Matcher]) -> bool:
    """Whether every matcher also holds for a missing label, so that the silence has no bounds."""
    return all(_holds(m, "") for m in matchers)


def silenced_by(state: State, matchers: Iterable[Matcher]) -> list[Alert]:
    """The alerts that all matchers hold for."""
    wanted = list(matchers)
    return [a for a in state.alerts.alerts.values() if wanted and all(hits(m, a) for m in wanted)]
