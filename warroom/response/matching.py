"""Which alerts a silence's matchers hit, as Alertmanager matches them."""

import re
from collections.abc import Iterable

from warroom.model.nouns import Alert, Matcher
from warroom.state.slices import State


def hits(matcher: Matcher, alert: Alert) -> bool:
    """Whether one matcher holds for an alert; a missing label is an empty one, a regex must match it all."""
    value = alert.labels.get(matcher.name, str(alert.name) if matcher.name == "alertname" else "")
    if not matcher.is_regex:
        return (value == matcher.value) is matcher.is_equal
    try:
        return (re.fullmatch(matcher.value, value) is not None) is matcher.is_equal
    except re.error:
        return False


def silenced_by(state: State, matchers: Iterable[Matcher]) -> list[Alert]:
    """The alerts that all matchers hold for."""
    wanted = list(matchers)
    return [a for a in state.alerts.alerts.values() if wanted and all(hits(m, a) for m in wanted)]
