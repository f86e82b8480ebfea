"""Two taps, two tabs, two phones in one run through a scenario."""

import uuid
from functools import partial

import pytest

from core.models import Delivery
from courses.scenarios import fold, frozen, queries
from courses.scenarios.actions import running
from courses.scenarios.actions.positions import Answer, ConflictError
from courses.scenarios.fold import State
from courses.scenarios.models import Run, RunEvent
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.courses.scenarios.factories import choose, make_scenario
from tests.partners.factories import make_client, make_partner, make_person

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def test_impatient_taps_and_other_tabs_make_one_choice_and_one_run() -> None:
    make_client()
    rep, scenario = make_person(make_partner()), make_scenario()
    began = race([partial(running.start, person=rep, scenario_id=scenario.pk)] * 8)
    assert len({here.run.pk for here in began}) == 1, began
    here, key = began[0], uuid.uuid4()
    same = race([partial(choose, rep, here, "ask1", key=key)] * 12)
    assert all(isinstance(each, Answer) for each in same), same
    assert len({str(each.to_json()) for each in same}) == 1
    there = same[0].position
    tabs = race([partial(choose, rep, there, choice) for choice in ("sign", "flee") * 6])
    assert sum(isinstance(each, Answer) for each in tabs) == 1, tabs
    assert sum(isinstance(each, ConflictError) for each in tabs) == 11
    run = Run.objects.get()
    log = queries.log_of(run.pk)
    assert State.of_json(run.folded) == fold.fold(log, frozen.played(run.version_id).document)
    assert RunEvent.objects.filter(kind="choice_made").count() == 2
    assert (
        Delivery.objects.filter(event="ScenarioRunFinished").values("handler").distinct().count()
        == 2
    )
    assert Delivery.objects.filter(event="ScenarioRunFinished").count() == 2
