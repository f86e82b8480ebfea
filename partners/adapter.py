"""allauth, told that nobody signs up by themselves, and how we count, speak and write mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import mail
from core.ids import uuid7
from core.ratelimit import Verdict
from core.scope import CLIENT, scoped
from partners import guessing
from partners.backends import enter
from partners.models import Account, Person


class AccountAdapter(DefaultAccountAdapter):
    """Closes self-registration, counts guesses exactly, and mails through the outbox of mails."""

    verdict: Verdict | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: an admin invites."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Every page is a page; nothing here answers in JSON."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before looking at the password. Raises ValidationError with code `paused`."""
        login = credentials.get("username") or credentials.get("email") or ""
        self.verdict = guessing.sign_in(request, login)
        if not self.verdict.allowed:
            raise ValidationError("", code="paused")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to take back: a success counts as a try too, and ten are enough for anybody."""

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing to delete: allauth's own counters are off."""

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Keep out who has left, although the password is right."""
        if user.is_active and enter(user.pk) is not None:
            return None
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Say what has happened: only somebody who knows the password gets here."""
        messages.warning(
            request,
            _(
                "Your access has been ended. If that surprises you, please ask the person who invited you."
            ),
        )
        return redirect("account_login")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address of the page for a new password, under the public address."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return str(settings.PUBLIC_URL + path.replace("UID-KEY", key))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Account,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner of an account what has happened to it, if they have an address."""
        if address := email or user.email:
            self.send_mail(template_prefix, address, {**(context or {}), "user": user})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the mail to our own outgoing mail, in the person's language.

        For an address that nobody has, nothing is sent: its owner didn't ask for anything.
        """
        user = context.get("user")
        if user is None:
            return
        with scoped(CLIENT):
            person = Person.objects.filter(account_id=user.pk, is_active=True).first()
        if person is None:
            return
        with translation.override(person.language or None):
            values = {**context, "person": person}
            mail.post(
                key=f"account:{uuid7()}",
                recipient=email,
                subject=render_to_string(f"{template_prefix}_subject.txt", values).strip(),
                text=render_to_string(f"{template_prefix}_message.txt", values).strip() + "\n",
            )
