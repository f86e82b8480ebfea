"""The clock rings for jobs that there are."""

from lms.celery import app


def test_every_ring_of_the_clock_has_a_task_that_hears_it() -> None:
    app.loader.import_default_modules()
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "authoring.publish_due" in rung
    assert not rung - set(app.tasks)
