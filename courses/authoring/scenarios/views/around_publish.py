"""The page from which a scenario is published, and the door by which a harmful version is taken back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access import allow
from courses.authoring.doors import authors
from courses.authoring.scenarios import comparing, prospect, told
from courses.authoring.scenarios.around_forms import PublishForm, WithdrawForm, with_base
from courses.authoring.scenarios.taking_back import take_back
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.progress.publishing import is_published
from courses.scenarios import frozen
from courses.scenarios.actions import publishing
from courses.scenarios.actions.drafting import ConflictError
from courses.scenarios.actions.publishing import NotPublishableError
from courses.scenarios.models import Proof, Run, ScenarioVersion, Withdrawal
from courses.scenarios.queries import Drafted
from courses.scenarios.validator import Report
from partners.requests import PersonRequest


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Show what publishing the draft means, and publish it."""
    drafted = draft_or_404(request, scenario_id)
    if request.method != "POST":
        form = PublishForm(initial={"base": drafted.draft.revision})
        return _show(request, drafted, form)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            published = publishing.publish(
                scenario_id=scenario_id,
                by=request.person.pk,
                note=form.cleaned_data["note"],
                base=form.cleaned_data["base"],
            )
        except ConflictError:
            form.add_error(None, _("The draft was changed meanwhile. Please look at it once more."))
        except NotPublishableError as error:
            form.add_error(None, _("Something has to be mended first; see below."))
            return _show(request, draft_or_404(request, scenario_id), form, error.report)
        else:
            number = {"number": published.version.number}
            messages.success(
                request,
                _("Version %(number)d is published.") % number
                if published.changed
                else _("Nothing has changed since version %(number)d; it is played already.")
                % number,
            )
            return redirect("scenario_desk:publish", scenario_id)
    return _show(request, draft_or_404(request, scenario_id), form)


def _show(
    request: PersonRequest, drafted: Drafted, form: PublishForm, report: Report | None = None
) -> HttpResponse:
    scenario, document = drafted.scenario, drafted.document
    published = frozen.played(scenario.version_id).document if scenario.version_id else None
    proof = Proof.objects.filter(version_id=scenario.version_id).first() if published else None
    context = {
        "form": with_base(form, drafted.draft.revision),
        **told.both(document, report or drafted.report),
        "prospect": prospect.of(scenario, document)
        if published and not drafted.is_published and not drafted.report.errors
        else None,
        "groups": comparing.between(published, document) if published else [],
        "proven": told.proven(published, proof) if published and proof else None,
        "harmful": None if drafted.is_published else _same_as_harmful(drafted),
        "module_waits": _module_waits(drafted),
    }
    return shown(request, "publish", drafted, context)


def _module_waits(drafted: Drafted) -> bool:
    """Say whether the module has something to be published, for which the page's form doesn't lead there already."""
    module = drafted.scenario.module
    if module.version_id is None:
        return not drafted.is_published
    return not is_published(module, list(module.blocks.all()))


def _same_as_harmful(drafted: Drafted) -> Withdrawal | None:
    """Return why a version that said the same as the draft was taken back, if one was. One query."""
    said = {"version__doc_sha256": drafted.draft.doc_sha256, "version__scenario": drafted.scenario}
    rows = Withdrawal.objects.filter(**said).select_related("version").defer("version__document")
    return rows.order_by("-version__number").first()


@allow("admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, scenario_id: uuid.UUID, number: int) -> HttpResponse:
    """Take a version back because it teaches something harmful: say first what that does, and to how many."""
    if not request.person.of_client:
        raise Http404
    drafted = draft_or_404(request, scenario_id)
    version = (
        ScenarioVersion.objects.filter(scenario_id=scenario_id, number=number)
        .defer("document")
        .first()
    )
    if version is None:
        raise Http404
    if Withdrawal.objects.filter(version=version).exists():
        return redirect("scenario_desk:version", scenario_id, number)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ending = take_back(
            actor=request.person,
            scenario=drafted.scenario,
            version=version,
            reason=form.cleaned_data["reason"],
        )
        words = ngettext(
            "Version %(number)d is taken back. %(n)d run ends with it.",
            "Version %(number)d is taken back. %(n)d runs end with it.",
            ending,
        )
        if not ending:
            words = _("Version %(number)d is taken back. Nobody was in the middle of it.")
        messages.success(request, words % {"number": number, "n": ending})
        return redirect("scenario_desk:version", scenario_id, number)
    runs = Run.objects.filter(version=version, state=Run.State.OPEN).count()
    next_best = (
        ScenarioVersion.objects.filter(scenario_id=scenario_id, withdrawal__isnull=True)
        .exclude(pk=version.pk)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    context = {"form": form, "version": version, "runs": runs, "next_best": next_best}
    return shown(request, "withdraw", drafted, context)
