"""What makes a website an app: manifest, service worker, offline page, language, style guide."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate, get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from core import language, serviceworker
from core.access import allow

_PAPER = "#f8f6f1"


@allow("anyone")
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app to the phone that installs it, in the reader's language."""
    body = {
        "id": "/",
        "name": _("Tomoni"),
        "short_name": _("Tomoni"),
        "description": _("One team, learning and selling together."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": [
            {"src": static("core/img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(name, size, "any") for name, size in (("icon-192", 192), ("icon-512", 512))),
            _icon("icon-maskable-512", 512, "maskable"),
        ],
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = "private, max-age=3600"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"core/img/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _worker_etag(request: HttpRequest) -> str | None:
    try:
        return f'"{serviceworker.fingerprint()}"'
    except LookupError:
        return None


@allow("anyone")
@require_safe
@condition(etag_func=_worker_etag)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker, at the root so that it may answer for every page."""
    try:
        text = serviceworker.body()
    except LookupError:
        raise Http404 from None
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


@allow("anyone")
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that a phone keeps for the time without a network; it names nobody."""
    nobody: dict[str, Any] = {"person": None, "nav_items": [], "notice_count": 0}
    return render(request, "offline.html", nobody)


@allow("anyone")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language, and go back to where they were on this site."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(_way_back(request))
    if code not in dict(settings.LANGUAGES):
        return response
    language.chosen(request, code)
    activate(code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return "/"


@allow("anyone")
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; not in production."""
    if not (settings.DEBUG or settings.EMBEDDED or settings.TESTING):
        raise Http404
    return render(request, "core/styleguide.html")
