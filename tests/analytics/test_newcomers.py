"""A company that is new isn't behind with what came out before it was there."""

import datetime as dt

import pytest
import time_machine

from analytics.queries import companies, modules
from analytics.queries.where import where
from courses.catalog.models import Module
from tests.analytics.test_asked import settle
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db

PUBLISHED = dt.datetime(2026, 1, 10, 3, tzinfo=dt.UTC)
JOINED = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)


@pytest.fixture
def module() -> Module:
    make_client(time_zone="Asia/Tokyo")
    module = make_module()
    make_person(make_partner("みらい営業", created_at=PUBLISHED), roles=["rep"])
    make_person(make_partner("あおば商事", created_at=JOINED), roles=["rep"])
    settle()
    return module


def test_days_count_from_when_a_company_came(module: Module) -> None:
    head = make_person(make_client(), roles=["sales_manager"])
    with time_machine.travel(NOW, tick=False):
        page = companies.companies_of(head, module, PUBLISHED.date(), None)
        found = {each.organisation.name: each.spread.so_far for each in page.object_list}
        assert found == {"みらい営業": 319, "あおば商事": 5}
        new = next(each.organisation for each in page.object_list if each.spread.so_far == 5)
        whom = modules.Whom(head, where(head, new.pk, "all"))
    assert whom.since(PUBLISHED.date()) == JOINED.date()
    assert modules.Whom(head).since(PUBLISHED.date()) == PUBLISHED.date()
