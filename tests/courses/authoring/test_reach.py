"""Whom a module is for: changed for many partners at once, with its history."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.authoring.actions.courses import Reach, change_reach
from courses.catalog.models import Module
from partners.models import Organisation
from tests.courses.factories import make_module
from tests.partners.factories import make_partner

pytestmark = pytest.mark.django_db


def choose(module: Module, organisations: list[Organisation]) -> set[uuid.UUID]:
    """Let a module be for these organisations alone; returns whom it is for then."""
    reach = Reach(module.course_id, Module.Audience.CHOSEN, organisations, None)
    change_reach(module_id=module.pk, reach=reach)
    return set(module.readers.values_list("organisation_id", flat=True))


def test_readers_come_and_go_and_their_history_stays():
    first, second, third = (make_partner(f"会社{number}") for number in range(3))
    module = make_module()
    assert choose(module, [first, second]) == {first.pk, second.pk}
    assert choose(module, [second, third]) == {second.pk, third.pk}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id FROM catalog_modulereaderevent WHERE module_id = %s AND pgh_label = 'insert'",
            [module.pk],
        )
        assert {row[0] for row in cursor.fetchall()} == {first.pk, second.pk, third.pk}


def test_many_partners_take_the_same_statements_as_one():
    partners = [make_partner(f"会社{number}") for number in range(20)]
    taken = []
    for wanted in (partners[:1], partners):
        module = make_module()
        with CaptureQueriesContext(connection) as found:
            choose(module, wanted)
        taken.append(len(found))
    assert taken[0] == taken[1]
