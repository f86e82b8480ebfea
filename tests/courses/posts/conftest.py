"""Who posts, and the client's scope around every test."""

from typing import Any

import pytest

from core.scope import CLIENT, scoped
from partners.models import Organisation, Person
from tests.partners.factories import make_client, make_person


@pytest.fixture
def client_organisation() -> Organisation:
    """The client."""
    return make_client()


@pytest.fixture
def author(client_organisation: Organisation) -> Person:
    """Somebody who posts."""
    return make_person(client_organisation, roles=["author"])


@pytest.fixture(autouse=True)
def _everything() -> Any:
    with scoped(CLIENT):
        yield
