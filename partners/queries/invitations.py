"""Reads of invitations and mailed sign-in links, by the secret in their address."""

import dataclasses
import ipaddress
import uuid
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, F, Q
from django.utils import timezone

from core.scope import CLIENT, scoped
from partners import tokens
from partners.models import Invitation, Organisation, Person, SignInLink
from partners.models.person import by_reading
from partners.queries.client import client_name
from partners.queries.people import with_invitation

BATCH = 200
"""How many people are invited at once: so many cards still print well."""


@dataclasses.dataclass(frozen=True)
class Opened:
    """What somebody sees who opens an invitation. `state`: open, accepted, expired, revoked or unknown.

    The person is there for whoever holds the secret, also when it opens nothing any more, except for
    an unknown one. `inviter` is a name, or empty.
    """

    state: str
    client: str = ""
    person: Person | None = None
    inviter: str = ""
    invitation: Invitation | None = None


def opened(token: str) -> Opened:
    """Look at an invitation without using it up. Reads in the client's scope: the secret lets in."""
    name = client_name()
    invitation = _find(token)
    if invitation is None:
        return Opened("unknown", name)
    with scoped(CLIENT):
        person = Person.objects.select_related("organisation", "team", "account").get(
            pk=invitation.person_id
        )
        by = Person.objects.active().filter(pk__in=[invitation.created_by_id]).first()
    return Opened(
        invitation_state(invitation, person), name, person, by.name if by else "", invitation
    )


def _find(token: str) -> Invitation | None:
    if not tokens.looks_like_one(token):
        return None
    return Invitation.objects.filter(token_hash=tokens.digest(token)).first()


def invitation_state(invitation: Invitation, person: Person) -> str:
    """Return open, accepted, expired or revoked; who has left can't accept anything."""
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.revoked_at is not None or not may_sign_in(person):
        return "revoked"
    return "open" if invitation.expires_at > timezone.now() else "expired"


def may_sign_in(person: Person) -> bool:
    """Say whether both the person and their organisation are active."""
    return person.is_active and person.organisation.is_active


def link_state(token: str) -> str:
    """Return open, used, expired or unknown, without using the link up. One query."""
    link = find_link(token)
    if link is None:
        return "unknown"
    if link.used_at is not None:
        return "used"
    return "open" if link.expires_at > timezone.now() else "expired"


def find_link(token: str) -> SignInLink | None:
    """Return the sign-in link with this secret. One query at most."""
    if not tokens.looks_like_one(token):
        return None
    return SignInLink.objects.filter(token_hash=tokens.digest(token)).first()


def latest(viewer: Person, person: Person) -> list[Invitation]:
    """Return a person's invitations, the newest first, with who made them. One query."""
    found = Invitation.objects.visible_to(viewer).filter(person=person)
    return list(found.select_related("created_by").order_by("-created_at")[:20])


@dataclasses.dataclass(frozen=True)
class Waiting:
    """Active people of an organisation who have not signed up yet: at most BATCH of them, and how many there are.

    `fresh` is how many of them hold no invitation that still opens; `only_fresh` says that `people` are of these.
    """

    people: Sequence[Person]
    total: int
    fresh: int
    only_fresh: bool

    @property
    def listed(self) -> int:
        """How many `people` are a batch of."""
        return self.fresh if self.only_fresh else self.total


def waiting(viewer: Person, organisation: Organisation, *, again: bool) -> Waiting:
    """Return who can be invited; with `again`, also those who hold an invitation, which a new one would end.

    Those who were never invited come first, then those whose invitation ends first, so that batch after batch comes
    to everybody. Two queries.
    """
    found = with_invitation(
        Person.objects.visible_to(viewer)
        .active()
        .filter(organisation=organisation, account__isnull=True)
    )
    fresh = Q(invited_until__isnull=True) | Q(invited_until__lte=timezone.now())
    counts = found.aggregate(total=Count("pk"), fresh=Count("pk", filter=fresh))
    rows = (found if again else found.filter(fresh)).select_related("organisation", "team")
    first = rows.order_by(F("invited_until").asc(nulls_first=True), *by_reading())
    return Waiting(list(first[:BATCH]), counts["total"], counts["fresh"], only_fresh=not again)


def is_granted(wish: uuid.UUID) -> bool:
    """Say whether a form with this key has made invitations already. One query."""
    return Invitation.objects.filter(wish=wish).exists()


def handed_over(viewer: Person, wish: uuid.UUID) -> list[Person]:
    """Return whose invitation of this wish was to be handed over and is not used yet. One query."""
    held = Invitation.objects.open().filter(wish=wish, mailed_to="").values("person")
    found = with_invitation(Person.objects.visible_to(viewer).active()).filter(pk__in=held)
    return list(found.select_related("organisation", "team").by_reading())


def local_host() -> str:
    """Return the host of our links where no other machine can open it, empty where others can."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost" or host.endswith(".localhost")
    return host if is_local else ""
