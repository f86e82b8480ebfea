"""What publishing a draft would mean for the runs that are in the middle: the table of `republishing`, counted."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from courses.scenarios import acts, queries, writing
from courses.scenarios.document import Document
from courses.scenarios.fold import Event
from courses.scenarios.models import Run, RunEvent, Scenario
from courses.scenarios.republishing import Fate, fate

MOST = 300
"""So many open runs are looked at, those that went on last; beyond it the rest is only counted."""


@dataclass(frozen=True)
class Prospect:
    """How many open runs meet which fate. `finished` never change; `rest` weren't looked at."""

    adopted: int = 0
    offered: int = 0
    pinned: int = 0
    superseded: int = 0
    rest: int = 0
    finished: int = 0

    @property
    def open(self) -> int:
        """How many are in the middle."""
        return self.adopted + self.offered + self.pinned + self.superseded + self.rest


def of(scenario: Scenario, document: Document) -> Prospect:
    """Count what publishing this would do. Three queries, whatever the number of runs."""
    states = Run.objects.filter(scenario=scenario).values("state").annotate(n=Count("pk"))
    counts = Counter({each["state"]: each["n"] for each in states.order_by()})
    runs = list(
        Run.objects.filter(scenario=scenario, state=Run.State.OPEN)
        .order_by("-last_at")
        .values_list("pk", "mode", "version__graph_sha256")[:MOST]
    )
    logs: dict[uuid.UUID, list[Event]] = {run: [] for run, _mode, _graph in runs}
    rows = RunEvent.objects.filter(run_id__in=logs).order_by("run_id", "seq")
    for row in rows:
        event = Event(row.seq, row.kind, row.scene, row.choice, queries.to_ms(row.at), row.data)
        logs[row.run_id].append(event)
    graph = writing.graph_sha256(document)
    met = Counter(_met(document, logs[run], mode, graph == of_run) for run, mode, of_run in runs)
    return Prospect(
        adopted=met["adopted"],
        offered=met["offered"],
        pinned=met["pinned"],
        superseded=met["superseded"],
        rest=counts[Run.State.OPEN] - len(runs),
        finished=counts[Run.State.FINISHED],
    )


def _met(document: Document, log: list[Event], mode: str, same_graph: bool) -> str:
    replays = acts.replays(log, document) is not None
    found = fate(
        is_open=True,
        is_exam=mode == Run.Mode.EXAM,
        harmful=False,
        same_graph=same_graph,
        replays=replays,
        since=dt.timedelta(0),
    )
    if not replays:
        return "superseded"
    return {Fate.ADOPT: "adopted", Fate.OFFER: "offered"}.get(found, "pinned")
