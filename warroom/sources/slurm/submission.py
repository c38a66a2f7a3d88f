"""Builds the description of a job to submit, in the words of the version that is spoken."""

from typing import Any

from warroom.errors import Refused
from warroom.model.nouns import Labels
from warroom.model.requests import Submit
from warroom.sources.names import RACK, is_plain, signed
from warroom.sources.slurm.parse_jobs import Job
from warroom.sources.slurm.versions import Version

PATH = "/usr/local/bin:/usr/bin:/bin"
NICE = {"low": 1000, "high": -1000}
"""Added to a job's nice value; only operators may go below zero, which Slurm itself checks."""
NO_IMAGES = "Slurm has no images: give a command, or copy an existing job"
NO_SCALING = "Slurm cannot change how many nodes a running job has: submit it again with another number"
COMMENT_CAP = 500


def refusal(request: Submit, like: Job | None) -> str:
    """Why this cannot be submitted; empty when it can."""
    if request.image:
        return NO_IMAGES
    if request.like is not None and like is None:
        return f"there is no job {request.like} to copy from"
    if request.like is None and not request.command:
        return "a job needs a command, or a job to copy from"
    if request.replicas is not None and request.replicas < 1:
        return "a job needs at least one node"
    if request.priority not in ("", "normal", *NICE) and not request.priority.isdigit():
        return f"a priority is low, normal, high or a number, not {request.priority}"
    return ""


def constraint_of(selector: Labels) -> str:
    """Node labels as required features; raises ``Refused`` for what Slurm cannot select by."""
    features: list[str] = []
    for key, value in sorted(selector.items()):
        if key == "constraint" or (key == "rack" and RACK.fullmatch(value)):
            features.append(value)
        elif value == "true" and is_plain(key):
            features.append(key)
        elif key != "pool":
            told = "write rack=rack2, FEATURE=true or pool=PARTITION"
            raise Refused(f"Slurm selects nodes by feature: {told}, not {key}={value}")
    return "&".join(features)


def comment_of(request: Submit, like: Job | None, operation: str) -> str:
    """The comment: labels as ``key=value``, which are read back from there, and the operation's id."""
    labels = dict(request.labels)
    words = [word for word in (like.comment if like else "").split() if word.partition("=")[0] not in labels]
    if request.priority and not request.priority.isdigit():
        labels["priority"] = request.priority
        words = [word for word in words if not word.startswith("priority=")]
    words += [f"{key}={value}" for key, value in sorted(labels.items())]
    return signed(" ".join(words)[:COMMENT_CAP], operation)


def submission(
    request: Submit, like: Job | None, script: str, *, operation: str, version: Version
) -> dict[str, Any]:
    """The body of ``POST /job/submit``; raises ``Refused``."""
    selector = {**(like.workload.selector if like else {}), **request.selector}
    nodes = request.replicas or (like.node_count if like else 1)
    job: dict[str, Any] = {
        "name": request.name,
        "nodes": str(nodes) if version.words else nodes,
        "comment": comment_of(request, like, operation),
        "current_working_directory": like.cwd if like else "/tmp",
        "environment": [f"PATH={PATH}"] if version.words else {"PATH": PATH},
    }
    if constraint := constraint_of(selector):
        job["constraints"] = constraint
    if partition := selector.get("pool") or (like.workload.labels.get("partition") if like else ""):
        job["partition"] = partition
    _add_size(job, request, like, version=version, nodes=nodes)
    if like:
        _add_copied(job, like, version)
    if request.priority in NICE:
        job["nice"] = NICE[request.priority]
    elif request.priority.isdigit():
        number = int(request.priority)
        job["priority"] = {"set": True, "number": number} if version.words else request.priority
    if version.script_in_job:
        job["script"] = script
        return {"job": job}
    return {"script": script, "job": job}


def _add_size(
    job: dict[str, Any], request: Submit, like: Job | None, *, version: Version, nodes: int
) -> None:
    tasks = like.tasks if like and like.tasks and nodes == like.node_count else nodes
    job["tasks"] = max(tasks, nodes)
    cpus = request.cpus if request.cpus is not None else (like.cpus_per_task if like else None)
    if cpus:
        job["cpus_per_task"] = cpus
    if request.gpus is not None:
        gres = f"gpu:{request.gpus}" if request.gpus else ""
    else:
        gres = (like.tres_per_node if like else "").removeprefix("gres:").removeprefix("gres/")
    if gres and version.gres:
        job["tres_per_node"] = ",".join(
            version.gres.removesuffix("gpu:") + part.strip().removeprefix("gres/").removeprefix("gres:")
            for part in gres.split(",")
        )
    elif gres:
        job["gres"] = gres


def _add_copied(job: dict[str, Any], like: Job, version: Version) -> None:
    """Where it writes and how long it may take; a pattern with the old job's number in it stays a pattern."""
    if like.out:
        job["standard_output"] = like.out
    if like.err:
        job["standard_error"] = like.err
    if like.time_limit_min:
        limit = like.time_limit_min
        job["time_limit"] = {"set": True, "number": limit} if version.words else limit


def script_of(command: str) -> str:
    """A command as a batch script."""
    return command if command.startswith("#!") else f"#!/bin/sh\n{command}\n"
