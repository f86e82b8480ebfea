"""Sessions that bring their person along: one statement reads both, once this process knows whose session it is.

Whose it is stands, signed, inside of what is stored: the first request of a session in a process reads that, and then
the person. From then on the process knows beforehand whom to read along. It is a guess and nothing more: who has signed
in is told by what is stored, each time anew, and a person of another account is not used.
"""

import uuid
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from core import sessions

_READ = (
    "SELECT session_data, expire_date, partners_enter(%s) FROM django_session"
    " WHERE session_key = %s AND expire_date > %s"
)
_MOST = 20_000
_accounts: dict[int, uuid.UUID] = {}
"""By a hash of the session's key: the keys themselves are not kept."""

_brought: ContextVar[tuple[uuid.UUID, str | None] | None] = ContextVar("brought", default=None)


def brought(account_id: Any) -> tuple[str | None] | None:
    """Return what `partners_enter` has just said of this account, if the session had it said; once."""
    found = _brought.get()
    _brought.set(None)
    return None if found is None or found[0] != account_id else (found[1],)


def _note(key: int, stored: dict[str, Any]) -> None:
    account = stored.get(SESSION_KEY)
    if account:
        if len(_accounts) >= _MOST:
            _accounts.clear()  # learnt anew within a request each
        _accounts[key] = uuid.UUID(account)


class SessionStore(sessions.SessionStore):
    """Ours. `for_request` says that it is read to find out whose request it is: only then a person comes along."""

    for_request = False

    def load(self) -> dict[str, Any]:
        """Return what is stored, and remember whose it is."""
        key = hash(self.session_key)
        found: dict[str, Any] = super().load()
        if self.for_request:
            _note(key, found)
        return found

    def save(self, must_create: bool = False) -> None:
        """Store it, and remember whose it is: who signs in here asks for a page next."""
        super().save(must_create)
        _note(hash(self.session_key), self._session)  # type: ignore[attr-defined]  # the stubs leave it out

    def _get_session_from_db(self) -> Session | None:
        _brought.set(None)
        account = _accounts.get(hash(self.session_key)) if self.for_request else None
        if account is None:
            return super()._get_session_from_db()
        with connection.cursor() as cursor:
            cursor.execute(_READ, [account, self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        data, expires, person = row
        _brought.set((account, person))
        return Session(session_key=str(self.session_key), session_data=data, expire_date=expires)
