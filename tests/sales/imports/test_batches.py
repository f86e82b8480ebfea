"""A file is written batch by batch while the next ones are read: it is as if it were one."""

from typing import Any

import pytest
from django.db import DatabaseError

from sales import actions as sales_actions
from sales.imports import actions, running
from sales.imports.models import Import
from sales.models import Opportunity, Revision
from tests.sales.imports.factories import DEALS, World, counted, troubles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def content(world: World) -> str:
    """Seven rows: two new, one changed, one the same, one twice, one that can't be, one that can't be read."""
    rows = [
        world.deal("D-1"),
        world.deal("D-2", closed="2026/05/01"),
        world.deal("D-3", owner="鈴木 蓮"),
        world.deal("D-4"),
        world.deal("D-5"),
        world.deal("D-1"),
        world.deal("D-6", amount="１２万"),
    ]
    return DEALS + "".join(rows)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_file_of_any_number_of_batches_is_taken_in_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    world.applied(DEALS + world.deal("D-3") + world.deal("D-4"))
    monkeypatch.setattr(running, "BATCH", size)
    file = world.applied(content(world))
    assert (file.state, counted(file)) == ("applied", (2, 1, 1, 3))
    assert troubles(file) == [
        (3, "closed_at", "deal_closed_at"),
        (7, "external_id", "twice"),
        (8, "amount", "amount"),
    ]
    keys = Opportunity.objects.order_by("external_id").values_list("external_id", flat=True)
    assert list(keys) == ["D-1", "D-3", "D-4", "D-5"]
    assert Revision.objects.filter(cause=file.pk).count() == 3


@pytest.mark.parametrize(
    ("fault", "state"), [(DatabaseError("gone"), "applying"), (ValueError("ours"), "failed")]
)
def test_what_goes_wrong_in_one_batch_leaves_nothing_of_any(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, state: str
) -> None:
    file = world.checked(DEALS + "".join(world.deal(f"D-{n}") for n in range(6)))
    actions.start(actor=world.manager, import_id=file.pk)
    write = sales_actions.Upsert.write
    done: list[Any] = []

    def write_two(upsert: sales_actions.Upsert) -> sales_actions.Outcome:
        if len(done) == 2:
            raise fault
        done.append(upsert)
        return write(upsert)

    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(sales_actions.Upsert, "write", write_two)
    assert world.worked(file).state == state
    assert len(done) == 2
    assert not Opportunity.objects.exists()
    monkeypatch.setattr(sales_actions.Upsert, "write", write)
    Import.objects.filter(pk=file.pk).update(state="applying")
    assert counted(world.worked(file)) == (6, 0, 0, 0)
