"""Doors of tokens, for the client's administrators."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access import allow
from partners.apitokens import actions, queries
from partners.apitokens.forms import TokenForm
from partners.apitokens.models import Token
from partners.problems import Problem
from partners.requests import PersonRequest
from partners.views.pages import mend, page


def _admin(request: PersonRequest) -> None:
    """Raise Http404 for others than the client's administrators."""
    if not request.person.of_client:
        raise Http404


@allow("admin")
@require_safe
def tokens(request: PersonRequest) -> HttpResponse:
    """List tokens: what for, for whom, what they may do, when they were last used."""
    _admin(request)
    listed = queries.page(request.person, request.GET.get("page"))
    return page(request, "apitokens/tokens.html", {"page": listed})


@allow("admin")
@never_cache
def new_token(request: PersonRequest) -> HttpResponse:
    """Make a token; the page that follows shows its secret, once."""
    _admin(request)
    form = TokenForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid.uuid4(), "days": 90},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_token(actor=request.person, **form.cleaned_data)
        except Problem as problem:
            mend(form, problem)
        else:
            if made is not None:
                context = {"token": made[0], "secret": str(made[1])}
                return page(request, "apitokens/made.html", context)
            messages.info(
                request, _("This token has been made already; its secret was shown once.")
            )
            return redirect("apitokens:tokens")
    return page(request, "apitokens/new.html", {"form": form})


@allow("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_token(request: PersonRequest, token_id: uuid.UUID) -> HttpResponse:
    """Ask whether to take a token back, and do it."""
    _admin(request)
    try:
        token = queries.token(request.person, token_id)
    except Token.DoesNotExist:
        raise Http404 from None
    if request.method != "POST":
        return page(request, "apitokens/revoke.html", {"token": token})
    actions.revoke_token(actor=request.person, token_id=token.pk)
    messages.success(request, _("Taken back. It opens nothing any more."))
    return redirect("apitokens:tokens")
