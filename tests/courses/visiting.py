"""A rep who visits the learner's pages, for the tests of those pages."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from core.outbox import drain
from partners.models import Person
from tests.core.waiting import rounds
from tests.partners.factories import make_client, make_partner, make_person, sign_in


@pytest.fixture
def rep() -> Person:
    """A partner's rep."""
    make_client()
    return make_person(make_partner(), family_name="高橋", given_name="美咲")


@pytest.fixture
def browser(rep: Person) -> Browser:
    """The rep's browser."""
    return sign_in(Browser(), rep)


def work_off() -> None:
    """Run all waiting deliveries, as the workers do."""
    for waiting in rounds():
        for each in waiting:
            drain([each.pk], each.queue)


def page(browser: Browser, name: str, *args: object, status: int = 200) -> str:
    """Return the page's HTML."""
    response = browser.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()
