"""Who is at the other end of a program: reads the token of a request, and lets its person in."""

import datetime as dt
import hmac

from django.http import HttpRequest
from django.utils import timezone

from core import scope
from partners import backends
from partners.apitokens import secret
from partners.apitokens.models import Token
from partners.models import Person

_PLACE = "/api/v1/"
_NOTED_EVERY = dt.timedelta(minutes=1)


def is_meant(request: HttpRequest) -> bool:
    """Say whether a request comes with a token: then that alone counts, whoever is signed in."""
    return request.path.startswith(_PLACE) and "Authorization" in request.headers


def enter(request: HttpRequest) -> tuple[Person, Token] | None:
    """Return the person for whom this request acts, in their scope, with the token. Two queries.

    None, and a scope that sees nothing, for a token that is unknown, expired or taken back, and where its person
    has left or is no administrator any more.
    """
    token = _token(request.headers["Authorization"])
    person = backends.enter(token.account_id) if token else None
    if token is None or person is None or not _lasts(token, person):
        scope.enter(scope.NONE)
        return None
    _note(token)
    return person, token


def _token(header: str) -> Token | None:
    kind, _, text = header.partition(" ")
    sent = secret.parse(text.strip()) if kind.lower() == "bearer" else None
    if sent is None:
        return None
    token = Token.objects.filter(prefix=sent.prefix).first()
    known = token.token_hash if token else ""
    if not hmac.compare_digest(known, sent.digest) or token is None:
        return None
    is_open = token.revoked_at is None and token.expires_at > timezone.now()
    return token if is_open else None


def _lasts(token: Token, person: Person) -> bool:
    account = person.account
    stayed = account is not None and account.epoch == token.epoch
    return stayed and person.pk == token.person_id and person.of_client and person.has_role("admin")


def _note(token: Token) -> None:
    """Note that it was used, once a minute at most."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
