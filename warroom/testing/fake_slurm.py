"""A slurmrestd without a Slurm: speaks the wire of 0.0.38 or of 0.0.40, keeps a ledger of what was done to it."""

from typing import Any

from warroom.testing.wire import Reply, Request, Wire, json_reply

NOW = 1_772_460_000
"""The controller's clock at the start: 2026-03-02 14:00 UTC."""


def node_38(name: str, **other: Any) -> dict[str, Any]:
    """A node as 0.0.38 lists it."""
    return {
        "name": name,
        "hostname": "localhost",
        "state": "idle",
        "state_flags": [],
        "reason": "",
        "features": "rack1",
        "partitions": ["gpu"],
        "gres": "gpu:a100:4",
        "gres_used": "gpu:a100:0(IDX:N/A)",
        "cpus": 8,
        "alloc_cpus": 0,
        **other,
    }


def job_38(number: int, **other: Any) -> dict[str, Any]:
    """A job as 0.0.38 lists it."""
    return {
        "job_id": number,
        "name": f"job{number}",
        "user_name": "alice",
        "user_id": 1000,
        "job_state": "RUNNING",
        "state_reason": "None",
        "state_description": "",
        "exit_code": 0,
        "restart_cnt": 0,
        "nodes": "gpu01",
        "node_count": 1,
        "batch_host": "gpu01",
        "features": "",
        "partition": "gpu",
        "comment": "",
        "command": "",
        "priority": 100,
        "cpus": 1,
        "tasks": 1,
        "cpus_per_task": None,
        "gres_detail": [],
        "tres_per_node": "",
        "time_limit": 525_600,
        "array_job_id": 0,
        "array_task_id": None,
        "standard_output": "",
        "standard_error": "",
        "current_working_directory": "/srv/jobs",
        "submit_time": NOW - 60,
        "start_time": NOW - 50,
        "end_time": NOW + 31_536_000,
        **other,
    }


def _number(value: int | None) -> dict[str, Any]:
    return {"set": value is not None, "infinite": False, "number": value or 0}


def node_40(node: dict[str, Any]) -> dict[str, Any]:
    """The same node as 0.0.40 lists it."""
    rest = {key: value for key, value in node.items() if key != "state_flags"}
    return {
        **rest,
        "state": [node["state"].upper(), *node["state_flags"]],
        "features": node["features"].split(","),
    }


def job_40(job: dict[str, Any]) -> dict[str, Any]:
    """The same job as 0.0.40 lists it."""
    numbers = ("priority", "cpus", "tasks", "cpus_per_task", "node_count", "array_job_id", "array_task_id")
    times = ("submit_time", "start_time", "end_time", "time_limit")
    code = job["exit_code"]
    return {
        **job,
        **{key: _number(job[key]) for key in numbers + times},
        "job_state": [job["job_state"]],
        "exit_code": {
            "status": ["SUCCESS" if not code else "ERROR"],
            "return_code": _number(code >> 8),
            "signal": {"id": _number(code & 127 or None), "name": ""},
        },
        "tres_per_node": job["tres_per_node"].replace("gres:", "gres/"),
    }


class FakeSlurm(Wire):
    """One slurmrestd."""

    def __init__(self, version: str = "v0.0.38") -> None:
        super().__init__()
        self.version = version
        self.nodes = {"gpu01": node_38("gpu01"), "gpu02": node_38("gpu02")}
        self.jobs = {7: job_38(7)}
        self.clock = NOW
        self.changed = NOW
        self.token = "good"
        self.done: list[str] = []
        """The ledger of side effects."""
        self.submitted: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        """Errors put into every answer to a change."""

    @property
    def modern(self) -> bool:
        """Whether it speaks the shapes that began with 0.0.39."""
        return self.version > "v0.0.38"

    def touch(self) -> None:
        """Something changed."""
        self.clock += 5
        self.changed = self.clock

    def answer(self, request: Request) -> Reply:
        """As slurmrestd does it."""
        if self.token and request.headers.get("x-slurm-user-token") != self.token:
            return Reply(401, b"Authentication failure", "text/plain")
        prefix = f"/slurm/{self.version}/"
        if not request.path.startswith(prefix):
            return Reply(404, b"Unable find requested URL.", "text/plain")
        what, _, rest = request.path.removeprefix(prefix).partition("/")
        match request.method, what:
            case "GET", "ping":
                pings = [{"hostname": "ctl", "ping": "UP", "status": 0, "mode": "primary"}]
                return json_reply({"errors": [], "pings": pings})
            case "GET", "diag":
                time = _number(self.clock) if self.modern else self.clock
                return json_reply({"errors": [], "statistics": {"req_time": time}})
            case "GET", "nodes" | "jobs":
                return self._listing(request, what)
            case "GET", "job":
                return self._job(int(rest))
            case _:
                return self._change(request, what, rest)

    def _listing(self, request: Request, what: str) -> Reply:
        if int(request.params.get("update_time", "0")) > self.changed:
            return Reply(304)
        things = list(self.nodes.values()) if what == "nodes" else list(self.jobs.values())
        if self.modern:
            things = [node_40(t) if what == "nodes" else job_40(t) for t in things]
        return json_reply({"meta": {}, "errors": [], what: things})

    def _job(self, number: int) -> Reply:
        if number not in self.jobs:
            error = {"error": "Invalid job id specified", "error_number": 2017}
            return json_reply({"errors": [error], "jobs": []}, 500)
        job = self.jobs[number]
        return json_reply({"errors": [], "jobs": [job_40(job) if self.modern else job]})

    def _change(self, request: Request, what: str, rest: str) -> Reply:
        if self.errors:
            return json_reply({"errors": self.errors}, 500)
        self.touch()
        if request.method == "DELETE" and what == "job":
            self.done.append(f"cancel {rest}")
            self.jobs[int(rest)].update(job_state="CANCELLED", end_time=self.clock, exit_code=15)
            return json_reply({"errors": []})
        if request.method == "POST" and rest == "submit":
            return self._submit(request)
        if request.method == "POST" and what == "node" and self.modern:
            self.done.append(f"{request.json['state'][0].lower()} {rest}")
            self.nodes[rest].update(state_flags=request.json["state"], reason=request.json.get("reason", ""))
            return json_reply({"errors": []})
        return Reply(405, b"method not allowed", "text/plain")

    def _submit(self, request: Request) -> Reply:
        wanted = request.json["job"]
        number = max(self.jobs, default=0) + 1
        self.submitted.append(request.json)
        self.done.append(f"submit {wanted['name']}")
        copied = {key: wanted[key] for key in ("name", "comment") if key in wanted}
        self.jobs[number] = job_38(number, **copied, features=wanted.get("constraints", ""))
        return json_reply({"errors": [], "job_id": number, "step_id": "BATCH"})
