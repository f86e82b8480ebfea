"""Writes of versions: publishing what the draft says, taking back what is harmful, proving that all runs end."""

import dataclasses
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import scope
from core.outbox import publish as tell
from courses.scenarios import frozen, queries, states, writing
from courses.scenarios.actions import keeping
from courses.scenarios.actions.drafting import ConflictError, current_of, lock
from courses.scenarios.document import SCHEMA, Document
from courses.scenarios.events import ScenarioPublished, ScenarioWithdrawn
from courses.scenarios.models import Proof, Run, Scenario, ScenarioVersion, Withdrawal
from courses.scenarios.validator import Report
from partners.problems import Problem

ENDED_AT_ONCE = 200
"""How many runs end while the administrator waits: about a second."""


class NotPublishableError(Exception):
    """The draft has errors; `report` says which."""

    def __init__(self, report: Report) -> None:
        super().__init__(", ".join(each.code for each in report.errors))
        self.report = report


@dataclasses.dataclass(frozen=True)
class Published:
    """What a publication did. `changed` is False where the draft equalled the published version."""

    version: ScenarioVersion
    changed: bool
    report: Report


@transaction.atomic
def publish(
    *, scenario_id: uuid.UUID, by: uuid.UUID | None, note: str = "", base: int | None = None
) -> Published:
    """Freeze the draft as the next version, with which new runs begin. An unchanged draft publishes nothing.

    Open runs are looked at afterwards (`settling`). Raises NotPublishableError with all errors, and ConflictError where
    the draft no longer stands at the revision `base` that its author saw.
    """
    draft, document = lock(scenario_id)
    if base is not None and base != draft.revision:
        raise ConflictError(current_of(draft, document), frozenset({"order"}))
    scenario = Scenario.objects.select_for_update(no_key=True, of=("self",)).get(pk=scenario_id)
    current = scenario.version
    if current is not None and current.doc_sha256 == draft.doc_sha256:
        return Published(current, False, queries.report(document, scenario.keys))
    report = queries.looked_through(document, scenario.keys)
    if report.errors:
        raise NotPublishableError(report)
    version = _freeze(scenario, document, report, by, note)
    with scope.scoped(scope.CLIENT):
        tell(
            ScenarioPublished(
                scenario_id=scenario.pk,
                module_id=scenario.module_id,
                version_id=version.pk,
                number=version.number,
            )
        )
    return Published(version, True, report)


def publish_first(*, module_id: uuid.UUID, by: uuid.UUID | None) -> bool:
    """See to it that a module's scenario can be played: its draft is published where nothing ever was.

    Returns False where it has errors, or the module has no scenario. So it does where all versions were taken back:
    what somebody found harmful comes back by its own publication only.
    """
    found = Scenario.objects.filter(module_id=module_id).first()
    if found is None or found.version_id is not None:
        return found is not None
    if found.versions.exists():
        return False
    try:
        publish(scenario_id=found.pk, by=by)
    except NotPublishableError:
        return False
    return True


def _freeze(
    scenario: Scenario, document: Document, report: Report, by: uuid.UUID | None, note: str
) -> ScenarioVersion:
    last = scenario.versions.aggregate(last=Max("number"))["last"] or 0
    version = ScenarioVersion.objects.create(
        scenario=scenario,
        number=last + 1,
        schema=SCHEMA,
        document=writing.dump(document),
        doc_sha256=writing.doc_sha256(document),
        graph_sha256=writing.graph_sha256(document),
        report=report.to_json(),
        note=note,
        published_by=by,
    )
    scenario.version = version
    scenario.keys = {**scenario.keys, **document.keys()}
    scenario.save(update_fields=["version", "keys"])
    return version


@transaction.atomic
def withdraw(*, version_id: uuid.UUID, reason: str, by: uuid.UUID) -> int:
    """Take a version back because it teaches something harmful. Returns how many open runs end with it.

    They don't count as attempts. The first `ENDED_AT_ONCE` end here, what is beyond by the news of it, so that no
    request waits for ten thousand. New runs begin with the newest version that was not withdrawn, or not at all. The
    same again changes nothing. Raises Problem without a reason.
    """
    if not reason.strip():
        raise Problem(_("Please write why, for those who were in the middle of it."), "reason")
    version = ScenarioVersion.objects.defer("document").get(pk=version_id)
    scenario = Scenario.objects.select_for_update(no_key=True).get(pk=version.scenario_id)
    _noted, made = Withdrawal.objects.get_or_create(
        version=version, defaults={"reason": reason.strip(), "by": by}
    )
    if not made:
        return 0
    scenario.version = (
        scenario.versions.filter(withdrawal__isnull=True).defer("document").order_by("-number")
    ).first()
    scenario.save(update_fields=["version"])
    with scope.scoped(scope.CLIENT):
        runs = Run.objects.filter(version=version, state=Run.State.OPEN)
        ending = runs.count()
        for run in runs.select_for_update(no_key=True).order_by("pk")[:ENDED_AT_ONCE]:
            keeping.supersede(run, "withdrawn", counts=False)
        tell(ScenarioWithdrawn(scenario_id=scenario.pk, version_id=version.pk))
    return ending


@transaction.atomic
def prove(*, version_id: uuid.UUID) -> Proof:
    """Search through a version's states and play it at random, once; for a worker."""
    known = Proof.objects.filter(version_id=version_id).first()
    if known is not None:
        return known
    document = frozen.played(version_id).document
    search, sample = states.search(document), states.sample(document)
    proof, _made = Proof.objects.get_or_create(
        version_id=version_id,
        defaults={
            "states": search.states,
            "proven": search.proven,
            "findings": [each.to_json() for each in search.findings],
            "sample": sample.to_json(),
        },
    )
    return proof
