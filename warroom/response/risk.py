"""How dangerous a request is, from what the state shows of its targets."""

from typing import assert_never

from warroom.model.nouns import WorkloadId
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    Request,
    Risk,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.response.reach import live_instances, more_than_half
from warroom.state.slices import State


def risk_of(state: State, request: Request, *, evicts: bool) -> Risk:
    """The class of a request; ``evicts`` says whether a drain moves running work here."""
    match request:
        case Acknowledge() | CreateAlert() | EndSilences():
            return Risk.NOTICE
        case Uncordon() | Submit() | SilenceAlerts():
            return Risk.REVERSIBLE
        case Cordon():
            return Risk.DANGEROUS if more_than_half(state, request.nodes) else Risk.REVERSIBLE
        case Drain():
            return _drain(state, request, evicts=evicts)
        case Stop():
            serving = [w for w in request.workloads if _serves_critically(state, w)]
            return Risk.DANGEROUS if serving else Risk.DISRUPTIVE
        case Scale():
            return _scale(state, request)
        case _ as forgotten:
            assert_never(forgotten)


def _serves_critically(state: State, identity: WorkloadId) -> bool:
    workload = state.cluster.workloads.get(identity)
    return workload is not None and workload.critical and workload.ready > 0


def _drain(state: State, request: Drain, *, evicts: bool) -> Risk:
    if more_than_half(state, request.nodes):
        return Risk.DANGEROUS
    moving = live_instances(state, request.nodes) if evicts else []
    leaving = {i.id for i in moving}
    elsewhere = {i.workload for i in state.cluster.instances.values() if i.ready and i.id not in leaving}
    if any(i.ready and i.workload not in elsewhere for i in moving):
        return Risk.DANGEROUS
    return Risk.DISRUPTIVE if moving else Risk.REVERSIBLE


def _scale(state: State, request: Scale) -> Risk:
    workload = state.cluster.workloads.get(request.workload)
    if workload is None or request.replicas >= workload.desired:
        return Risk.REVERSIBLE
    return Risk.DANGEROUS if workload.critical or request.replicas == 0 else Risk.DISRUPTIVE
