"""Prints docs/triage.md from the tables of triage."""

from collections.abc import Iterable

from warroom.response.triage.own_rules import COUNTS, SIGNS
from warroom.response.triage.table import RULES
from warroom.response.triage.xids import APPLICATION, HARDWARE

PAGE = """\
# Triage

Rules look at what is known of the cluster each second and come to *findings*: a title, how sure the rule is, the facts
it rests on with their times, what would refute it, a severity where it says something about one, what it is about,
and what could be done. A finding is raised once it held for two looks in a row, updated when its title, confidence,
severity or targets changed for good, and withdrawn, with the reason, when it no longer holds. **Nothing acts by
itself.** Rules look at facts alone: no rule knows the name of a cluster.

The time of a fact is when it happened, or, of what goes on, when it was measured or seen; such a fact says since when
it is so. The number is the event in the record. The facts of all standing findings are taken again together, in one
event, every ten seconds while their words change and every half minute while they do not.

This page is printed from the table of rules by `warroom.response.triage.page`.

## Rules

| rule | when it speaks |
|---|---|
{rules}

## Severity

All or nearly all requests fail, or all services are down: SEV1. Half or more, or a critical service of which no
instance is left: SEV2. Some requests fail, or a workload is down: SEV3. Only slow, or fewer instances than wanted:
SEV4. Where requests are measured and none fail, a service that is down is SEV3 at most. A service that was stopped
from the room counts as down until something answers for it. What is found worse than the incident was declared says
so, in the finding, on the response board and in the brief.

## GPU errors (Xid)

| number | meaning | what is done | whose |
|---|---|---|---|
{xids}

## Rules of one's own

A rule of one's own is a table in a TOML file in the folder `rules` beside the config file
(`~/.config/warroom/rules/*.toml`); all of its conditions must hold:

```toml
[rule.hot-aisle]
title = "The cold aisle is warm"
severity = "SEV3"
advice = "call the data centre"
runbook = "node-failure"

[[rule.hot-aisle.when]]
metric = "gpu_temperature"     # a watched figure; or count, sign or alert
above = 80.0                   # or below
for_s = 60
```

| condition | keys |
|---|---|
| a figure | `metric`, `above` or `below`, `for_s` |
| a number | `count`: {counts}; `above` or `below`, `for_s` |
| a sign in the logs | `sign`: {signs}; `detail` (such as an Xid), `words` that must all stand in the line, `within_s` |
| an alert that fires | `alert`: its name, `for_s` |

A mistake costs only its own rule: the room starts with the others and says so in one sentence with file, table and key.
"""


def page() -> str:
    """docs/triage.md."""
    rules = "\n".join(f"| `{r.id}` | {r.doc} |" for r in RULES)
    every = [(n, x, "GPU") for n, x in HARDWARE.items()] + [(n, x, "program") for n, x in APPLICATION.items()]
    every.sort(key=lambda row: int(row[0]))
    xids = "\n".join(f"| {n} | {x.meaning} | {x.advice} | {whose} |" for n, x, whose in every)
    return PAGE.format(rules=rules, xids=xids, counts=_listed(COUNTS), signs=_listed(SIGNS))


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
