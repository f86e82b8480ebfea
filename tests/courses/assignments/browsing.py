"""What tests of the pages of assignments share."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from courses.assignments.targets import Target
from courses.catalog.models import Module
from partners.models import Person
from tests.courses.assignments.factories import in_days
from tests.courses.factories import make_module, single
from tests.partners.factories import sign_in


@pytest.fixture
def module() -> Module:
    """A module of one question, whose title has marks of its own."""
    return make_module(title="「高い」と言われたら", items=[single("q001")])


def browse(person: Person) -> Browser:
    """Return the browser of somebody who is signed in."""
    return sign_in(Browser(), person)


def body(response) -> str:
    """Return an answer's text."""
    return response.content.decode()


def first(pattern: str, page: str) -> str:
    """Return what the pattern holds, where it stands first on a page."""
    found = re.search(pattern, page)
    assert found, pattern
    return found[1]


def form(module: Module, *to: Target, step: str = "preview", **fields: Any) -> dict[str, Any]:
    """Return the form of assigning as it is sent."""
    return {
        "module": module.pk,
        "to": [str(target) for target in to],
        "necessity": "required",
        "due_on": in_days(7).isoformat(),
        "remind_days": "3",
        "step": step,
        **fields,
    }
