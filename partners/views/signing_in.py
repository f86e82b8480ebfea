"""Doors by which people come in: allauth's, in our look and with our limits, and mailed links."""

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from core.access import allow
from partners import devices, guessing
from partners.actions import links
from partners.forms.signing_in import AddressForm, paused
from partners.queries import demo, invitations
from partners.queries.client import client
from partners.views.pages import next_url, page, welcome


class SignInView(allauth.LoginView):  # type: ignore[misc, unused-ignore]
    """Address or log-in name, and password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to set-up while there is nobody who could sign in."""
        if client() is None:
            return redirect("partners:setup")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return, unused-ignore]

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and remember the device and that the guesses before were only slips."""
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            guessing.signed_in(self.request, form.cleaned_data["login"])
            devices.remember(self.request, response, self.request.user)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what to mend; 429 and when to come again while trying is paused, the same for every name."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if form.is_paused else 422
        if form.is_paused:
            response["Retry-After"] = str(form.retry_after)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the page of demo people is there."""
        return {**super().get_context_data(**kwargs), "demo": demo.is_open()}


class _Honest:
    """Answers 422 where a form has something to mend."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what to mend."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class ForgottenView(_Honest, allauth.PasswordResetView):  # type: ignore[misc, unused-ignore]
    """Mails a link for a new password."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Mail it; 429 where too many were asked for, the same for every address."""
        verdict = guessing.mailed_link(self.request, form.cleaned_data["email"])
        if verdict.allowed:
            return super().form_valid(form)  # type: ignore[no-any-return, unused-ignore]
        form.add_error("email", paused(verdict.retry_after))
        response = self.form_invalid(form)
        response.status_code = 429
        return response


class NewPasswordView(_Honest, allauth.PasswordResetFromKeyView):  # type: ignore[misc, unused-ignore]
    """Takes the new password from who holds the mailed link, and signs them in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count the opening, so that a network can't try links out."""
        if not guessing.secret(request).allowed:
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return, unused-ignore]

    def form_valid(self, form: Any) -> HttpResponse:
        """Change the password, sign in, remember the device."""
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            devices.remember(self.request, response, self.request.user)
        return response


@method_decorator(never_cache, name="dispatch")
class ChangePasswordView(_Honest, allauth.PasswordChangeView):  # type: ignore[misc, unused-ignore]
    """Changes the password of somebody signed in; their other sessions end."""

    success_url = reverse_lazy("partners:profile")


@method_decorator(never_cache, name="dispatch")
class FirstPasswordView(_Honest, allauth.PasswordSetView):  # type: ignore[misc, unused-ignore]
    """Gives a password to somebody who signed in by mailed links."""

    success_url = reverse_lazy("partners:profile")


sign_in = allow("anyone")(SignInView.as_view())
sign_out = allow("anyone")(allauth.LogoutView.as_view())
forgotten = allow("anyone")(ForgottenView.as_view())
forgotten_sent = allow("anyone")(allauth.PasswordResetDoneView.as_view())
new_password = allow("anyone")(NewPasswordView.as_view())
new_password_set = allow("anyone")(allauth.PasswordResetFromKeyDoneView.as_view())
change_password = allow("person")(ChangePasswordView.as_view())
first_password = allow("person")(FirstPasswordView.as_view())


@allow("anyone")
@never_cache
def mail_link(request: HttpRequest) -> HttpResponse:
    """Mail a sign-in link to an address; the answer is the same whether somebody has it or not."""
    typed = request.POST if request.POST.get("login") else None
    form = AddressForm(typed)
    context = {"form": form, "next": next_url(request)}
    if request.method != "POST" or typed is None or not form.is_valid():
        return page(request, "partners/link_request.html", context)
    address = form.cleaned_data["login"]
    verdict = guessing.mailed_link(request, address)
    if not verdict.allowed:
        form.add_error("login", paused(verdict.retry_after))
        response = page(request, "partners/link_request.html", context)
        response.status_code = 429
        return response
    links.send_link(address=address, next_url=next_url(request))
    mailbox = settings.EMBEDDED or settings.TESTING
    return page(request, "partners/link_sent.html", {"address": address, "mailbox": mailbox})


@allow("anyone")
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in with a mailed link. Opening it only asks: a scanner that follows links uses nothing up."""
    if request.method == "POST" and guessing.secret(request).allowed:
        account = links.use_link(token=token)
        if account is not None:
            return welcome(request, account, next_url(request))
    state = invitations.link_state(token)
    context = {"state": state, "next": next_url(request)}
    response = page(request, "partners/link_open.html", context)
    if state != "open":
        response.status_code = 410
    return response
