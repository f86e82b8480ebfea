"""What scripts ask about pictures and videos: how far one is, and which there are."""

import uuid

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import allow
from core.mediafiles import queries, shown
from core.models import Asset
from core.views.library import owner_of
from core.views.who import person_of

_MOST = 40


@allow("author", "admin", "ace")
@never_cache
@require_safe
def asset(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Tell of one asset of the person's library: state, progress, addresses. 404 for others'."""
    person = person_of(request)
    found = get_object_or_404(queries.assets(owner_of(person)), pk=pk)
    return JsonResponse(shown.asset(found, person.pk))


@allow("author", "admin", "ace")
@never_cache
@require_safe
def assets(request: HttpRequest) -> JsonResponse:
    """Find assets of the person's library: `q` words, `kind` image or video. The newest 40."""
    person = person_of(request)
    kind = request.GET.get("kind", "")
    found = queries.search(
        organisation_id=owner_of(person),
        person_id=person.pk,
        words=request.GET.get("q", "")[:80].replace("\x00", ""),
        kind=kind if kind in Asset.Kind.values else "",
    )
    return JsonResponse({"assets": shown.assets(found[:_MOST], person.pk)})
