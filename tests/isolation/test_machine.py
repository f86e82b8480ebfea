"""People come, move, leave and return, things are shared and taken back: each step leaves the partners apart.

`THOROUGH=10 ./test tests/isolation/test_machine.py` walks 500 steps.
"""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.scope import CLIENT, scoped
from courses.assignments.actions.assigning import Wish, assign, cancel
from courses.assignments.models import Assignment
from courses.assignments.targets import Target
from partners.actions import belonging
from partners.models import Person
from partners.problems import Problem
from tests.courses.factories import make_module
from tests.isolation.asking import run_news
from tests.partners.factories import make_client, make_partner, make_person, sign_in
from tests.plugin.thorough import times

NAMES = ("あおば", "みらい")
PAGES = ("/team/members/", "/api/v1/people", "/api/v1/assignments", "/api/v1/progress")


class Partners(RuleBasedStateMachine):
    """Two partners, and a client whose administrator moves people about; `where` is the truth by name."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.admin = make_person(make_client(), roles=["admin"])
        self.places = [make_partner(f"{name}{uuid.uuid4().hex[:6]}") for name in NAMES]
        managers = [make_person(place, roles=["manager"]) for place in self.places]
        self.browsers = [sign_in(Browser(), manager) for manager in managers]
        self.module = make_module()
        self.where: dict[str, int] = {}
        self.shared: list[set[str]] = [set(), set()]
        self.numbers = iter(range(1, 1000))

    @rule(target=people, place=st.sampled_from([0, 1]))
    def create(self, place: int) -> tuple[str, Any]:
        """Somebody comes to a partner."""
        name = f"名札{next(self.numbers):03}号"
        person = make_person(self.places[place], family_name=name, sign_in=False)
        self.where[name] = place
        return name, person.pk

    @rule(one=people, place=st.sampled_from([0, 1]))
    def move(self, one: tuple[str, Any], place: int) -> None:
        """Somebody moves to a partner."""
        with scoped(CLIENT):
            if not Person.objects.get(pk=one[1]).is_active:
                return
            belonging.move_person(
                actor=self.admin,
                person_id=one[1],
                organisation=self.places[place],
                team=None,
                on=dt.datetime.now(dt.UTC).date(),
                roles=["rep"],
            )
        self.where[one[0]] = place

    @rule(one=people, back=st.booleans())
    def leave(self, one: tuple[str, Any], back: bool) -> None:
        """Somebody leaves, or comes back."""
        act = belonging.reactivate_person if back else belonging.deactivate_person
        with scoped(CLIENT):
            act(actor=self.admin, person_id=one[1])

    @rule(place=st.sampled_from([0, 1]))
    def share(self, place: int) -> None:
        """The client asks one partner for something, with a word."""
        word = f"伝言{next(self.numbers):03}号"
        wish = Wish(
            module=self.module,
            targets=[Target("organisation", self.places[place].pk)],
            message=word,
            key=uuid.uuid4(),
        )
        with scoped(CLIENT):
            try:
                row = assign(actor=self.admin, wish=wish)
            except Problem:  # nobody is there whom it would reach
                return
        self.shared[place].add(str(row.pk))

    @rule()
    def revoke(self) -> None:
        """The client takes back what it asked for last."""
        with scoped(CLIENT):
            last = Assignment.objects.filter(cancelled_at=None).order_by("-pk").first()
            if last is not None:
                cancel(actor=self.admin, assignment_id=last.pk)

    @invariant()
    def apart(self) -> None:
        """Each partner's manager finds nobody and nothing of the other, however they look."""
        run_news()
        for place, browser in enumerate(self.browsers):
            seen = " ".join(browser.get(page).content.decode() for page in PAGES)
            others = {name for name, at in self.where.items() if at != place}
            assert not [name for name in others if name in seen]
            assert not [pk for pk in self.shared[1 - place] - self.shared[place] if pk in seen]


@pytest.mark.django_db
def test_partners_stay_apart_whoever_comes_moves_and_leaves() -> None:
    few = settings(
        max_examples=times(5),
        stateful_step_count=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Partners, settings=few)
