"""What an action is for: the indicators beyond their threshold when it is planned."""

from warroom.model.requests import Aim, Cordon, Drain, Request, Scale, Stop, Submit, Uncordon
from warroom.state.slices import Point, State

MITIGATIONS = (Cordon, Uncordon, Drain, Stop, Submit, Scale)
"""What is done so that an indicator gets better."""


def aims_of(state: State, request: Request) -> tuple[Aim, ...]:
    """The indicators that are beyond their threshold now; none for what mitigates nothing."""
    if not isinstance(request, MITIGATIONS):
        return ()
    found: list[Aim] = []
    for indicator in state.metrics.indicators:
        newest = newest_point(state, indicator.metric)
        if indicator.threshold is None or newest is None or newest.value is None:
            continue
        if newest.value > indicator.threshold:
            found.append(
                Aim(indicator.metric, indicator.title, indicator.threshold, indicator.unit, newest.value)
            )
    return tuple(found)


def newest_point(state: State, metric: str) -> Point | None:
    """The newest sample of an indicator of the whole cluster."""
    series = state.metrics.series.get(metric)
    return series.points[-1] if series and series.points else None
