"""Writes of invitations: making, taking back, accepting."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import mail
from core.scope import CLIENT, scoped
from partners import tokens
from partners.actions.guards import admin_only
from partners.actions.people import locked
from partners.models import Account, Client, Invitation, Person
from partners.problems import Problem
from partners.queries.client import client, zone
from partners.queries.invitations import invitation_state, is_granted, may_sign_in

VALID = dt.timedelta(days=14)


@dataclasses.dataclass(frozen=True)
class Issued:
    """An invitation that was just made. Its secret is known now and never again."""

    invitation: Invitation
    person: Person
    token: str

    @property
    def url(self) -> str:
        """The address to hand over."""
        return settings.PUBLIC_URL + reverse("partners:invitation", args=[self.token])

    def language(self, home: Client | None) -> str | None:
        """The language in which the person is invited: their own, or the client's as long as nobody knows it."""
        return self.person.language or (home.language if home else None)


class Closed(Exception):
    """The invitation opens nothing (any more). `state` says why, as in `queries.invitations`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Granted(Exception):
    """The same wish has made its invitations before. `wish` is its key."""

    def __init__(self, wish: uuid.UUID) -> None:
        super().__init__(str(wish))
        self.wish = wish


@transaction.atomic
def invite(
    *, actor: Person, people: Iterable[Person], by_mail: bool, wish: uuid.UUID | None = None
) -> list[Issued]:
    """Make an invitation for each of these people, and mail it to those with an address if asked to.

    An earlier invitation of the same person opens nothing from now on. Somebody who has signed up
    already gets a way back in: accepting sets a new password. Raises Problem for people who have left,
    or whose partner has been stopped, and Granted if the same wish has made invitations before.
    """
    admin_only(actor)
    return issue(people=people, by_mail=by_mail, created_by=actor, wish=wish)


@transaction.atomic
def issue(
    *,
    people: Iterable[Person],
    by_mail: bool,
    created_by: Person | None,
    wish: uuid.UUID | None = None,
) -> list[Issued]:
    """Make invitations without asking who may: for `invite` and for the server's own command line."""
    wanted = list(people)
    if not all(person.is_active for person in wanted):
        raise Problem(_("People who have left can't be invited."))
    if not all(may_sign_in(person) for person in wanted):
        raise Problem(_("People of a partner that has been stopped can't be invited."))
    # One after the other in one order: two administrators who invite the same people don't deadlock.
    ids = sorted(person.pk for person in wanted)
    list(
        Person.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    if wish and is_granted(wish):  # looked at under the lock
        raise Granted(wish)
    now = timezone.now()
    Invitation.objects.open().filter(person__in=ids).update(revoked_at=now)
    issued = [_issue(created_by, person, now, by_mail) for person in wanted]
    for each in issued:
        each.invitation.wish = wish
    Invitation.objects.bulk_create([each.invitation for each in issued], batch_size=1000)
    if by_mail:
        home = client()
        for each in issued:
            if each.invitation.mailed_to:
                _post(each, home)
    return issued


def _issue(created_by: Person | None, person: Person, now: dt.datetime, by_mail: bool) -> Issued:
    token = tokens.make()
    invitation = Invitation(
        person=person,
        token_hash=tokens.digest(token),
        expires_at=now + VALID,
        mailed_to=(person.email or "") if by_mail else "",
        created_by=created_by,
    )
    return Issued(invitation, person, token)


def _post(issued: Issued, home: Client | None) -> None:
    person, name = issued.person, home.name if home else ""
    with translation.override(issued.language(home)):
        until = timezone.localtime(issued.invitation.expires_at, zone(home))
        mail.post(
            key=f"invitation:{issued.invitation.pk}",
            recipient=issued.invitation.mailed_to,
            subject=gettext("%(client)s invites you to Tomoni") % {"client": name},
            text=gettext(
                "Hello %(name)s,\n\n"
                "%(client)s would like to learn and sell with you as one team. Tomoni brings what"
                " matters to your phone, a few minutes at a time.\n\n"
                "Open this link and choose how you sign in:\n%(url)s\n\n"
                "It works until %(until)s and is meant for you alone.\n"
            )
            % {
                "name": person.name,
                "client": name,
                "url": issued.url,
                "until": date_format(until, "DATE_FORMAT"),
            },
        )


@transaction.atomic
def revoke_invitation(*, actor: Person, person_id: uuid.UUID) -> bool:
    """End a person's open invitation. Returns whether there was one."""
    admin_only(actor)
    person = locked(person_id)
    ended = Invitation.objects.open().filter(person=person).update(revoked_at=timezone.now())
    return bool(ended)


def check_password(password: str, person: Person) -> None:
    """Raise Problem, with every rule that is broken, for a password that is too easy to guess."""
    account = Account(email=person.email, login_name=person.login_name)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Problem(" ".join(error.messages), "password") from None


@transaction.atomic
def accept_invitation(*, token: str, password: str | None, language: str) -> Account:
    """Use an invitation up: make the account, or give an existing one its new password.

    Without a password the person signs in by mailed links, which takes an e-mail address. Sessions of
    an existing account end. Runs in the client's scope, since the secret lets in. Raises Closed, or
    Problem for a password that is too easy or missing.
    """
    with scoped(CLIENT):
        invitation, person = _held(token)
        state = invitation_state(invitation, person)
        if state != "open":
            raise Closed(state)
        if password is None and not person.email:
            raise Problem(_("Please choose a password."), "password")
        if password is not None:
            check_password(password, person)
        account = _account(person, password)
        person.account, person.language = account, language
        person.save(update_fields=["account", "language"])
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        return account


def _held(token: str) -> tuple[Invitation, Person]:
    """Return the invitation with this secret and its person, both locked. Raises Closed for an unknown one.

    The person first, as whoever invites, revokes or notes a leaving does: the other order is a deadlock.
    """
    found = Invitation.objects.filter(token_hash=tokens.digest(token))
    person_id = found.values_list("person_id", flat=True).first()
    if person_id is None:
        raise Closed("unknown")
    person = locked(person_id)
    return found.select_for_update(no_key=True).get(), person


def _account(person: Person, password: str | None) -> Account:
    if person.account is not None:
        person.account.set_password(password)
        person.account.save(update_fields=["password"])
        Account.objects.filter(pk=person.account.pk).update(epoch=F("epoch") + 1)
        person.account.refresh_from_db()
        return person.account
    names: dict[str, Any] = {"email": person.email, "login_name": person.login_name}
    try:
        with transaction.atomic():
            return Account.objects.create_user(password=password, **names)
    except IntegrityError:
        raise Problem(
            _("Somebody else signs in with your address. Please tell the person who invited you.")
        ) from None


def waiting_for_mail(people: Sequence[Person]) -> int:
    """Return how many of these people an invitation can reach by mail."""
    return sum(bool(person.email) for person in people)
