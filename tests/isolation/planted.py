"""Doors that leak on purpose, one of each kind: the walk has to find every one of them."""

import csv
import json
import logging
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from core.access import allow
from core.models import OutgoingMail
from core.scope import CLIENT, scoped
from lms.urls import urlpatterns as product
from partners.models import Organisation, Person, Team
from sales.models import Activity
from tests.isolation.samples.values import Sample, Values, form, told


@allow("manager")
def listed(_request: HttpRequest) -> HttpResponse:
    """List without asking who looks."""
    with scoped(CLIENT):
        return HttpResponse(", ".join(Team.objects.values_list("name", flat=True)))


@allow("manager")
def retrieved(_request: HttpRequest, person_id: Any) -> HttpResponse:
    """Show whoever is named."""
    with scoped(CLIENT):
        found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise Http404
    return HttpResponse(found.name)


@allow("manager")
def forbidden(_request: HttpRequest, person_id: Any) -> HttpResponse:
    """Tell by 403 that somebody is there."""
    with scoped(CLIENT):
        found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise Http404
    if found.organisation_id != _request.person.organisation_id:  # type: ignore[attr-defined]
        raise PermissionDenied
    return HttpResponse(found.name)


@allow("manager")
def deleted(_request: HttpRequest, person_id: Any) -> HttpResponse:
    """Change whoever is named, and say the same either way."""
    with scoped(CLIENT):
        Person.objects.filter(pk=person_id).update(is_active=False)
    return HttpResponse("ok")


@allow("manager")
@require_POST
def hung(request: HttpRequest) -> HttpResponse:
    """Hang a row on what the body names."""
    with scoped(CLIENT):
        place = Organisation.objects.filter(pk=request.POST["organisation"]).first()
        if place:
            Team.objects.create(organisation=place, name="新しいチーム")
    return HttpResponse("ok")


@allow("manager")
def exported(_request: HttpRequest) -> HttpResponse:
    """Hand out a file of everybody."""
    response = HttpResponse(content_type="text/csv")
    with scoped(CLIENT):
        csv.writer(response).writerows(Person.objects.values_list("family_name", "email"))
    return response


@allow("manager")
def counted(_request: HttpRequest) -> HttpResponse:
    """Count everybody: no word of anybody, but one more."""
    with scoped(CLIENT):
        return JsonResponse({"people": Person.objects.count()})


@allow("manager")
def searched(request: HttpRequest) -> HttpResponse:
    """Tell whether a word is known anywhere."""
    with scoped(CLIENT):
        found = Person.objects.filter(family_name__contains=request.GET.get("q", "-")).exists()
    return HttpResponse("found" if found else "nothing")


def undeclared(_request: HttpRequest) -> HttpResponse:
    """Say nothing about who may use it."""
    return HttpResponse("ok")


@allow("manager")
@require_POST
def unique(request: HttpRequest) -> HttpResponse:
    """Refuse a name that is taken anywhere."""
    with scoped(CLIENT):
        taken = Team.objects.filter(name=request.POST["name"]).exists()
    return HttpResponse(status=409 if taken else 201)


@allow("manager")
def cached(request: HttpRequest) -> HttpResponse:
    """Keep a page for everybody that was drawn for one."""
    person: Any = request.person  # type: ignore[attr-defined]
    return HttpResponse(cache.get_or_set("planted.page", lambda: person.organisation.name))


@allow("rep")
def unmasked(_request: HttpRequest) -> HttpResponse:
    """Show a colleague's sales to a rep."""
    return JsonResponse({"calls": list(Activity.objects.values_list("count", flat=True))})


@allow("manager")
def assigned(request: HttpRequest) -> HttpResponse:
    """Write every field that is sent."""
    person: Any = request.person  # type: ignore[attr-defined]
    row = Person.objects.get(pk=person.pk)
    for name, value in request.POST.items():
        if name in {"territory", "is_active"}:
            setattr(row, name, value if name == "territory" else bool(value))
    row.save(update_fields=["territory", "is_active"])
    return HttpResponse("ok")


@allow("manager")
def bulk(request: HttpRequest) -> HttpResponse:
    """Change all that are named as soon as one of them is one's own."""
    people = json.loads(request.body)["people"]
    if Person.objects.filter(pk__in=people).exists():
        with scoped(CLIENT):
            Person.objects.filter(pk__in=people).update(territory="全国")
    return HttpResponse("ok")


@allow("manager")
def logged(_request: HttpRequest) -> HttpResponse:
    """Write somebody else's name into the log."""
    with scoped(CLIENT):
        logging.getLogger("planted").warning("%s", list(Team.objects.values_list("name")))
    return HttpResponse("ok")


@allow("manager")
def mailed(request: HttpRequest) -> HttpResponse:
    """Write to one's own address about somebody else."""
    if request.method == "POST":
        with scoped(CLIENT):
            names = " ".join(Organisation.objects.values_list("name", flat=True))
        OutgoingMail.objects.create(
            key="planted", recipient="me@example.com", subject="-", text=names
        )
    return HttpResponse("ok")


@allow("manager")
def broken(request: HttpRequest) -> HttpResponse:
    """Break when a rival is named."""
    return HttpResponse(
        Team.objects.get(pk=request.GET["team"]).name if "team" in request.GET else "ok"
    )


@allow("manager")
def tight(request: HttpRequest) -> HttpResponse:
    """Leak nothing."""
    rows = Team.objects.visible_to(request.person)  # type: ignore[attr-defined]
    return HttpResponse(", ".join(rows.values_list("name", flat=True)))


FOUND_BY = {
    "listed": "canary",
    "retrieved": "canary",
    "forbidden": "deny",
    "deleted": "write",
    "hung": "write",
    "exported": "canary",
    "counted": "interference",
    "searched": "interference",
    "undeclared": "undeclared",
    "unique": "interference",
    "cached": "canary",
    "unmasked": "fields",
    "assigned": "mass",
    "bulk": "write",
    "logged": "canary",
    "mailed": "canary",
    "broken": "deny",
}
"""Which oracle finds each, whatever others do so too."""

_NAMED = {"retrieved", "forbidden", "deleted"}


def _people(v: Values) -> dict[str, Any]:
    return {"people": [str(each) for each in v.many("person_id")]}


SAMPLES: dict[str, Sample] = {
    "planted:deleted": form(lambda _: {}),
    "planted:hung": form(lambda v: {"organisation": v["organisation_id"]}),
    "planted:unique": form(lambda v: {"name": v.word("team", "第9チーム")}),
    "planted:assigned": form(lambda _: {"territory": "関東"}),
    "planted:bulk": told(_people),
    "planted:mailed": form(lambda _: {}),
}

_views = {name: globals()[name] for name in (*FOUND_BY, "tight")}
_own = [
    path(
        f"planted/{name}/<uuid:person_id>/" if name in _NAMED else f"planted/{name}/",
        view,
        name=name,
    )
    for name, view in _views.items()
]
urlpatterns = [*product, path("", include((_own, "planted")))]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
