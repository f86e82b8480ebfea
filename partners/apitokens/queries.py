"""Reads of tokens."""

import dataclasses
import uuid
from collections.abc import Mapping

from django.core.paginator import Page, Paginator
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise

from core.api import scopes
from partners.apitokens.models import Token, TokenQuerySet
from partners.models import Person

PAGE_SIZE = 30


@dataclasses.dataclass(frozen=True)
class Line:
    """A token in the list: what it may do in words, and whether it still opens anything."""

    token: Token
    may: list["str | Promise"]
    state: str


def page(viewer: Person, number: str | None) -> "Page[Line]":
    """Return one page of tokens, the open ones first, then the newest. Two queries."""
    now = timezone.now()
    found = (
        Token.objects.visible_to(viewer)
        .select_related("person__organisation", "account")
        .annotate(is_open=Q(revoked_at=None, expires_at__gt=now))
        .order_by("-is_open", F("created_at").desc(), "pk")
    )
    pages = Paginator(found, PAGE_SIZE).get_page(number)
    words = scopes.known()
    pages.object_list = [_line(token, words) for token in pages.object_list]  # type: ignore[misc]
    return pages  # type: ignore[return-value]


def _line(token: Token, words: Mapping[str, "str | Promise"]) -> Line:
    return Line(token, [words.get(scope, scope) for scope in token.scopes], state_of(token))


def state_of(token: Token) -> str:
    """Return `open`, `revoked`, `expired`, or `orphaned`: its person has left, or is no administrator any more."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= timezone.now():
        return "expired"
    person, account = token.person, token.account
    lasts = (
        person.is_active
        and person.of_client
        and person.has_role("admin")
        and person.account_id == account.pk
        and account.is_active
        and account.epoch == token.epoch
    )
    return "open" if lasts else "orphaned"


def token(viewer: Person, token_id: uuid.UUID) -> Token:
    """Return one token with its person. Raises Token.DoesNotExist. One query."""
    found: TokenQuerySet = Token.objects.visible_to(viewer)
    return found.select_related("person").get(pk=token_id)
