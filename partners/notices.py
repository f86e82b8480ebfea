"""The kind of notice that signing in brings: that somebody guesses."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.ids import uuid7
from core.notices.actions import notify
from core.notices.kinds import declare
from core.scope import CLIENT, scoped
from partners.models import Account, Person

GUESSED = "partners.guessed"


def declare_all() -> None:
    """Say how our notices read."""
    declare(GUESSED, "lock", guessed_notice)


def guessed_notice(_data: Mapping[str, Any]) -> str:
    """Say that somebody tries passwords, and what one can do."""
    return _(
        "Ten wrong passwords were tried for your account, so unknown devices are kept out for 15 minutes. If it"
        " wasn't you, please choose a password that you use nowhere else."
    )


def tell_of_guesses(account: Account | None) -> None:
    """Tell whose account it is; for a name that nobody has there is nobody to tell."""
    with scoped(CLIENT):
        person = Person.objects.filter(account=account, is_active=True).first() if account else None
        if person is not None:
            notify(
                key=f"guessed:{uuid7()}",
                person_id=person.pk,
                organisation_id=person.organisation_id,
                kind=GUESSED,
                url=reverse("partners:profile"),
                data={},
            )
