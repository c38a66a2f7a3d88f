"""Silences for a selection: as few as possible, and never more quiet than was selected."""

from hypothesis import given
from hypothesis import strategies as st

from tests.views.any_state import room
from warroom.events.alerts import AlertsChanged
from warroom.model.nouns import Alert, Fingerprint, Matcher
from warroom.model.text import Safe
from warroom.response.matching import silenced_by, unreadable
from warroom.response.silencing import silencing
from warroom.state.slices import State
from warroom.views.alert_census import alerts_of


def firing(fingerprint: str, name: str, **labels: str) -> Alert:
    return Alert(Fingerprint(fingerprint), Safe(name), "critical", labels={"alertname": name, **labels})


def with_alerts(*alerts: Alert) -> State:
    return room(AlertsChanged(alerts)).state


def test_several_whole_groups_are_one_silence() -> None:
    state = with_alerts(firing("1", "NodeDown", node="a"), firing("2", "Slow.p99"), firing("3", "Other"))
    (matchers,) = silencing(alerts_of(state), ["NodeDown", "Slow.p99"])
    assert matchers == (Matcher("alertname", r"NodeDown|Slow\.p99", is_regex=True),)


def test_some_alerts_of_a_group_are_silenced_by_the_label_that_tells_them_apart() -> None:
    state = with_alerts(*(firing(str(n), "NodeDown", node=f"gpu-{n}", rack=f"rack{n % 2}") for n in range(8)))
    (matchers,) = silencing(alerts_of(state), ["1", "3"])
    assert [str(a.fingerprint) for a in silenced_by(state, matchers)] == ["1", "3"]


def test_a_long_list_of_alerts_is_several_silences_that_a_server_takes() -> None:
    state = with_alerts(*(firing(str(n), "Down", node=f"node-of-a-long-name-{n:05d}") for n in range(400)))
    made = silencing(alerts_of(state), [str(n) for n in range(200)])
    hit = {a.fingerprint for matchers in made for a in silenced_by(state, matchers)}
    assert 1 < len(made) < 100
    assert not any(unreadable(matchers) for matchers in made)
    assert hit == {str(n) for n in range(200)}


labels = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y", "x.y", "a|b", "("]), max_size=3)


@given(st.lists(st.tuples(st.sampled_from("NM"), labels), max_size=8), st.data())
def test_what_was_selected_is_quiet_and_no_more_than_labels_can_tell_apart(
    members: list[tuple[str, dict[str, str]]], data: st.DataObject
) -> None:
    alerts = [firing(str(n), name, **extra) for n, (name, extra) in enumerate(members)]
    state = with_alerts(*alerts)
    chosen = data.draw(st.sets(st.sampled_from([a.fingerprint for a in alerts]))) if alerts else set()
    hit = {
        a.fingerprint
        for matchers in silencing(alerts_of(state), sorted(chosen))
        for a in silenced_by(state, matchers)
    }
    assert chosen <= hit
    for extra in hit - chosen:
        mine = state.alerts.alerts[extra]
        # Labels only say what is there: an alert with all of another one's labels cannot be left out.
        assert any(
            mine.name == other.name and other.labels.items() <= mine.labels.items()
            for other in (state.alerts.alerts[f] for f in chosen)
        )
