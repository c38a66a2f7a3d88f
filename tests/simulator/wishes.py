"""Generators of commands and faults for the small cluster."""

from hypothesis import strategies as st

from warroom.model.nouns import Fingerprint, Matcher, NodeName, WorkloadId
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.simulator.scenario import Fault

NODES = ("n1", "n2", "n3", "n4")

nodes = st.lists(st.sampled_from(NODES).map(NodeName), min_size=1, max_size=4, unique=True).map(tuple)
workloads = st.sampled_from(["api", "batch", "more", "more-2", "api-2", "nothing"]).map(WorkloadId)
selectors = st.sampled_from([{}, {"rack": "rack1"}, {"rack": "rack2"}, {"gpu": "h100"}, {"rack": "none"}])
small_numbers = st.integers(-1, 6)

submits = st.builds(
    Submit,
    name=st.sampled_from(["more", "api", "more-2", ""]),
    like=st.none() | workloads,
    image=st.sampled_from(["", "web:2"]),
    replicas=st.none() | small_numbers,
    gpus=st.none() | small_numbers,
    selector=selectors,
    labels=st.sampled_from([{}, {"service": "web"}, {"service": "other"}]),
    priority=st.sampled_from(["", "low", "critical", "odd"]),
)
matchers = st.lists(
    st.builds(
        Matcher,
        name=st.sampled_from(["alertname", "node", ""]),
        value=st.sampled_from(["Errors", ".*", "(", "n1", "(a+)+"]),
        is_regex=st.booleans(),
        is_equal=st.booleans(),
    ),
    max_size=2,
).map(tuple)

requests: st.SearchStrategy[Request] = st.one_of(
    st.builds(Cordon, nodes),
    st.builds(Uncordon, nodes),
    st.builds(Drain, nodes, grace_s=st.integers(-5, 20)),
    st.builds(Stop, workloads.map(lambda w: (w,)), force=st.booleans()),
    submits,
    st.builds(Scale, workloads, small_numbers),
    st.builds(SilenceAlerts, matchers, duration_s=st.integers(-1, 30)),
    st.builds(Acknowledge, st.just((Fingerprint("f"),))),
    st.builds(
        CreateAlert, st.sampled_from(["Errors", "made", ""]), severity=st.sampled_from(["info", "critical"])
    ),
)

faults = st.one_of(
    st.builds(
        Fault, st.just(1), st.sampled_from(["switch_down", "switch_up"]), st.sampled_from(["sw1", "sw2"])
    ),
    st.builds(
        Fault, st.just(1), st.sampled_from(["node_down", "node_up", "gpu_xid"]), st.sampled_from(NODES)
    ),
    st.builds(
        Fault,
        st.just(1),
        st.sampled_from(["deploy", "bad_deploy"]),
        st.sampled_from(["api", "batch"]),
        st.just("web:3"),
    ),
    st.builds(
        Fault,
        st.just(1),
        st.just("gpu_xid"),
        st.sampled_from(NODES),
        st.sampled_from(["13", "31", "48", "63", "79"]),
    ),
    st.builds(
        Fault,
        st.just(1),
        st.sampled_from(["gpu_failing", "gpu_mended"]),
        st.sampled_from(NODES),
        st.sampled_from(["", "1", "4"]),
    ),
    st.builds(
        Fault,
        st.just(1),
        st.just("scale"),
        st.sampled_from(["api", "batch"]),
        st.sampled_from(["0", "2", "9"]),
    ),
    st.builds(Fault, st.just(1), st.just("alert_limit"), st.just("Errors"), st.sampled_from(["0", "0.5"])),
    st.builds(
        Fault, st.just(1), st.just("demand"), st.just("web"), st.sampled_from(["0", "0.5", "1", "7.5"])
    ),
)
