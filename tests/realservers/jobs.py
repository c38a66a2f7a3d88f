"""A few believable jobs for a real Slurm: trainings, services and one that crashes, each with a log."""

from typing import NamedTuple

from tests.realservers.slurm import Slurm

STAMP = "$(date -u +%FT%TZ)"

TRAIN = f"""\
step=0
while :; do
  step=$((step + 25))
  echo "{STAMP} INFO step=$step loss=0.$((900000 / (step + 900))) gpus=$CUDA_VISIBLE_DEVICES node=$SLURMD_NODENAME"
  [ $((step % 200)) = 0 ] && echo "{STAMP} WARN NCCL allreduce took 1840 ms on $SLURMD_NODENAME"
  sleep 2
done
"""
SERVE = f"""\
n=0
while :; do
  n=$((n + 1))
  echo "{STAMP} INFO {{name}} served $((140 + n % 37)) requests in 1 s, p99 $((110 + n % 60)) ms"
  [ $((n % 9)) = 0 ] && echo "{STAMP} ERROR {{name}} upstream timed out after 2000 ms, request $RANDOM" >&2
  sleep 1
done
"""
CRASH = f"""\
echo "{STAMP} INFO loading checkpoint 88000, restart ${{SLURM_RESTART_COUNT:-0}}"
sleep 15
echo "RuntimeError: CUDA error: an illegal memory access was encountered" >&2
scontrol requeue $SLURM_JOB_ID; sleep 10
"""


class Submitted(NamedTuple):
    """A job as it is submitted."""

    name: str
    script: str
    options: tuple[str, ...]


JOBS = (
    Submitted("train-llama", TRAIN, ("-N4", "--gres=gpu:4", "-C", "rack1", "--comment", "team=research")),
    Submitted("train-vision", TRAIN, ("-N2", "--gres=gpu:2", "-C", "rack2", "--comment", "team=vision")),
    Submitted(
        "chat-api", SERVE, ("-N1", "--gres=gpu:2", "-C", "rack1", "--comment", "critical=true team=serving")
    ),
    Submitted(
        "embed-api", SERVE, ("-N1", "--gres=gpu:1", "-C", "rack2", "--comment", "critical=true team=serving")
    ),
    Submitted("eval-nightly", CRASH, ("-N1", "--gres=gpu:1", "--requeue", "-C", "rack2")),
    Submitted("train-next", TRAIN, ("-N14", "--gres=gpu:4", "--comment", "team=research")),
)
"""The last one waits: it needs more nodes than are free."""


def submit_all(slurm: Slurm) -> list[str]:
    """Submit them; their numbers."""
    return [
        slurm.submit(job.script.replace("{name}", job.name), "-J", job.name, *job.options) for job in JOBS
    ]
