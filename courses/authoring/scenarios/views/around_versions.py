"""What was published before: the list, one version with what it changed, and taking the draft back to it."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.authoring.doors import authors
from courses.authoring.queries.drafts import names
from courses.authoring.scenarios import comparing, told
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.authoring.scenarios.views.around_file import as_file
from courses.scenarios import frozen, queries, reading
from courses.scenarios.actions.drafting import ConflictError, restore
from courses.scenarios.document import Document
from courses.scenarios.models import Proof, ScenarioVersion, Withdrawal
from partners.requests import PersonRequest


@authors
@never_cache
@require_safe
def versions(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """List what was published, the newest first."""
    drafted = draft_or_404(request, scenario_id)
    rows = queries.versions(scenario_id)
    called = names(each.published_by for each in rows)
    entries = [(each, called.get(each.published_by, "")) for each in rows]
    return shown(request, "versions", drafted, {"entries": entries})


@authors
@never_cache
@require_safe
def version(request: PersonRequest, scenario_id: uuid.UUID, number: int) -> HttpResponse:
    """Show one version: what it changed then, or (`?with=now`) what is different in the draft today."""
    drafted = draft_or_404(request, scenario_id)
    found = _version_or_404(scenario_id, number)
    document = frozen.played(found.pk).document
    with_now = request.GET.get("with") == "now"
    before = None if with_now else _before(scenario_id, number)
    groups = (
        comparing.between(document, drafted.document)
        if with_now
        else comparing.between(before or Document(), document)
    )
    proof = Proof.objects.filter(version=found).first()
    called = names([found.published_by])
    context = {
        "version": found,
        "author": called.get(found.published_by, ""),
        "withdrawal": Withdrawal.objects.filter(version=found).first(),
        "groups": groups,
        "is_first": before is None and not with_now,
        "with_now": with_now,
        "is_current": found.doc_sha256 == drafted.draft.doc_sha256,
        "is_played": found.pk == drafted.scenario.version_id,
        "proven": told.proven(document, proof) if proof else None,
    }
    return shown(request, "version", drafted, context)


@authors
@require_POST
def restore_version(request: PersonRequest, scenario_id: uuid.UUID, number: int) -> HttpResponse:
    """Make the draft say again what a version says; it can be undone as any edit."""
    drafted = draft_or_404(request, scenario_id)
    _version_or_404(scenario_id, number)
    base = request.POST.get("base", "")
    try:
        saved = restore(
            scenario_id=drafted.scenario.pk,
            base=int(base) if base.isdecimal() and len(base) < 10 else -1,
            number=number,
            by=request.person.pk,
        )
    except ConflictError:
        messages.warning(
            request,
            _("The draft was changed meanwhile. Nothing was taken back; please look once more."),
        )
        return redirect("scenario_desk:version", scenario_id, number)
    if saved.changed:
        said = {"number": number}
        messages.success(
            request,
            _("The draft says what version %(number)d says. “Undo” takes that back.") % said,
        )
    else:
        messages.success(request, _("The draft says this already."))
    return redirect("scenario_desk:desk", scenario_id)


@authors
@require_safe
def save_version(request: PersonRequest, scenario_id: uuid.UUID, number: int) -> HttpResponse:
    """Hand out a version as a file."""
    draft_or_404(request, scenario_id)
    found = _version_or_404(scenario_id, number)
    return as_file(frozen.played(found.pk).document, f" v{number}")


def _version_or_404(scenario_id: uuid.UUID, number: int) -> ScenarioVersion:
    found = (
        ScenarioVersion.objects.filter(scenario_id=scenario_id, number=number)
        .defer("document")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _before(scenario_id: uuid.UUID, number: int) -> Document | None:
    raw = (
        ScenarioVersion.objects.filter(scenario_id=scenario_id, number__lt=number)
        .order_by("-number")
        .values_list("document", flat=True)
        .first()
    )
    return reading.parse(raw) if raw is not None else None
