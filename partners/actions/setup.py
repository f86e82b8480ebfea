"""The first write of an installation: its client, the first administrator, the first partner."""

import dataclasses

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.scope import CLIENT, scoped
from partners import cleaning
from partners.actions import organisations
from partners.actions.people import Details, announce
from partners.models import Account, Client, Membership, Organisation, Person
from partners.problems import Problem
from partners.queries.client import client, own_zone, today


@dataclasses.dataclass(frozen=True, kw_only=True)
class Beginning:
    """What set-up asks for. Team only with a partner."""

    client_name: str
    language: str
    time_zone: str
    admin: Details
    password: str
    partner_name: str = ""
    team_name: str = ""


class AlreadyBegun(Exception):
    """There is a client already: somebody was faster."""


@transaction.atomic
def set_up(*, beginning: Beginning) -> Account:
    """Make the client, its first administrator with an account, and the first partner if one is named.

    Can only happen once: of two people at the same time, one gets AlreadyBegun. Raises Problem, whose
    field is one of the form's, for what can't be kept.
    """
    with scoped(CLIENT):
        name = organisations.named(beginning.client_name, 120, "client_name")
        admin = beginning.admin.cleaned()
        if not admin.email and not admin.login_name:
            raise Problem(_("Give an e-mail address or a log-in name."), "sign_in")
        home = _client(beginning, name)
        account = _first_account(admin, beginning.password)
        person = _first_person(home, account, admin, beginning.language)
        _first_partner(person, beginning)
        transaction.on_commit(own_zone.forget)
        return account


def _client(beginning: Beginning, name: str) -> Organisation:
    if client() is not None:
        raise AlreadyBegun
    try:
        with transaction.atomic():
            Client.objects.create(
                name=name, language=beginning.language, time_zone=beginning.time_zone
            )
            return Organisation.objects.create(kind=Organisation.Kind.CLIENT, name=name)
    except IntegrityError:
        raise AlreadyBegun from None


def _first_account(admin: Details, password: str) -> Account:
    account = Account(email=admin.email or None, login_name=admin.login_name or None)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Problem(" ".join(error.messages), "password") from None
    return Account.objects.create_user(
        email=account.email, login_name=account.login_name, password=password
    )


def _first_person(home: Organisation, account: Account, admin: Details, language: str) -> Person:
    now = today()
    values = admin.values() | {"joined_on": now, "language": language}
    person = Person.objects.create(
        organisation=home, account=account, roles=["author", "admin"], **values
    )
    Membership.objects.create(person=person, organisation=home, days=(now, None))
    announce(person)
    return person


def _first_partner(person: Person, beginning: Beginning) -> None:
    if not cleaning.name(beginning.partner_name):
        if cleaning.name(beginning.team_name):
            raise Problem(_("A team needs a partner to belong to."), "partner_name")
        return
    try:
        partner = organisations.add_partner(actor=person, name=beginning.partner_name)
    except Problem as problem:
        raise Problem(problem.message, "partner_name") from None
    if cleaning.name(beginning.team_name):
        try:
            organisations.add_team(
                actor=person, organisation_id=partner.pk, name=beginning.team_name
            )
        except Problem as problem:
            raise Problem(problem.message, "team_name") from None
