"""Doors of webhooks, for the client's admins."""

import datetime as dt
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allow
from core.views.who import operator
from partners.problems import Problem
from partners.requests import PersonRequest
from partners.views.pages import mend, page
from partners.webhooks import kinds, queries
from partners.webhooks.actions import announcing, redelivering
from partners.webhooks.actions import endpoints as writes
from partners.webhooks.forms import EndpointForm, LogForm, SinceForm
from partners.webhooks.models import Endpoint, Sending

_STATES: dict[str, writes.Chosen] = {
    "active": "active",
    "paused": "paused",
    "archived": "archived",
}


def _endpoint(request: PersonRequest, endpoint_id: uuid.UUID) -> Endpoint:
    operator(request)
    try:
        return queries.endpoint(request.person, endpoint_id)
    except Endpoint.DoesNotExist:
        raise Http404 from None


def _sending(request: PersonRequest, sending_id: uuid.UUID) -> Sending:
    operator(request)
    try:
        return queries.sending(request.person, sending_id)
    except Sending.DoesNotExist:
        raise Http404 from None


@allow("admin")
@never_cache
@require_safe
def endpoints(request: PersonRequest) -> HttpResponse:
    """List the endpoints, each with how it was in the last days."""
    operator(request)
    archived = request.GET.get("view") == "archived"
    context = {
        "page": queries.endpoints_page(request.person, request.GET.get("page"), archived=archived),
        "archived": archived,
        "has_archived": queries.has_archived(request.person),
        "days": queries.HEALTH_DAYS,
    }
    return page(request, "webhooks/endpoints.html", context)


@allow("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """Add an endpoint."""
    operator(request)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = writes.add_endpoint(actor=request.person, **form.cleaned_data)
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(
                request, _("Added. Next, enter its secret over there and send a test.")
            )
            return redirect("webhooks:secret", row.pk)
    return page(request, "webhooks/form.html", {"form": form})


@allow("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Change an endpoint's name, address and kinds."""
    row = _endpoint(request, endpoint_id)
    form = EndpointForm(request.POST or None, initial=EndpointForm.of(row))
    if request.method == "POST" and form.is_valid():
        try:
            writes.edit_endpoint(actor=request.person, endpoint_id=row.pk, **form.cleaned_data)
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhooks:endpoint", row.pk)
    return page(request, "webhooks/form.html", {"form": form, "endpoint": row})


@allow("admin")
@never_cache
@require_safe
def endpoint(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Show an endpoint: how it is, and what was sent to it. Filters are in the address."""
    row = _endpoint(request, endpoint_id)
    form = LogForm(request.GET)
    wanted = form.wanted()
    yesterday = timezone.localtime() - dt.timedelta(days=1)
    context = {
        "endpoint": row,
        "health": queries.health([row.pk]).get(row.pk, queries.Health()),
        "days": queries.HEALTH_DAYS,
        "tested": queries.last_test(row),
        "hears": [kinds.label_of(kind) for kind in row.kinds],
        "form": form,
        "active": sum(bool(each) for each in (wanted.state, wanted.kind)),
        "has_failed": row.state in {"active", "paused"} and queries.has_failed(row),
        "page": queries.log_page(row, wanted, request.GET.get("page")),
        "since": SinceForm(initial={"since": yesterday}),
    }
    return page(request, "webhooks/endpoint.html", context)


@allow("admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def secret(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Show the secret of an endpoint to whoever came for it; replace it when sent."""
    row = _endpoint(request, endpoint_id)
    if request.method == "POST":
        writes.rotate_secret(actor=request.person, endpoint_id=row.pk)
        messages.success(
            request, _("Here is the new secret. The old one is good for another 24 hours.")
        )
        return redirect("webhooks:secret", row.pk)
    is_rotating = bool(row.old_secret_until and row.old_secret_until > timezone.now())
    return page(request, "webhooks/secret.html", {"endpoint": row, "is_rotating": is_rotating})


@allow("admin")
@require_POST
def switch(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Switch an endpoint on, pause or archive it."""
    row = _endpoint(request, endpoint_id)
    state = _STATES.get(request.POST.get("state", ""))
    if state is None:
        raise Http404
    said = {
        "active": _("“%(name)s” is on. What was waiting goes out now."),
        "paused": _("“%(name)s” is paused. What happens meanwhile waits for it."),
        "archived": _("“%(name)s” is archived. Nothing is kept for it any more."),
    }
    if writes.set_state(actor=request.person, endpoint_id=row.pk, state=state):
        messages.success(request, said[state] % {"name": row.name})
    return redirect("webhooks:endpoint", row.pk)


@allow("admin")
@require_POST
def test(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Send a test message."""
    row = _endpoint(request, endpoint_id)
    try:
        sending = announcing.send_test(actor=request.person, endpoint_id=row.pk)
    except Problem as problem:
        messages.error(request, str(problem.message))
        return redirect("webhooks:endpoint", row.pk)
    messages.success(request, _("The test is on its way. This page shows what comes of it."))
    return redirect("webhooks:message", sending.pk)


@allow("admin")
@require_POST
def redeliver_failed(request: PersonRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Send again what failed since a moment."""
    row = _endpoint(request, endpoint_id)
    form = SinceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say since when, as a date with a time."))
        return redirect("webhooks:endpoint", row.pk)
    try:
        count = redelivering.redeliver_failed(
            actor=request.person, endpoint_id=row.pk, since=form.cleaned_data["since"]
        )
    except Problem as problem:
        messages.error(request, str(problem.message))
    else:
        said = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", count)
        messages.success(request, said % {"n": count} if count else _("Nothing had failed."))
    return redirect("webhooks:endpoint", row.pk)


@allow("admin")
@never_cache
@require_safe
def message(request: PersonRequest, sending_id: uuid.UUID) -> HttpResponse:
    """Show one message: what went out, and what each try brought (htmx: the tries alone)."""
    row = _sending(request, sending_id)
    tries = queries.tries(row)
    is_test = row.message.kind == kinds.TEST and row.state != Sending.State.WAITING
    context: dict[str, Any] = {
        "sending": row,
        "tested": queries.Tested(row, next(iter(tries), None)) if is_test else None,
        "payload": json.dumps(json.loads(row.message.body), ensure_ascii=False, indent=2),
        "kind": kinds.label_of(row.message.kind),
        "tries": tries,
    }
    part = request.headers.get("HX-Request")
    return page(request, "webhooks/_tries.html" if part else "webhooks/message.html", context)


@allow("admin")
@require_POST
def redeliver(request: PersonRequest, sending_id: uuid.UUID) -> HttpResponse:
    """Send one message again."""
    row = _sending(request, sending_id)
    try:
        changed = redelivering.redeliver(actor=request.person, sending_id=row.pk)
    except Problem as problem:
        messages.error(request, str(problem.message))
    else:
        said = _("It's being sent again.") if changed else _("It is on its way already.")
        messages.success(request, said)
    return redirect("webhooks:message", row.pk)
