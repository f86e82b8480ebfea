"""Writes of people: entering and editing them, and their roles."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import mail
from core.ids import uuid7
from core.outbox import publish
from partners import cleaning
from partners.actions import guards
from partners.events import PersonAdded, RolesChanged
from partners.models import (
    Account,
    Invitation,
    Membership,
    Organisation,
    Person,
    SignInLink,
    Team,
)
from partners.problems import Problem
from partners.queries import people as reads
from partners.queries.client import client_name, today


@dataclasses.dataclass(frozen=True, kw_only=True)
class Details:
    """What is known of a person, as it was typed; `cleaned()` makes it fit to be kept."""

    family_name: str
    given_name: str = ""
    family_reading: str = ""
    given_reading: str = ""
    email: str = ""
    login_name: str = ""
    language: str = ""
    territory: str = ""
    joined_on: dt.date | None = None

    def cleaned(self, *, signs_in: bool = False) -> "Details":
        """Return the details fit to be kept. Raises the first of their `problems`."""
        found = self.tidied()
        for problem in found.problems(signs_in=signs_in):
            raise problem
        return found

    def tidied(self) -> "Details":
        """Return the details as they would be kept. Nothing is checked."""
        return dataclasses.replace(
            self,
            family_name=cleaning.name(self.family_name),
            given_name=cleaning.name(self.given_name),
            family_reading=cleaning.reading(self.family_reading),
            given_reading=cleaning.reading(self.given_reading),
            email=cleaning.address(self.email),
            login_name=cleaning.login_name(self.login_name),
            territory=cleaning.name(self.territory),
        )

    def problems(self, *, signs_in: bool) -> list[Problem]:
        """Return all that keeps tidied details from being kept, each naming its field.

        `signs_in`: somebody without an address and a log-in name could never come in.
        """
        found = [] if self.family_name else [Problem(_("Please give a name."), "family_name")]
        found += [*self._too_long(), *self._misread()]
        for check, value in ((check_email, self.email), (check_login_name, self.login_name)):
            try:
                if value:
                    check(value)
            except Problem as problem:
                found.append(problem)
        if signs_in and not self.email and not self.login_name:
            words = _("Give an e-mail address, or a log-in name for people without one.")
            found.append(Problem(words, "email"))
        return found

    def _too_long(self) -> Iterator[Problem]:
        for field in ("family_name", "given_name", "family_reading", "given_reading", "territory"):
            length = len(getattr(self, field))
            if length > 60:
                words = _("At most %(most)s letters, please: now there are %(now)s.")
                yield Problem(words % {"most": 60, "now": length}, field)

    def _misread(self) -> Iterator[Problem]:
        for part in ("family", "given"):
            reading, name = getattr(self, f"{part}_reading"), getattr(self, f"{part}_name")
            if not cleaning.is_reading(reading, name):
                words = _("Please write the reading in hiragana or katakana.")
                yield Problem(words, f"{part}_reading")

    def values(self) -> dict[str, object]:
        """Return the fields of a person; an empty address or log-in name is none."""
        found = dataclasses.asdict(self)
        return found | {"email": self.email or None, "login_name": self.login_name or None}


def check_email(email: str, field: str = "email") -> None:
    """Raise Problem for what can't be an e-mail address."""
    try:
        validate_email(email)
    except ValidationError:
        raise Problem(
            _("An address looks like misaki@example.com. Please check it."), field
        ) from None
    if len(email) > 254:
        raise Problem(_("This address is too long. Please check it."), field)


def check_login_name(login_name: str, field: str = "login_name") -> None:
    """Raise Problem for what can't be a log-in name."""
    if not cleaning.LOGIN_NAME.fullmatch(login_name):
        raise Problem(_("Use 3 to 60 Latin letters, figures, dots, hyphens or underscores."), field)


@transaction.atomic
def add_person(
    *,
    actor: Person,
    organisation: Organisation,
    team: Team | None,
    roles: Iterable[str],
    details: Details,
) -> Person:
    """Enter a person, who can sign in once they have accepted an invitation.

    Raises Problem for details that can't be kept, an address or log-in name that somebody has, none
    of both, roles that don't fit, or a team of another organisation.
    """
    guards.admin_only(actor)
    clean = details.cleaned(signs_in=True)
    wanted = guards.fitting_roles(organisation, roles)
    fitting_team(organisation, team)
    _nobody_else(clean, None)
    joined = clean.joined_on or today()
    values = clean.values() | {"joined_on": joined}
    try:
        with transaction.atomic():
            person = Person.objects.create(
                organisation=organisation, team=team, roles=wanted, **values
            )
    except IntegrityError:
        raise _given_meanwhile(clean, None) from None
    Membership.objects.create(
        person=person, organisation=organisation, team=team, days=(min(joined, today()), None)
    )
    announce(person)
    return person


def announce(person: Person) -> None:
    """Tell the news that a person was entered."""
    publish(
        PersonAdded(
            person_id=person.pk, organisation_id=person.organisation_id, team_id=person.team_id
        )
    )


