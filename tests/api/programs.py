"""Programs for tests: they hold a token, and speak JSON.

>>> program = Program(make_token(admin, "people:read"))
>>> program.get("people").json()
"""

import json
import uuid
from typing import Any

from django.test import Client as Browser

from core.api import scopes as known
from core.scope import CLIENT, scoped
from partners.apitokens import actions
from partners.models import Person


def make_token(person: Person, *scopes: str, days: int = 30) -> str:
    """Make a token of this person, with these scopes or with all."""
    with scoped(CLIENT):
        made = actions.make_token(
            actor=person,
            name="CRM",
            scopes=scopes or known.known(),
            days=days,
            key=uuid.uuid4(),
        )
    assert made is not None
    return str(made[1])


class Program:
    """Calls addresses under `/api/v1/` with a token."""

    def __init__(self, token: str) -> None:
        self.browser = Browser(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        """Ask."""
        return self.browser.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any) -> Any:
        """Tell; a body that is no object is sent as it stands."""
        sent = json.dumps(body) if isinstance(body, dict) else body
        return self.browser.post(f"/api/v1/{path}", sent, content_type="application/json")
