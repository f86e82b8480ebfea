"""The author's side of asking an ace: make a link, see what came of it, take it back."""

import uuid
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.authoring.doors import authors
from courses.authoring.queries.drafts import names
from courses.authoring.scenarios import aces, naming_aces
from courses.authoring.scenarios.around_forms import AskForm
from courses.authoring.scenarios.fields import change
from courses.authoring.scenarios.models import VALID, AceLink
from courses.authoring.scenarios.naming import Names, short
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.scenarios.actions import drafting
from courses.scenarios.actions.drafting import ConflictError
from courses.scenarios.document import Document, Explanation
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest

_MOST = 100


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """List the links of a scenario and make one; its address is shown this once."""
    drafted = draft_or_404(request, scenario_id)
    form = AskForm(request.POST or None, initial={"about": request.GET.get("about", "")})
    form.fields["about"].choices = list(_moments(drafted.document).items())  # type: ignore[attr-defined]
    people = [("", _("Nobody of the list")), *naming_aces.options(request.person)]
    form.fields["person"].choices = people  # type: ignore[attr-defined]
    address = ""
    if request.method == "POST" and form.is_valid():
        secret = _asked(request, drafted, form)
        address = settings.PUBLIC_URL + reverse("scenario_desk:ace", args=[secret])
    rows = list(
        AceLink.objects.visible_to(request.person)
        .filter(scenario_id=scenario_id)
        .order_by("-made_at")[:_MOST]
    )
    called, moments = names(each.made_by for each in rows), _moments(drafted.document)
    entries = [
        (each, moments.get(each.about, _("gone")), called.get(each.made_by, "")) for each in rows
    ]
    context = {"form": form, "entries": entries, "address": address, "days": VALID.days}
    return shown(request, "aces", drafted, context)


def _asked(request: PersonRequest, drafted: Drafted, form: AskForm) -> str:
    """Make a link, and let the explanation be that of who was picked. Returns the link's secret."""
    about, picked = form.cleaned_data["about"], form.cleaned_data["person"]
    sent = {f"why:{about}:ace": [picked]} if picked else {}
    fields = naming_aces.with_names(request.person, drafted.document, sent)
    name = (fields.get(f"why:{about}:name") or [form.cleaned_data["name"]])[-1]
    now = drafted.document.explanations.get(about, Explanation())
    _link, secret = aces.ask(
        scenario_id=drafted.scenario.pk,
        document=drafted.document,
        about=about,
        name=name or now.name,
        by=request.person.pk,
    )
    if fields:
        with suppress(ConflictError):  # somebody writes there just now, and may pick as well
            drafting.edit(
                scenario_id=drafted.scenario.pk,
                base=drafted.draft.revision,
                change=change(fields),
                by=request.person.pk,
                op="explain",
            )
    return secret


def _moments(document: Document) -> dict[str, str]:
    """Return what can be explained, by key: choices with their words, scenes."""
    called = Names(document)
    found: dict[str, str] = {}
    for scene in document.scenes:
        found[scene.key] = called.scene(scene.key)
        for choice in scene.choices:
            place = called.place(scene.key, choice.key)
            found[choice.key] = f"{place}: {short(choice.text, 50)}"
    return found


@authors
@require_POST
def revoke(request: PersonRequest, scenario_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Let a link open nothing any more."""
    found = (
        AceLink.objects.visible_to(request.person)
        .filter(pk=link_id, scenario_id=scenario_id)
        .first()
    )
    if found is None:
        raise Http404
    aces.revoke(link=found, by=request.person.pk)
    messages.success(request, _("The link opens nothing any more. What was written stays."))
    return redirect("scenario_desk:aces", scenario_id)
