"""The first write of an installation: its client, the first administrator, the first partner."""

import dataclasses
from collections.abc import Iterator

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.scope import CLIENT, scoped
from partners import cleaning
from partners.actions import organisations
from partners.actions.people import Details, announce
from partners.folding import same
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

    def problems(self) -> list[Problem]:
        """Return all that keeps this from being kept, each naming its field of the form."""
        return [*self._of_client(), *self._of_admin(), *self._of_password(), *self._of_partner()]

    def account(self) -> Account:
        """Return the account of the first administrator, not saved and without a password."""
        admin = self.admin.tidied()
        return Account(email=admin.email or None, login_name=admin.login_name or None)

    def _of_client(self) -> Iterator[Problem]:
        yield from _misnamed(self.client_name, 120, "client_name")

    def _of_admin(self) -> Iterator[Problem]:
        admin = self.admin.tidied()
        for problem in admin.problems(signs_in=False):
            # Address and log-in name are one field here.
            signs_in = problem.field in {"email", "login_name"}
            yield Problem(problem.message, "sign_in" if signs_in else problem.field)
        if not admin.email and not admin.login_name:
            yield Problem(_("Give an e-mail address or a log-in name."), "sign_in")

    def _of_password(self) -> Iterator[Problem]:
        try:
            validate_password(self.password, self.account())
        except ValidationError as error:
            yield Problem(" ".join(error.messages), "password")

    def _of_partner(self) -> Iterator[Problem]:
        if partner := cleaning.name(self.partner_name):
            yield from _misnamed(partner, 120, "partner_name")
            name = cleaning.name(self.client_name)
            if same(partner) == same(name):
                yield Problem(organisations.TAKEN % {"name": name}, "partner_name")
        if team := cleaning.name(self.team_name):
            if not partner:
                yield Problem(_("A team needs a partner to belong to."), "partner_name")
            yield from _misnamed(team, 80, "team_name")


def _misnamed(name: str, longest: int, field: str) -> Iterator[Problem]:
    try:
        organisations.named(name, longest, field)
    except Problem as problem:
        yield problem


class AlreadyBegun(Exception):
    """There is a client already: somebody was faster."""


@transaction.atomic
def set_up(*, beginning: Beginning) -> Account:
    """Make the client, its first administrator with an account, and the first partner if one is named.

    Can only happen once: of two people at the same time, one gets AlreadyBegun. Raises the first of
    the beginning's `problems`.
    """
    for problem in beginning.problems():
        raise problem
    with scoped(CLIENT):
        home = _client(beginning)
        account = _first_account(beginning)
        person = _first_person(home, account, beginning)
        _first_partner(person, beginning)
        transaction.on_commit(own_zone.forget)
        return account


def _client(beginning: Beginning) -> Organisation:
    if client() is not None:
        raise AlreadyBegun
    name = cleaning.name(beginning.client_name)
    try:
        with transaction.atomic():
            Client.objects.create(
                name=name, language=beginning.language, time_zone=beginning.time_zone
            )
            return Organisation.objects.create(kind=Organisation.Kind.CLIENT, name=name)
    except IntegrityError:
        raise AlreadyBegun from None


def _first_account(beginning: Beginning) -> Account:
    account = beginning.account()
    return Account.objects.create_user(
        email=account.email, login_name=account.login_name, password=beginning.password
    )


def _first_person(home: Organisation, account: Account, beginning: Beginning) -> Person:
    now = today()
    values = beginning.admin.cleaned().values()
    values |= {"joined_on": now, "language": beginning.language}
    person = Person.objects.create(
        organisation=home, account=account, roles=["author", "admin"], **values
    )
    Membership.objects.create(person=person, organisation=home, days=(now, None))
    announce(person)
    return person


def _first_partner(person: Person, beginning: Beginning) -> None:
    if not cleaning.name(beginning.partner_name):
        return
    partner = organisations.add_partner(actor=person, name=beginning.partner_name)
    if cleaning.name(beginning.team_name):
        organisations.add_team(actor=person, organisation_id=partner.pk, name=beginning.team_name)
