"""A module that gets, or loses, its quiz beside a scenario: what somebody has finished stays finished as of its day."""

import datetime as dt

import pytest
from django.utils import timezone

from core.models import Delivery
from core.scope import CLIENT, scoped
from courses.catalog.models import Block, Module
from courses.progress.models import ModuleProgress
from courses.progress.publishing import publish
from courses.scenarios.models import Scenario
from gamification.models import LedgerEntry
from partners.models import Person
from tests.analytics.factories import deliver
from tests.courses.factories import hand_in, single
from tests.courses.scenarios.factories import make_scenario, play
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db

PASSED, FAILED = ("ask1", "sign"), ("cut1", "quit")


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


@pytest.fixture
def scenario(rep: Person) -> Scenario:
    return make_scenario(price(back="rewind"))


def _ask(module: Module) -> None:
    """Publish the module with a quiz."""
    with scoped(CLIENT):
        data = {"items": [single("q001"), single("q002")]}
        Block.objects.create(module=module, key="quizblk1", kind="quiz", data=data, position=9)
        publish(module_id=module.pk, by=None)
    module.refresh_from_db()


def _ask_no_more(module: Module) -> None:
    with scoped(CLIENT):
        Block.objects.filter(module=module, kind="quiz").delete()
        publish(module_id=module.pk, by=None)


def _long_ago() -> dt.datetime:
    """Let what is finished be finished three months ago."""
    ago = timezone.now() - dt.timedelta(days=92)
    ModuleProgress.objects.update(finished_at=ago, understood_at=ago)
    return ago


def test_a_quiz_added_to_a_finished_scenario_is_scored_and_moves_nothing(
    rep: Person, scenario: Scenario
) -> None:
    play(rep, scenario, *PASSED)
    deliver()
    ago = _long_ago()
    _ask(scenario.module)
    hand_in(rep, scenario.module)
    deliver()
    assert not Delivery.objects.exclude(state="done").exists()
    progress = ModuleProgress.objects.get()
    assert progress.finished_at == ago
    assert progress.understood == ["q001", "q002"]
    assert progress.understood_at == ago
    assert LedgerEntry.objects.filter(rule="module_finished").count() == 1


def test_a_scenario_that_stays_without_its_quiz_wipes_nothing(
    rep: Person, scenario: Scenario
) -> None:
    _ask(scenario.module)
    hand_in(rep, scenario.module)
    deliver()
    ago = _long_ago()
    score = ModuleProgress.objects.get().first_score
    _ask_no_more(scenario.module)
    play(rep, scenario, *FAILED)
    deliver()
    progress = ModuleProgress.objects.get()
    assert (progress.finished_at, progress.understood_at) == (ago, ago)
    assert progress.first_score == score == 1
    assert LedgerEntry.objects.filter(rule="module_finished").count() == 1
