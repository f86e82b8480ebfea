"""Tasks survive a deployment: what one version has queued, the other one runs."""

import inspect
import uuid

from lms.celery import app

PLAIN = (int, str, uuid.UUID, list[int], list[str])
"""What a task may be given: ids and names of queues. What they stand for is read when it runs."""


def test_every_task_takes_ids_and_passes_over_what_it_does_not_know():
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert len(ours) >= 16
    for name, task in ours.items():
        parameters = inspect.signature(task.run).parameters.values()
        kinds = [each.kind for each in parameters]
        assert inspect.Parameter.VAR_KEYWORD in kinds, name
        named = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
        assert [each.name for each in named if each.annotation not in PLAIN] == [], name


def test_the_clock_rings_tasks_that_are_there():
    app.loader.import_default_modules()
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert len(rung) >= 14
    assert rung <= app.tasks.keys()
