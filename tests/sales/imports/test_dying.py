"""A worker that dies in the middle of a file, and two that come at once: the whole file or nothing, once."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from sales.imports import actions, working
from sales.imports.models import Import
from sales.models import Opportunity, Revision, Source
from tests.plugin.patience import PATIENCE, wait_until
from tests.sales.imports.factories import DEALS, World, counted

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quiet_broker"),
]

ROWS = 2500


@pytest.fixture
def world(settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))  # for a process of its own
    return World()


@pytest.fixture
def waiting(world: World) -> Import:
    """A file of three batches that is to be taken in."""
    rows = "".join(world.deal(f"D-{n}") for n in range(ROWS))
    file = world.checked(DEALS + rows)
    return actions.start(actor=world.manager, import_id=file.pk)


def in_another_process(after: int) -> int:
    """Let a worker die after so many rows; returns how it ended."""
    from tests.sales.imports import deadly  # noqa: PLC0415 - read by the process alone

    process = multiprocessing.get_context("spawn").Process(target=deadly.work, args=[after])
    process.start()
    process.join(60)
    assert process.exitcode is not None
    return process.exitcode


def taken_over(world: World, waiting: Import) -> Import:
    """Be the next worker, once PostgreSQL has heard that the one before is dead and lets go of the file."""
    wait_until(lambda: world.worked(waiting).state != "applying", "the file is free")
    return Import.objects.get(pk=waiting.pk)


@pytest.mark.parametrize("after", [1000, 2000, ROWS])
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it_all(
    world: World, waiting: Import, after: int
) -> None:
    assert in_another_process(after) == -signal.SIGKILL
    assert not Opportunity.objects.exists()
    assert not Revision.objects.exists()
    assert Import.objects.get(pk=waiting.pk).state == "applying"
    done = taken_over(world, waiting)
    assert (done.state, counted(done)) == ("applied", (ROWS, 0, 0, 0))
    assert Opportunity.objects.count() == ROWS


def test_a_file_that_kills_its_workers_is_given_up(world: World, waiting: Import) -> None:
    Import.objects.filter(pk=waiting.pk).update(tries=working.MOST_TRIES - 1)
    assert in_another_process(1000) == -signal.SIGKILL
    given_up = taken_over(world, waiting)
    assert (given_up.state, given_up.error["code"]) == ("failed", "gave_up")
    assert not Opportunity.objects.exists()


@contextlib.contextmanager
def held(table: str, pk: object) -> Iterator[None]:
    """Hold the lock on a row from another connection."""
    ready, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            model = Import if table == "import" else Source
            model.objects.select_for_update(no_key=True).get(pk=pk)
            ready.set()
            release.wait(PATIENCE)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield
    finally:
        release.set()
        thread.join()


def test_a_file_that_somebody_is_at_is_left_to_them(world: World, waiting: Import) -> None:
    with held("import", waiting.pk):
        assert world.worked(waiting).state == "applying"
    assert Import.objects.get(pk=waiting.pk).tries == 0
    assert world.worked(waiting).state == "applied"


def test_two_files_of_one_source_are_taken_in_one_after_the_other(
    world: World, waiting: Import
) -> None:
    with held("source", waiting.source_id):
        assert world.worked(waiting).state == "applying"
    second = world.checked(DEALS + world.deal("D-1", amount="7"))
    actions.start(actor=world.manager, import_id=second.pk)
    assert counted(world.worked(second)) == (0, 1, 0, 0)
    assert Import.objects.get(pk=waiting.pk).state == "applied"
    assert Opportunity.objects.get(external_id="D-1").amount == 7
    assert Opportunity.objects.filter(cause=second.pk).count() == 1


def test_two_workers_at_once_take_a_file_in_once(world: World, waiting: Import) -> None:
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(PATIENCE)
        working.work()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    done = Import.objects.get(pk=waiting.pk)
    assert (done.state, counted(done)) == ("applied", (ROWS, 0, 0, 0))
    assert Revision.objects.count() == ROWS
