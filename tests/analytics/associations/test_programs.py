"""Programs read reports: their own organisation's, with every number's interval and n."""

import uuid

import pytest
import time_machine
from django.test import Client as Browser

from tests.analytics.associations.factories import (
    NOW,
    found,
    market,
    partners_that_differ,
    ready_report,
)
from tests.api.programs import Program, make_token
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_program_reads_what_was_found():
    client, _product, modules = market()
    partners_that_differ(modules)
    admin = make_person(client, roles=["admin"])
    report = ready_report(admin, found(name="みらい営業"))
    program = Program(make_token(admin, "reports:read"))
    [told] = program.get("reports", state="ready").json()["items"]
    assert told == program.get(f"reports/{report.pk}").json()
    assert (told["id"], told["state"], told["grade"]) == (str(report.pk), "ready", "D")
    assert all(each["n"] == told["reps"] for each in told["numbers"])
    assert program.get("reports", state="failed").json()["items"] == []
    assert program.get(f"reports/{uuid.uuid4()}").status_code == 404


def test_a_token_without_the_scope_and_another_company_read_nothing():
    client, _product, _modules = market()
    admin = make_person(client, roles=["admin"])
    report = ready_report(admin, found(name="みらい営業"))
    assert Program(make_token(admin, "sales:read")).get("reports").status_code == 403
    rival = sign_in(Browser(), make_person(make_partner(), roles=["manager"]))
    assert rival.get("/api/v1/reports").json()["items"] == []
    assert rival.get(f"/api/v1/reports/{report.pk}").status_code == 404
