"""What other systems learn of imports: they ask for them, and hear when one is done."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from core.outbox import process
from core.scope import CLIENT, enter
from partners.webhooks.models import Message
from tests.api.programs import Program, make_token
from tests.core.broker import quiet_broker
from tests.core.waiting import rounds
from tests.partners.factories import make_person, sign_in
from tests.partners.webhooks.factories import make_endpoint
from tests.sales.imports.factories import DEALS, World

__all__ = ["quiet_broker"]  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(quiet_broker: None, settings: Any, tmp_path: Any) -> World:
    """A client with a CRM, whose files lie in a folder of this test."""
    settings.MEDIA_ROOT = str(tmp_path)
    enter(CLIENT)
    return World()


def _asked(program: Program, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = program.get(path, **query)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def test_a_program_reads_what_came_of_a_file_and_what_to_mend(world: World) -> None:
    world.manager.language = "en"
    world.manager.save(update_fields=["language"])
    file = world.applied(DEALS + world.deal("A1") + world.deal("A2", closed="2026/13/45"))
    program = Program(make_token(make_person(world.client, roles=["admin"], language="en")))
    [found] = _asked(program, "sales/imports", state="applied", source=str(world.crm.pk))
    assert (found["id"], found["state"], found["grain"]) == (str(file.pk), "applied", "opportunity")
    assert (found["new"], found["changed"], found["unchanged"], found["left_out"]) == (1, 0, 0, 1)
    assert program.get(f"sales/imports/{file.pk}").json() == found
    [problem] = _asked(program, f"sales/imports/{file.pk}/problems")
    assert (problem["row"], problem["column"], problem["value"]) == (3, "受注日", "2026/13/45")
    assert problem["code"] == "no_such_day"
    assert problem["message"] == "This day doesn't exist"
    assert _asked(program, "sales/imports", state="undone") == []


def test_a_page_of_problems_costs_the_same_at_any_length(world: World) -> None:
    program = Program(make_token(make_person(world.client, roles=["admin"])))

    def cost(rows: int) -> int:
        bad = "".join(world.deal(f"{rows}-{n}", amount="x") for n in range(rows))
        file = world.checked(DEALS + bad)
        path = f"sales/imports/{file.pk}/problems"
        with CaptureQueriesContext(connection) as seen:
            assert len(_asked(program, path)) == rows
        return len(seen)

    cost(1)
    assert cost(1) == cost(30)


def test_partners_learn_nothing_of_files(world: World) -> None:
    file = world.checked(DEALS + world.deal("A1"))
    manager = sign_in(Browser(), make_person(world.partner, roles=["manager"]))
    for path in ("", f"/{file.pk}", f"/{file.pk}/problems"):
        answer = manager.get(f"/api/v1/sales/imports{path}")
        assert answer.status_code in {403, 404}
        assert "items" not in answer.json()


def test_other_systems_hear_once_that_a_file_was_taken_in(world: World) -> None:
    make_endpoint(kinds=["import.done"])
    world.checked(DEALS + world.deal("A0"))  # only looked at: no news
    file = world.applied(DEALS + world.deal("A1") + world.deal("A2", amount="x"))
    for waiting in rounds():
        for delivery in waiting:
            process(delivery.pk)
            process(delivery.pk)
    (message,) = Message.objects.all()
    told = json.loads(message.body)
    assert told["type"] == "import.done"
    assert told["data"]["import_id"] == str(file.pk)
    assert (told["data"]["new"], told["data"]["left_out"]) == (1, 1)
