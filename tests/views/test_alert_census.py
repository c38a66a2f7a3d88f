"""Groups of alerts: kept up to date by what changed, they are what grouping anew gives."""

from hypothesis import given
from hypothesis import strategies as st

from tests.views.any_state import MAYA, START, room
from warroom.events.alerts import AlertAcknowledged, AlertsChanged
from warroom.model.nouns import Alert, AlertState, Fingerprint
from warroom.model.text import Safe
from warroom.views.alert_census import Alerts, alerts_of
from warroom.views.alerts import MemberRows, alert_rows, alert_state

fingerprints = st.sampled_from([Fingerprint(f) for f in "123456"])
alerts = st.builds(
    Alert,
    fingerprints,
    st.sampled_from([Safe("NodeNotReady"), Safe("HighLatency")]),
    st.sampled_from(["critical", "warning", "info", "", "odd"]),
    st.sampled_from(AlertState),
    summary=st.sampled_from([Safe(""), Safe("one"), Safe("two")]),
    labels=st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), max_size=2),
    started=st.sampled_from([None, START]),
    silenced_by=st.sampled_from([(), ("s1",)]),
    inhibited_by=st.sampled_from([(), ("1",)]),
)


def picture(known: Alerts) -> object:
    return (
        {
            name: (
                g.size,
                g.worst,
                g.quiet,
                g.summary,
                g.shared,
                g.differing,
                g.oldest,
                {s: n for s, n in g.standings.items() if n},
                sorted(g.owners),
            )
            for name, g in known.groups.items()
        },
        known.total,
        known.firing,
    )


@given(
    st.lists(
        st.one_of(
            st.builds(
                AlertsChanged,
                st.lists(alerts, max_size=5, unique_by=lambda a: a.fingerprint).map(tuple),
                st.lists(fingerprints, max_size=3).map(tuple),
            ),
            st.builds(AlertAcknowledged, st.lists(fingerprints, max_size=3).map(tuple)),
        ),
        max_size=8,
    )
)
def test_what_is_kept_up_to_date_is_what_is_grouped_anew(
    events: list[AlertsChanged | AlertAcknowledged],
) -> None:
    tape, kept = room(), Alerts()
    for event in events:
        tape.add(event, source="sample", actor=MAYA)
        kept.update(tape.state.alerts.alerts, tape.state.alerts.acknowledged)
        assert picture(kept) == picture(alerts_of(tape.state))
        assert [r.key for r in alert_rows(tape.state, START, kept)] == [
            r.key for r in alert_rows(tape.state, START)
        ]


def test_an_inhibited_alert_says_what_inhibits_it_and_its_row_only_what_differs() -> None:
    down = Alert(Fingerprint("1"), Safe("SwitchDown"), "critical", labels={"rack": "r1"})
    nodes = [
        Alert(
            Fingerprint(str(n)),
            Safe("NodeDown"),
            "warning",
            labels={"rack": "r1", "node": f"n{n}"},
            inhibited_by=(Fingerprint("1"),),
        )
        for n in (2, 3)
    ]
    state = room(AlertsChanged((down, *nodes))).state
    known = alerts_of(state)
    assert alert_state(state, nodes[0], known) == ("inhibited by SwitchDown", "muted")
    rows = MemberRows(state, START, known.groups["NodeDown"], alerts=known)
    assert [row.cells[2].text for row in rows] == ["n2", "n3"]
    assert [rows.place(row.key) for row in rows] == [0, 1]
