"""The door of a new installation: client, first administrator, first partner."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache

from core.access import allow
from partners import firststeps, guessing
from partners.actions import setup as writes
from partners.forms.entering import SetupForm
from partners.problems import Problem
from partners.queries.client import client
from partners.requests import PersonRequest
from partners.views.pages import mend, page, welcome


@allow("anyone")
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Set the installation up, once. Afterwards this address doesn't exist."""
    if client() is not None:
        raise Http404
    if not _may(request):
        locked = {"has_token": bool(_token()), "wrong": bool(_given(request))}
        return page(request, "partners/setup_locked.html", locked)
    sent = request.method == "POST" and "unlock" not in request.POST
    form = SetupForm(
        request.POST if sent else None, initial={"language": translation.get_language()}
    )
    if sent and form.is_valid():
        try:
            account = writes.set_up(beginning=form.beginning())
        except writes.AlreadyBegun:
            return redirect("account_login")
        except Problem as problem:
            mend(form, problem)
        else:
            return welcome(request, account, resolve_url("partners:first_steps"))
    return page(request, "partners/setup.html", {"form": form, "token": _given(request)})


def _token() -> str:
    return str(getattr(settings, "SETUP_TOKEN", ""))


def _may(request: HttpRequest) -> bool:
    """Embedded, whoever sees the page set it up; elsewhere only who knows the token."""
    if settings.EMBEDDED or settings.TESTING:
        return True
    given = _given(request)
    if not given or not _token() or not guessing.secret(request).allowed:
        return False
    return constant_time_compare(given, _token())


def _given(request: HttpRequest) -> str:
    return request.POST.get("token") or request.GET.get("token") or ""


@allow("admin")
def first_steps(request: PersonRequest) -> HttpResponse:
    """Show what a new client does first, and what of it is done."""
    steps = firststeps.steps(request.person)
    context = {"steps": steps, "left": firststeps.left(steps)}
    return page(request, "partners/first_steps.html", context)
