"""What can be done on Slurm, worded as what it is there."""

import msgspec

from warroom.model.requests import ActionKind, Capability
from warroom.model.text import Safe, neutral
from warroom.sources.slurm.submission import NO_IMAGES, NO_SCALING


class NodeCalls(msgspec.Struct, frozen=True):
    """How node states are changed."""

    template: str
    """The call, with ``{target}``, ``{state}`` and ``{reason}`` in it."""
    missing: str = ""
    """Why they cannot be changed; empty when they can."""


THROUGH_SCONTROL = "scontrol update NodeName={target} State={state}{reason}"
THROUGH_REST = "POST /node/{target} state={state}{reason}"


def capabilities(calls: NodeCalls) -> tuple[Capability, ...]:
    """What can be done, worded as what it is."""
    missing = calls.missing
    closes = "state=drain: no new job starts here, running jobs go on; Slurm has no cordon apart from drain"
    drains = (
        "stop new work; running jobs go on until they end by themselves (the grace period changes nothing)"
    )
    nodes = not missing
    drain = neutral(calls.template.replace("{state}", "DRAIN").replace("{reason}", " Reason={reason}"))
    resume = neutral(calls.template.replace("{state}", "RESUME").replace("{reason}", ""))
    return (
        Capability(
            ActionKind.CORDON,
            possible=nodes,
            wording=neutral(missing or closes),
            call=drain,
        ),
        Capability(
            ActionKind.UNCORDON,
            possible=nodes,
            wording=neutral(missing or "state=resume: new jobs may start here again"),
            call=resume,
        ),
        Capability(
            ActionKind.DRAIN,
            possible=nodes,
            wording=neutral(missing or drains),
            call=drain,
        ),
        Capability(
            ActionKind.STOP,
            wording=Safe(
                "cancel: SIGTERM, SIGKILL after KillWait; force: SIGKILL to the batch script at once"
            ),
            call=Safe("DELETE /job/{target}"),
        ),
        Capability(
            ActionKind.SUBMIT,
            wording=neutral(
                f"a new batch job as the room's Slurm user, its environment not copied; {NO_IMAGES}"
            ),
            call=Safe("POST /job/submit name={target}"),
        ),
        Capability(ActionKind.SCALE, possible=False, wording=Safe(NO_SCALING)),
    )