def fitting_team(organisation: Organisation, team: Team | None) -> None:
    """Raise Problem for a place where nobody can be put. Locks the team against being closed."""
    if not organisation.is_active:
        raise Problem(_("Work with this organisation has been stopped."), "organisation")
    if team is None:
        return
    current = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if current.organisation_id != organisation.pk:
        raise Problem(_("This team belongs to another organisation."), "team")
    if not current.is_active:
        raise Problem(_("This team has been closed."), "team")


def taken(details: Details, me: uuid.UUID | None) -> list[Problem]:
    """Return which of tidied details' address and log-in name others than `me` have, and who.

    One query. Only the database knows of somebody who gets them in the same moment.
    """
    others = reads.holders(details.email or None, details.login_name or None)
    found = []
    for field in ("email", "login_name"):
        value = getattr(details, field)
        for other in others:
            if value and getattr(other, field) == value and other.pk != me:
                words = _("%(name)s (%(organisation)s) has this already.")
                who = {"name": other.name, "organisation": other.organisation.name}
                found.append(Problem(words % who, field))
    return found


def _nobody_else(clean: Details, me: uuid.UUID | None) -> None:
    for problem in taken(clean, me):
        raise problem


def _given_meanwhile(clean: Details, me: uuid.UUID | None) -> Problem:
    """Return what to say where the database knew of somebody who wasn't there a moment ago."""
    field = next((each.field for each in taken(clean, me)), "email")
    return Problem(_("Somebody else was just given this address or log-in name."), field)


@transaction.atomic
def edit_person(*, actor: Person, person_id: uuid.UUID, details: Details) -> Person:
    """Change what is known of a person; the account signs in by the new address at once.

    The address before is told of the change, and what was mailed to it opens nothing any more. Raises Problem as
    `add_person` does.
    """
    guards.admin_only(actor)
    person = locked(person_id)
    clean = details.cleaned(signs_in=True)
    _nobody_else(clean, person.pk)
    before = person.email
    for field, value in clean.values().items():
        setattr(person, field, value)
    try:
        with transaction.atomic():
            person.save(update_fields=list(clean.values()))
            _keep_account_in_step(person)
    except IntegrityError:
        raise _given_meanwhile(clean, person.pk) from None
    if before and before != person.email:
        _shut_old_address_out(person, before)
        if person.account_id:
            _tell_old_address(person, before)
    return person


def _keep_account_in_step(person: Person) -> None:
    if person.account_id is None:
        return
    Account.objects.filter(pk=person.account_id).update(
        email=person.email, login_name=person.login_name
    )
    # allauth remembers addresses of its own, and would go on letting in by the old one.
    EmailAddress.objects.filter(user_id=person.account_id).delete()


def _shut_old_address_out(person: Person, before: str) -> None:
    """End the invitation and the sign-in links that were mailed to an address which may be somebody else's."""
    mailed = Invitation.objects.open().filter(person=person, mailed_to=before)
    mailed.update(revoked_at=timezone.now())
    if person.account_id is not None:
        SignInLink.objects.filter(account_id=person.account_id, used_at__isnull=True).delete()


def _tell_old_address(person: Person, before: str) -> None:
    with translation.override(person.language or None):
        mail.post(
            key=f"address-changed:{uuid7()}",
            recipient=before,
            subject=gettext("Your sign-in address has changed"),
            text=gettext(
                "Hello %(name)s,\n\nan administrator of %(client)s has changed the address that you"
                " sign in with. This one doesn't work any more.\n\nIf that is news to you,"
                " please tell them.\n"
            )
            % {"name": person.name, "client": client_name()},
        )


@transaction.atomic
def change_roles(*, actor: Person, person_id: uuid.UUID, roles: Iterable[str]) -> bool:
    """Give a person these roles, from their next request on. Returns whether anything changed.

    Raises Problem for roles that don't fit, for taking away one's own administration, and for
    leaving nobody who administrates.
    """
    guards.admin_only(actor)
    guards.lock_admins()
    person = locked(person_id)
    wanted = guards.fitting_roles(person.organisation, roles)
    if set(wanted) == set(person.roles):
        return False
    if "admin" in person.roles and "admin" not in wanted:
        guards.not_oneself(actor, person, wanted)
        guards.keep_an_admin(person)
    _give(person, wanted)
    return True


@transaction.atomic
def make_admin(*, person_id: uuid.UUID) -> bool:
    """Make a person of the client an administrator, asking nobody: for the server's own command line.

    What else they are stays. Returns whether anything changed. Raises Problem for people of partners.
    """
    guards.lock_admins()
    person = locked(person_id)
    wanted = guards.fitting_roles(person.organisation, {*person.roles, "admin"})
    if "admin" in person.roles:
        return False
    _give(person, wanted)
    return True


def _give(person: Person, roles: list[str]) -> None:
    person.roles = roles
    person.save(update_fields=["roles"])
    publish(RolesChanged(person_id=person.pk, organisation_id=person.organisation_id))


def locked(person_id: uuid.UUID) -> Person:
    """Return the person, locked until the end of the transaction. Raises Person.DoesNotExist."""
    return (
        Person.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organisation", "account")
        .get(pk=person_id)
    )
