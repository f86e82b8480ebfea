"""Reads of scenarios, drafts and runs."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q

from core.models import Asset
from courses.catalog.models import Module
from courses.scenarios import debrief, frozen, reading, scoring, states
from courses.scenarios.debrief import Debrief
from courses.scenarios.document import Document
from courses.scenarios.fold import Event, State
from courses.scenarios.models import Run, RunEvent, Scenario, ScenarioDraft, ScenarioVersion
from courses.scenarios.scoring import Result
from courses.scenarios.validator import File, Finding, Report, validate
from partners.models import Person

SHOWN = {"blocks": [{"kind": "scenario"}]}
"""What the document of a published lesson holds that shows a scenario."""

AT_ONCE = 20_000
"""How many states are searched before publishing; a worker goes on from there."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def to_ms(moment: dt.datetime) -> int:
    """Return a moment as a log counts it."""
    return (moment - _EPOCH) // _MILLISECOND


def of_ms(ms: int) -> dt.datetime:
    """Return the moment of a log's count."""
    return _EPOCH + ms * _MILLISECOND


def files_of(document: Document) -> dict[str, File]:
    """Return what the validator has to know of the files that a scenario names. Two queries, none without files."""
    named = {uuid.UUID(asset) for _, _, asset in document.media()}
    if not named:
        return {}
    return {
        str(asset.pk): File(
            kind=str(asset.kind),
            is_ready=asset.state == Asset.State.READY,
            has_captions=bool(asset.captions.all()),
        )
        for asset in Asset.objects.filter(pk__in=named).prefetch_related("captions")
    }


def report(document: Document, history: Mapping[str, str]) -> Report:
    """Return what the validator says of a scenario with its files. Two queries at most."""
    return validate(document, media=files_of(document), history=history)


def looked_through(document: Document, history: Mapping[str, str]) -> Report:
    """Return what the validator and a first search through the states say: what publishing goes by."""
    found = report(document, history)
    if found.errors:
        return found
    return Report((*found.findings, *states.search(document, AT_ONCE).findings))


@dataclasses.dataclass(frozen=True)
class Unready:
    """A scenario that can't come out with its module: all its versions were taken back, or the draft has errors.

    Where it has none, nobody has written it yet.
    """

    document: Document | None = None
    errors: Sequence[Finding] = ()
    is_taken_back: bool = False


def unready(module_id: uuid.UUID) -> Unready | None:
    """Return what keeps a module's scenario from coming out with it; None where nothing does. Three queries."""
    came_out = Exists(ScenarioVersion.objects.filter(scenario=OuterRef("pk")))
    found: Any = (
        Scenario.objects.filter(module_id=module_id)
        .select_related("draft")
        .annotate(came_out=came_out)
        .first()
    )
    if found is None:
        return Unready()
    if found.version_id is not None:
        return None
    if found.came_out:
        return Unready(is_taken_back=True)
    document = reading.parse(found.draft.document)
    if not document.scenes:
        return Unready()
    errors = looked_through(document, found.keys).errors
    return Unready(document, errors) if errors else None


def changed_since(module_id: uuid.UUID) -> uuid.UUID | None:
    """Return a module's published scenario if its draft says something else by now. One query."""
    return (
        Scenario.objects.filter(module_id=module_id)
        .exclude(version__doc_sha256=F("draft__doc_sha256"))
        .filter(version__isnull=False)
        .values_list("pk", flat=True)
        .first()
    )


def scenario(person: Person, scenario_id: uuid.UUID) -> Scenario | None:
    """Return a scenario with its module and published version; None if this person may not see it. One query."""
    return (
        Scenario.objects.visible_to(person)
        .select_related("module", "version")
        .filter(pk=scenario_id)
        .first()
    )


def of_module(person: Person, module_id: uuid.UUID) -> Scenario | None:
    """Return the published scenario of a module for this person, without its document. One query."""
    return (
        Scenario.objects.filter(version__isnull=False, module_id=module_id)
        .filter(module__in=Module.objects.visible_to(person))
        .select_related("module__version")
        .first()
    )


@dataclasses.dataclass(frozen=True)
class Drafted:
    """A draft as its author meets it."""

    scenario: Scenario
    draft: ScenarioDraft
    document: Document
    report: Report
    is_published: bool


def drafted(person: Person, scenario_id: uuid.UUID) -> Drafted | None:
    """Return the draft of a scenario with what the validator says; None if it isn't theirs. Four queries at most."""
    found = (
        Scenario.objects.visible_to(person)
        .select_related("module", "draft", "version")
        .defer("version__document")
        .filter(pk=scenario_id)
        .first()
    )
    if found is None:
        return None
    document = reading.parse(found.draft.document)
    return Drafted(
        scenario=found,
        draft=found.draft,
        document=document,
        report=report(document, found.keys),
        is_published=found.version is not None
        and found.version.doc_sha256 == found.draft.doc_sha256,
    )


def versions(scenario_id: uuid.UUID) -> list[ScenarioVersion]:
    """Return a scenario's versions without their documents, the newest first. One query."""
    return list(
        ScenarioVersion.objects.filter(scenario_id=scenario_id)
        .select_related("withdrawal", "proof")
        .defer("document")
        .order_by("-number")
    )


def log_of(run_id: uuid.UUID) -> list[Event]:
    """Return a run's log. One query."""
    rows = RunEvent.objects.filter(run_id=run_id).order_by("seq")
    return [
        Event(row.seq, row.kind, row.scene, row.choice, to_ms(row.at), row.data) for row in rows
    ]


def runs_of(person: Person, scenario_id: uuid.UUID) -> list[Run]:
    """Return a person's own runs of a scenario, the newest first. One query."""
    return list(
        Run.objects.visible_to(person).filter(scenario_id=scenario_id).order_by("-started_at")
    )


def run(person: Person, run_id: uuid.UUID) -> Run | None:
    """Return a person's own run with its scenario and module. One query."""
    return (
        Run.objects.visible_to(person)
        .select_related("scenario__module__version")
        .filter(pk=run_id)
        .first()
    )


@dataclasses.dataclass(frozen=True)
class Standing:
    """How far somebody is with a scenario: the first finished run that counts, and the first that was passed."""

    finished_at: dt.datetime | None
    first_score: int | None
    passed_at: dt.datetime | None


def standing(person_id: uuid.UUID, scenario_id: uuid.UUID) -> Standing:
    """Return how far somebody is, computed from all their runs. One query."""
    over = Q(state=Run.State.FINISHED)
    found = Run.objects.filter(person_id=person_id, scenario_id=scenario_id).aggregate(
        finished_at=Min("ended_at", filter=over & Q(is_first=True)),
        first_score=Min("score", filter=over & Q(is_first=True)),
        passed_at=Min("ended_at", filter=over & Q(passed=True)),
    )
    return Standing(**found)


@dataclasses.dataclass(frozen=True)
class Ended:
    """A run that is over, with what is said about it. `result` is None where it came to no ending."""

    run: Run
    document: Document
    state: State
    debrief: Debrief
    result: Result | None


def ended(person: Person, run_id: uuid.UUID) -> Ended | None:
    """Return the debriefing of a person's own run that is over; None for another one. Three queries at most."""
    found = run(person, run_id)
    if found is None or found.state == Run.State.OPEN:
        return None
    version = frozen.played(found.version_id)
    state = State.of_json(found.folded)
    return Ended(
        run=found,
        document=version.document,
        state=state,
        debrief=debrief.of(log_of(found.pk), version.document),
        result=scoring.result(version.document, state, version.attainable),
    )
