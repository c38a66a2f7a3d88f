"""A real Slurm of many nodes on one machine: a controller, a REST server and one slurmd a node, on loopback."""

import os
import pwd
import secrets
import signal
import subprocess
from pathlib import Path

from tests.realservers.daemons import PATH, Daemons, NotStarted, free_ports, until

GPU_DEVICES = ("null", "zero", "full", "random")
"""Slurm counts GPUs by device files; any character device will do."""

CONF = """
ClusterName=warroom
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/sock,cred_expire=5
CredType=cred/munge
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key={folder}/jwt.key
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/spool/%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/%n.log
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_interval=1,sched_min_interval=0,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
GresTypes=gpu
ReturnToService=2
MessageTimeout=2
SlurmdTimeout=4
SlurmctldTimeout=30
KillWait=2
MinJobAge=86400
JobFileAppend=1
"""
"""The short time-outs decide how soon a dead node is noticed; with JobFileAppend a requeued job goes on in its log."""


class Slurm:
    """One cluster; ``start`` returns when every node is idle and the REST server answers."""

    def __init__(self, nodes: int = 16) -> None:
        self.names = tuple(f"gpu{number:02d}" for number in range(1, nodes + 1))
        self.daemons = Daemons()
        self.folder = self.daemons.folder
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.port = free_ports(nodes + 2)
        self.conf = self.folder / "slurm.conf"
        self.jobs = self.folder / "jobs"
        self.token_file = self.folder / "token"

    @property
    def url(self) -> str:
        """Where slurmrestd listens."""
        return f"http://127.0.0.1:{self.port + 1}"

    def start(self) -> "Slurm":
        """Start everything; ends what it started when it cannot."""
        try:
            self._prepare()
            self._start_munge()
            self.start_controller()
            for name in self.names:
                self.boot(name)
            until(self.all_idle, what="all nodes idle")
            self.start_rest()
            self.token_file.write_text(self.token(86_400))
        except BaseException as wrong:
            said = self.daemons.said("slurmctld") + self.daemons.said("slurmrestd")
            self.stop()
            if isinstance(wrong, NotStarted):
                raise NotStarted(f"{wrong}\n{said}") from wrong
            raise
        return self

    def stop(self) -> None:
        """End everything."""
        self.daemons.end_all()

    def _prepare(self) -> None:
        for name in ("munge", "state", "spool", "dev", "jobs", *(f"spool/{name}" for name in self.names)):
            (self.folder / name).mkdir()
        for path, size in ((self.folder / "munge/key", 1024), (self.folder / "jwt.key", 32)):
            path.write_bytes(secrets.token_bytes(size))
            path.chmod(0o400)
        for place, device in enumerate(GPU_DEVICES):
            (self.folder / f"dev/gpu{place}").symlink_to(f"/dev/{device}")
        nodes = [
            f"NodeName={name} NodeHostname=localhost NodeAddr=127.0.0.1 Port={self.port + 2 + place} CPUs=8 Sockets=1"
            f" CoresPerSocket=8 ThreadsPerCore=1 RealMemory=64000 Gres=gpu:a100:4 Feature=rack{place // 8 + 1}"
            for place, name in enumerate(self.names)
        ]
        every = f"gpu[01-{len(self.names):02d}]"
        partition = f"PartitionName=gpu Nodes={every} Default=YES MaxTime=INFINITE State=UP\n"
        head = CONF.format(controller=self.port, user=self.user, folder=self.folder)
        self.conf.write_text(head + "\n".join(nodes) + "\n" + partition)
        gres = f"NodeName={every} Name=gpu Type=a100 File={self.folder}/dev/gpu[0-3]\n"
        (self.folder / "gres.conf").write_text(gres)

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        self.daemons.start(
            "munged",
            [
                "munged",
                "--foreground",
                "--force",
                f"--key-file={folder}/key",
                f"--socket={folder}/sock",
                f"--pid-file={folder}/pid",
                f"--log-file={self.folder}/log/munged.log",
                f"--seed-file={folder}/seed",
            ],
        )
        until((folder / "sock").exists, what="munged's socket")

    def start_controller(self) -> None:
        """Start slurmctld."""
        self.daemons.start("slurmctld", ["slurmctld", "-D"], self.environ)

    def start_rest(self) -> None:
        """Start slurmrestd and wait until it answers."""
        environ = {**self.environ, "SLURM_JWT": "daemon", "SLURMRESTD_SECURITY": "disable_user_check"}
        words = ["slurmrestd", "-a", "rest_auth/jwt", "-s", "openapi/v0.0.38", f"127.0.0.1:{self.port + 1}"]
        self.daemons.start("slurmrestd", words, environ)
        until(self._rest_listens, what="slurmrestd")

    def stop_rest(self) -> None:
        """End slurmrestd only."""
        self.daemons.end("slurmrestd")

    def _rest_listens(self) -> bool:
        listening = Path("/proc/net/tcp").read_text()
        return f":{self.port + 1:04X} 00000000:0000 0A" in listening

    @property
    def environ(self) -> dict[str, str]:
        """What Slurm's programs need to find this cluster."""
        return {"SLURM_CONF": str(self.conf), "PATH": PATH, "LC_ALL": "C"}

    def run(self, *words: str, feed: str | None = None) -> str:
        """The output of one of Slurm's programs."""
        environ = {**os.environ, **self.environ}
        done = subprocess.run(
            words, env=environ, input=feed, capture_output=True, text=True, timeout=20, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip() or done.returncode}")
        return done.stdout.strip()

    def token(self, lifespan_s: int) -> str:
        """A fresh JSON web token."""
        return self.run("scontrol", "token", f"lifespan={lifespan_s}").removeprefix("SLURM_JWT=")

    def all_idle(self) -> bool:
        """Whether every node is idle and answers."""
        try:
            return len(self.run("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split()) == len(self.names)
        except (RuntimeError, subprocess.TimeoutExpired):
            return False

    def boot(self, name: str) -> None:
        """Switch a node on: a number space of its own makes its death take its jobs along."""
        user = [] if os.getuid() == 0 else ["--user", "--map-current-user"]
        words = [
            "unshare",
            *user,
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "slurmd",
            "-D",
            "-N",
            name,
        ]
        self.daemons.start(name, words, self.environ)

    def kill(self, name: str) -> None:
        """Power loss: the node and its jobs die at once."""
        self.daemons.end(name, signal.SIGKILL)

    def submit(self, script: str, *options: str) -> str:
        """The number of a job that was just submitted; it writes into ``jobs``."""
        out = (
            [] if any(o.startswith(("-o", "--output")) for o in options) else ["-o", f"{self.jobs}/%x-%j.log"]
        )
        return self.run("sbatch", "--parsable", *out, *options, feed=f"#!/bin/bash\n{script}\n")

    def job_state(self, job: str) -> str:
        """What squeue says of a job."""
        return self.run("squeue", "-h", "-t", "all", "-j", job, "-o", "%T")

    def node(self, name: str) -> str:
        """What ``scontrol show node`` says."""
        return self.run("scontrol", "show", "node", name)
