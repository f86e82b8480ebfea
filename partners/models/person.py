"""People and where they belonged when."""

import datetime as dt
from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import get_language

from core.access import ROLES
from core.ids import uuid7
from core.mediafiles import links
from core.written import Reader
from partners.folding import SearchText, all_held, in_lists
from partners.models.account import Account
from partners.models.organisation import Organisation, Team


def by_reading(prefix: str = "") -> tuple[Any, ...]:
    """Return the order of a Japanese list of names: by reading, by the name itself where there is none.

    `prefix` is the way to the person from the row that is sorted: `person__`.
    """
    parts = [
        in_lists(f"{prefix}{part}_reading", f"{prefix}{part}_name") for part in ("family", "given")
    ]
    return (*parts, f"{prefix}family_name", f"{prefix}given_name", f"{prefix}pk")


def full_name(family: str, given: str) -> str:
    """Return a name in the order of the language it is written in."""
    if given and f"{family}{given}".isascii():
        return f"{given} {family}"
    return f"{family} {given}".strip()


class PersonQuerySet(models.QuerySet["Person"]):
    """People, as somebody may see them."""

    def visible_to(self, person: "Person") -> "PersonQuerySet":
        """The client's people see all; a partner's people those of their organisation."""
        if person.of_client:
            return self
        return self.filter(organisation_id=person.organisation_id)

    def active(self) -> "PersonQuerySet":
        """Leave out people who have left."""
        return self.filter(is_active=True)

    def matching(self, words: str) -> "PersonQuerySet":
        """Keep those whose name, reading or address holds each of the words, in any width, kana and variant signs."""
        return self.filter(all_held("search", words))

    def by_reading(self) -> "PersonQuerySet":
        """Sort as a Japanese list of names is sorted: by reading."""
        return self.order_by(*by_reading())


@pghistory.track(
    exclude=[
        *("family_name", "given_name", "family_reading", "given_reading"),
        *("email", "login_name", "search"),
    ]
)
class Person(models.Model):
    """Somebody who learns, sells, teaches or manages, for the client or for one partner.

    `organisation` and `team` are where they belong now; `Membership` says where they belonged when.
    A person without an account has been entered but not yet accepted the invitation. History keeps no
    names and addresses, so that what a person may have wiped stands in one row only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.OneToOneField(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    roles = ArrayField(models.CharField(max_length=16), default=list)
    family_name = models.CharField(max_length=60)
    given_name = models.CharField(max_length=60, blank=True)
    family_reading = models.CharField(max_length=60, blank=True)
    given_reading = models.CharField(max_length=60, blank=True)
    email = models.EmailField(null=True, blank=True)
    login_name = models.CharField(max_length=60, null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    territory = models.CharField(max_length=60, blank=True)
    picture_id = models.UUIDField(null=True, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    search = models.GeneratedField(
        expression=SearchText(), output_field=models.TextField(), db_persist=True
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.UniqueConstraint(Lower("login_name"), name="person_login_name_once"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=list(ROLES)) & ~Q(roles=[]),
                name="person_roles_known",
            ),
            models.CheckConstraint(condition=~Q(family_name=""), name="person_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["organisation", "team"], name="person_of_team"),
            models.Index(*by_reading()[:2], "id", name="person_in_lists"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name in the order of the language it is written in: 高橋 美咲, Misaki Takahashi."""
        return full_name(self.family_name, self.given_name)

    @property
    def short_name(self) -> str:
        """How a colleague would call them: 高橋さん in Japanese, Misaki in English."""
        if get_language() == "ja":
            return f"{self.family_name}さん"
        ascii_name = self.given_name and self.given_name.isascii()
        return self.given_name if ascii_name else self.name

    @property
    def picture_url(self) -> str:
        """The address of their picture as they themselves may load it, empty without one."""
        return self.picture_url_for(self)

    def picture_url_for(self, viewer: "Person") -> str:
        """Return the address of their picture for this viewer, empty without one."""
        if self.picture_id is None:
            return ""
        return links.picture_url(viewer.pk, self.picture_id, "small")

    @property
    def of_client(self) -> bool:
        """Whether they belong to the client itself."""
        return self.organisation.kind == Organisation.Kind.CLIENT

    def has_role(self, *roles: str) -> bool:
        """Say whether they have at least one of these roles."""
        return bool(set(roles) & set(self.roles))

    @property
    def reader(self) -> Reader:
        """What a query that is written once may know of them."""
        roles = frozenset(self.roles)
        return Reader(self.pk, self.organisation_id, self.team_id, self.of_client, roles)


class Membership(models.Model):
    """That a person belonged to an organisation and team for a span of days; spans never overlap."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    days = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id} {self.days}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day there: the span itself ends before its upper bound. None while it goes on."""
        return self.days.upper - dt.timedelta(days=1) if self.days.upper else None
