"""GPU faults by the class of their number."""

from collections.abc import Iterable

from warroom.model.nouns import NodeName, Severity, WorkloadId
from warroom.model.requests import Cordon, Drain
from warroom.model.response import Confidence, Finding, Proposal, Targets
from warroom.response.triage.picture import Picture
from warroom.response.triage.wording import facts, propose, sign_fact, some, title
from warroom.response.triage.xids import APPLICATION, HARDWARE, application_signs, hardware_signs
from warroom.state.signals import Sign

GRACE_S = 60


def gpu_fault(picture: Picture) -> Iterable[Finding]:
    """The driver reported a hardware error of a GPU: what its number means and what is done about it."""
    for number, signs in sorted(_by_number(hardware_signs(picture)).items()):
        nodes = picture.state.cluster.nodes
        names = sorted({NodeName(s.node) for s in signs if s.node in nodes})
        names = [n for n in names if not nodes[n].cordoned or n in picture.occupied]
        if not names:
            continue
        known = HARDWARE[number]
        yield Finding(
            f"gpu-fault:{number}",
            "gpu-fault",
            title(f"Xid {number} on {some(names)}: {known.meaning}"),
            Confidence.HIGH if known.sure else Confidence.MEDIUM,
            facts(sign_fact(s) for s in signs if s.node in names),
            title("the driver's own diagnosis (dcgmi diag, nvidia-smi -q) finds the GPU well after a reset"),
            Severity.SEV4,
            "node-failure",
            "node-failure",
            Targets(tuple(names)),
            tuple(_out(tuple(names), number, known.advice)),
        )


def gpu_misuse(picture: Picture) -> Iterable[Finding]:
    """The driver reported an error that a program caused: the program is looked at, the node stays."""
    for number, signs in sorted(_by_number(application_signs(picture)).items()):
        where = sorted({s.workload or s.node for s in signs} - {""})
        workloads = sorted({WorkloadId(s.workload) for s in signs if s.workload})
        known = APPLICATION[number]
        yield Finding(
            f"gpu-misuse:{number}",
            "gpu-misuse",
            title(f"Xid {number} on {some(where)}: {known.meaning}"),
            Confidence.MEDIUM,
            facts(sign_fact(s) for s in signs),
            title("different programs get the same error on one node: then it is the GPU"),
            targets=Targets(workloads=tuple(workloads)),
            proposals=(propose(known.advice),),
        )


def _by_number(signs: Iterable[Sign]) -> dict[str, list[Sign]]:
    found: dict[str, list[Sign]] = {}
    for sign in signs:
        found.setdefault(sign.detail, []).append(sign)
    return found


def _out(names: tuple[NodeName, ...], number: str, advice: str) -> Iterable[Proposal]:
    reason = title(f"Xid {number}")
    yield propose(f"close {some(names)} to new work", Cordon(names, reason))
    yield propose(advice, Drain(names, GRACE_S, reason))
