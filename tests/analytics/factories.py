"""Learning and its summaries for tests, in one line each."""

import datetime as dt
import random
import uuid

import time_machine
from django.core.cache import cache

from analytics import actions
from core import outbox
from core.models import Delivery
from courses.catalog.models import Module
from courses.progress.actions import Beat, record_beats
from courses.quizzes.actions import Receipt
from partners.models import Person
from tests.courses.factories import hand_in


def learn(
    person: Person,
    module: Module,
    *,
    right: int | None = None,
    retry: bool = False,
    at: dt.datetime | None = None,
) -> Receipt:
    """Hand in a quiz (at a moment in the past), and let the workers score and count it."""
    if at is None:
        receipt = hand_in(person, module, right=right, retry=retry)
    else:
        with time_machine.travel(at, tick=False):
            receipt = hand_in(person, module, right=right, retry=retry)
    deliver()
    return receipt


def watch(person: Person, module: Module, *, seconds: int) -> None:
    """Read a module for a while."""
    beat = Beat(module_id=module.pk, session=uuid.uuid4(), seq=1, kind="reading", seconds=seconds)
    record_beats(person=person, beats=[beat])


def deliver(shuffled: random.Random | None = None) -> int:
    """Work off the outbox as workers would, in any order; return how many were done."""
    done = 0
    while waiting := list(Delivery.objects.filter(state="pending").values_list("pk", flat=True)):
        if shuffled:
            shuffled.shuffle(waiting)
        now = sum(outbox.process(pk) for pk in waiting)
        if not now:
            failed = Delivery.objects.filter(state="pending").exclude(error="").first()
            raise AssertionError(failed and f"{failed.handler}: {failed.error}")
        done += now
    return done


def catch_up(shuffled: random.Random | None = None) -> None:
    """Let everything come to rest: the outbox, people that no news told of, sums for everybody."""
    deliver(shuffled)
    cache.delete("analytics.people")
    actions.mend()
