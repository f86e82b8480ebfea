"""Notices: whoever is told something is told once."""

import uuid

import pytest

from core.models import Notice
from core.notices.actions import notify, notify_many
from core.scope import CLIENT, scoped

pytestmark = pytest.mark.django_db


def test_the_same_key_again_tells_nobody_again() -> None:
    person, organisation = uuid.uuid4(), uuid.uuid4()
    told = {"person_id": person, "organisation_id": organisation, "kind": "x", "url": "/"}
    with scoped(CLIENT):
        for _ in range(2):
            notify(key="one", data={}, **told)
            notify_many([Notice(key=key, **told) for key in ("one", "two")])
        keys = Notice.objects.order_by("key").values_list("key", flat=True)
        assert list(keys) == ["one", "two"]
