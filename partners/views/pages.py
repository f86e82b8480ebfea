"""What the doors of this app share: rendering with forms, and signing somebody in."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from partners import backends, devices
from partners.models import Account
from partners.problems import Problem


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page; 422 if one of its forms has something to mend, so that scripts can tell."""
    bound = [value for value in context.values() if isinstance(value, forms.BaseForm)]
    wrong = request.method == "POST" and any(form.is_bound and form.errors for form in bound)
    return render(request, template, context, status=422 if wrong else 200)


def mend(form: forms.BaseForm, problem: Problem) -> None:
    """Show an action's answer in the form, beside the field that it names if the form has it."""
    field = problem.field if problem.field in form.fields else None
    form.add_error(field, str(problem.message))


def next_url(request: HttpRequest) -> str:
    """Return where the visitor wanted to go, if that is an address of ours, else an empty text."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if fits and wanted.startswith("/") else ""


def welcome(request: HttpRequest, account: Account, to: str = "") -> HttpResponseRedirect:
    """Sign this account in, remember the device, and go on to where the visitor wanted to."""
    login(request, account, backend=backends.path())
    response = HttpResponseRedirect(to or resolve_url("home"))
    devices.remember(request, response, account)
    return response
