"""What commands do to the simulated cluster; each lands between two ticks."""

from typing import assert_never

import msgspec

from warroom.model.nouns import Labels, Silence
from warroom.model.requests import (
    RESOLVED,
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    EndSilences,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe, neutral
from warroom.simulator.alerting import usable
from warroom.simulator.parts import Quiet, Service
from warroom.simulator.scenario import MOST_REPLICAS, WorkloadSpec
from warroom.simulator.world import World

ENDING_S = 3
"""How long an instance takes to end when it is asked to."""
LONGEST_SILENCE_S = 366 * 86_400


class Landed(msgspec.Struct, frozen=True):
    """The cluster's answer to a command."""

    done: bool
    detail: Safe
    created: tuple[str, ...] = ()


def land(world: World, request: Request, operation: str) -> Landed:
    """Carry out one command now."""
    match request:
        case Cordon() | Uncordon():
            return _schedule(world, request)
        case Drain():
            return _drain(world, request)
        case Stop():
            return _stop(world, request)
        case Submit():
            return _submit(world, request)
        case Scale():
            return _scale(world, request)
        case SilenceAlerts():
            return _silence(world, request, operation)
        case CreateAlert() if request.severity == RESOLVED:
            ended = world.alerting.end(request.name)
            return Landed(
                ended, neutral(f"alert {request.name} {'resolved' if ended else 'was made by nobody'}")
            )
        case CreateAlert():
            labels = {**request.labels, "alertname": request.name, "severity": request.severity}
            world.alerting.create(world, _neutral(labels), neutral(request.message))
            return Landed(True, neutral(f"alert {request.name} created"))
        case EndSilences():
            return _end_silences(world, request)
        case Acknowledge():
            return Landed(False, Safe("an acknowledgement is the room's own"))
        case _ as forgotten:
            assert_never(forgotten)


def _unknown(known: object, names: tuple[str, ...], what: str) -> Landed | None:
    missing = [name for name in names if name not in known]  # type: ignore[operator]
    return Landed(False, neutral(f"no {what} {', '.join(missing)}")) if missing else None


def _neutral(labels: Labels) -> Labels:
    return {str(neutral(name)): str(neutral(value)) for name, value in labels.items()}


def _too_many(replicas: int) -> Landed | None:
    if 0 <= replicas <= MOST_REPLICAS:
        return None
    return Landed(False, neutral(f"{replicas} replicas are not possible here: 0 to {MOST_REPLICAS} are"))


def _schedule(world: World, request: Cordon | Uncordon) -> Landed:
    if missing := _unknown(world.machines, request.nodes, "node"):
        return missing
    close = isinstance(request, Cordon)
    for name in request.nodes:
        machine = world.machines[name]
        machine.cordoned = close
        machine.reason = neutral(request.reason) if close else ""
        world.say("info", "cordoned" if close else "uncordoned", node=name)
    return Landed(True, Safe("cordoned" if close else "open to new work"))


def _drain(world: World, request: Drain) -> Landed:
    if missing := _unknown(world.machines, request.nodes, "node"):
        return missing
    evicted = 0
    for name in request.nodes:
        machine = world.machines[name]
        machine.cordoned, machine.reason = True, neutral(request.reason)
        mine = [
            r for s in world.services.values() for r in s.replicas if r.node == name and r.ending_at is None
        ]
        for number, replica in enumerate(mine):
            # One after the other within the grace period, so that a service is never emptied at once.
            replica.ending_at = world.tick + max(1, request.grace_s * (number + 1) // max(1, len(mine)))
            evicted += 1
        world.say("info", f"draining: {len(mine)} instances, {request.grace_s} s grace", node=name)
    return Landed(True, neutral(f"evicting {evicted} instances"))


def _stop(world: World, request: Stop) -> Landed:
    if missing := _unknown(world.services, request.workloads, "workload"):
        return missing
    for name in request.workloads:
        service = world.services[name]
        service.stopping = True
        world.say(
            "warn" if request.force else "info",
            f"{name} stopping{' by force' if request.force else ''}",
            workload=name,
        )
        if request.force:
            service.replicas.clear()
        for replica in service.replicas:
            replica.ending_at = world.tick + ENDING_S if replica.node else world.tick
    return Landed(True, Safe("killed" if request.force else "asked to end"))


def _submit(world: World, request: Submit) -> Landed:
    like: Service | None = None
    if request.like is not None:
        like = world.services.get(request.like)
        if like is None:
            return Landed(False, neutral(f"no workload {request.like} to copy from"))
    if not request.name.strip():
        return Landed(False, Safe("a workload needs a name"))
    base = like.spec if like else WorkloadSpec(name=request.name)
    replicas = (like.desired if like else 1) if request.replicas is None else request.replicas
    if refused := _too_many(replicas):
        return refused
    if request.gpus is not None and request.gpus < 0:
        return Landed(False, Safe("a replica cannot have fewer than 0 GPUs"))
    given = {
        "name": str(neutral(request.name)),
        "image": str(neutral(request.image)) or base.image,
        "priority": str(neutral(request.priority)) or base.priority,
        "replicas": replicas,
        "gpus": base.gpus if request.gpus is None else request.gpus,
        "labels": {**base.labels, **_neutral(request.labels)},
        "selector": {**base.selector, **_neutral(request.selector)},
        "broken": base.broken and request.image in ("", base.image),
    }
    name = world.add(msgspec.structs.replace(base, **given))
    world.say("info", f"{name} submitted", workload=name)
    return Landed(True, neutral(f"submitted as {name}"), (name,))


def _scale(world: World, request: Scale) -> Landed:
    service = world.services.get(request.workload)
    if service is None or service.over or service.stopping:
        return Landed(False, neutral(f"no running workload {request.workload}"))
    if refused := _too_many(request.replicas):
        return refused
    service.desired = request.replicas
    world.say("info", f"{request.workload} scaled to {service.desired}", workload=request.workload)
    return Landed(True, neutral(f"scaled to {service.desired}"))


def _silence(world: World, request: SilenceAlerts, operation: str) -> Landed:
    if not request.matchers:
        return Landed(False, Safe("a silence needs at least one matcher"))
    matchers = tuple(
        msgspec.structs.replace(m, name=str(neutral(m.name)), value=str(neutral(m.value)))
        for m in request.matchers
    )
    if unusable := [m.value for m in matchers if m.is_regex and not usable(m.value)]:
        return Landed(False, neutral(f"the pattern {unusable[0]} cannot be used"))
    if request.duration_s > LONGEST_SILENCE_S:
        return Landed(False, Safe("a silence lasts a year at most"))
    name = f"silence-{operation}"
    ends = world.tick + max(1, request.duration_s)
    comment = neutral(request.comment)
    silence = Silence(name, matchers, world.now(), world.now(ends), Safe("warroom"), comment)
    world.alerting.silences[name] = Quiet(silence, ends)
    return Landed(True, neutral(f"silenced until {world.now(ends):%H:%M:%S}Z"), (name,))


def _end_silences(world: World, request: EndSilences) -> Landed:
    if missing := _unknown(world.alerting.silences, request.silences, "silence"):
        return missing
    for identity in request.silences:
        del world.alerting.silences[identity]
    return Landed(True, Safe("ended"))
