"""Writes of mailed sign-in links."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import mail
from core.scope import CLIENT, scoped
from partners import cleaning, tokens
from partners.models import Account, Person, SignInLink
from partners.queries.invitations import may_sign_in

VALID = dt.timedelta(minutes=15)


@transaction.atomic
def send_link(*, address: str, next_url: str = "") -> bool:
    """Mail a link that signs the owner of this address in. Returns whether there is one.

    What it returns is for tests and logs: whoever asked gets the same answer either way.
    """
    account = Account.objects.filter(email=cleaning.address(address), is_active=True).first()
    if account is None:
        return False
    with scoped(CLIENT):
        person = Person.objects.select_related("organisation").filter(account=account).first()
    if person is None or not may_sign_in(person):
        return False
    token = tokens.make()
    link = SignInLink.objects.create(
        account=account, token_hash=tokens.digest(token), expires_at=timezone.now() + VALID
    )
    url = settings.PUBLIC_URL + reverse("account_link", args=[token])
    if next_url:
        url += "?" + urlencode({"next": next_url})
    with translation.override(person.language or None):
        mail.post(
            key=f"sign-in-link:{link.pk}",
            recipient=str(account.email),
            subject=_("Your link to sign in to Tomoni"),
            text=_(
                "Hello %(name)s,\n\nopen this link and you're signed in:\n%(url)s\n\n"
                "It works once, for 15 minutes. If you didn't ask for it, there's nothing to do.\n"
            )
            % {"name": person.name, "url": url},
        )
    return True


@transaction.atomic
def use_link(*, token: str) -> Account | None:
    """Use a sign-in link up and return its account; None if it is used, expired or unknown.

    The account's other open links end with it.
    """
    if not tokens.looks_like_one(token):
        return None
    now = timezone.now()
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(token_hash=tokens.digest(token), used_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if link is None:
        return None
    SignInLink.objects.filter(account=link.account, used_at__isnull=True).update(used_at=now)
    return link.account
