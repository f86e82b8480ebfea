"""Signs of life for whoever watches Tomoni: `/healthz` for the process, `/readyz` for all it needs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import health
from core.access import allow
from core.views.who import someone


@allow("anyone")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 `ok` as long as this process answers at all; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@allow("anyone")
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if everything is there, else 503, with what was found as JSON.

    `{"ready": bool, "checks": {name: bool}}`; who runs Tomoni also gets `details` {name: text}.
    """
    found = health.checks()
    ready = all(check.ok for check in found)
    body: dict[str, object] = {"ready": ready, "checks": {check.name: check.ok for check in found}}
    if _may_see_details(request):
        body["details"] = {check.name: check.detail for check in found}
    return JsonResponse(body, status=200 if ready else 503)


def _may_see_details(request: HttpRequest) -> bool:
    if settings.EMBEDDED or settings.TESTING:
        return True
    person = someone(request)
    if person is not None:
        return person.of_client and "admin" in person.roles
    # A proxy on this machine names the asker it speaks for.
    is_local = request.META.get("REMOTE_ADDR", "") in {"127.0.0.1", "::1"}
    return is_local and "X-Forwarded-For" not in request.headers
