"""A Prometheus without a database: answers instant and range queries from a few figures."""

import re
from collections.abc import Callable
from statistics import fmean
from typing import Any

from warroom.testing.wire import Reply, Request, Wire, json_reply

NOW = 1_772_460_000.0
WORD = re.compile(r"[a-z_][a-z0-9_]*")
WHOLE = re.compile(r"(max|sum|avg)\((?!timestamp)")
FOLDS: dict[str, Callable[[list[float]], float]] = {"max": max, "sum": sum, "avg": fmean}


class FakePrometheus(Wire):
    """One server; ``values`` holds a figure for each metric and node."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, dict[str, str]] = {
            "request_latency_p99": {"gpu01": "0.12", "gpu02": "0.15"},
            "gpu_utilization": {"gpu01": "60", "gpu02": "80"},
            "gpu_temperature": {"gpu01": "55", "gpu02": "61"},
        }
        self.clock = NOW
        self.sample_age = 1.0
        self.warnings: list[str] = []
        self.token = ""
        self.knows_timeout = True

    def answer(self, request: Request) -> Reply:
        """As Prometheus does it."""
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, b"Unauthorized", "text/plain")
        self.clock += 5
        form = request.form
        if "timeout" in form and not self.knows_timeout:
            return _bad('unknown parameter "timeout"')
        if request.path == "/api/v1/query":
            return self._answer("vector", form["query"], {"value": None})
        if request.path == "/api/v1/query_range":
            return self._range(form)
        return Reply(404, b"404 page not found", "text/plain")

    def _range(self, form: dict[str, str]) -> Reply:
        start, end, step = (float(form[key]) for key in ("start", "end", "step"))
        if end < start:
            return _bad('invalid parameter "end": end timestamp must not be before start time')
        if (end - start) / step > 11_000:
            return _bad("exceeded maximum resolution of 11,000 points per timeseries.")
        times = [start + step * place for place in range(int((end - start) / step) + 1)]
        return self._answer("matrix", form["query"], {"values": times})

    def _answer(self, kind: str, query: str, what: dict[str, Any]) -> Reply:
        if "{" in query and "}" not in query:
            return _bad('invalid parameter "query": 1:17: parse error: unexpected end of input inside braces')
        metric = next((word for word in WORD.findall(query) if word in self.values), "")
        figures = self.values.get(metric, {})
        if "timestamp(" in query:
            figures = {"": str(self.clock - self.sample_age)} if figures else {}
        rows = [(_labels(query, metric, node), value) for node, value in figures.items()]
        if rows and (fold := WHOLE.match(query)):
            rows = [({}, f"{FOLDS[fold[1]]([float(value) for _, value in rows]):g}")]
        result = []
        for labels, value in rows:
            if "value" in what:
                result.append({"metric": labels, "value": [self.clock, value]})
            else:
                result.append({"metric": labels, "values": [[time, value] for time in what["values"]]})
        answer = {"status": "success", "data": {"resultType": kind, "result": result}}
        return json_reply({**answer, **({"warnings": self.warnings} if self.warnings else {})})


def _labels(query: str, metric: str, node: str) -> dict[str, str]:
    """A bare selector keeps every label; what is computed loses the name, and ``by`` all but one."""
    if "timestamp(" in query:
        return {}
    if " by (instance)" in query:
        return {"instance": node}
    name = {"__name__": metric} if query == metric else {}
    return {**name, "instance": node, "job": "gpu"}


def _bad(error: str) -> Reply:
    return json_reply({"status": "error", "errorType": "bad_data", "error": error}, 400)
