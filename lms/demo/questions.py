"""What the client's sales manager has asked of learning and sales, for a worker to answer; and a roll-out by lot."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from analytics.associations import actions, launches, lot, measures
from analytics.associations.models import Rollout, RolloutPlace, RolloutPower
from analytics.associations.question import usual
from core.months import after
from courses.catalog.models import Course
from lms.demo.chance import stream
from lms.demo.content import CLIENT
from lms.demo.places import Place
from partners.models import Person

SALES_MANAGER = "okada"
STORY, TALK = "why", "listen"
"""A lesson of the course that was launched in waves (see `asking`), and one of the course that will be."""

WAVES = 4


@dataclasses.dataclass(frozen=True)
class Questions:
    """Who asks, on which day, in a world of this seed."""

    actor: Person
    today: dt.date
    seed: int

    def ask(self, story_id: uuid.UUID) -> None:
        """Let it have been asked how learning goes along with selling, and what a launch in waves did."""
        actions.ask(actor=self.actor, question=usual(self.today))
        launches.ask(
            actor=self.actor,
            course=Course.objects.get(pk=story_id),
            sales=measures.APPOINTMENTS,
            currency="",
            months=measures.USUAL_LAUNCH,
        )

    def plan(self, talk_id: uuid.UUID, places: Sequence[Place]) -> None:
        """Let a roll-out at all partners from next month on have been drawn; the seed is that of the world."""
        sizes = {each.id: each.text.reps or 0 for each in places if each.text.key != CLIENT}
        own = {"organisation_id": self.actor.organisation_id}
        when = {"first": after(self.today.replace(day=1)), "gap": 1}
        power = RolloutPower(
            **own,
            **when,
            requested_by=self.actor,
            course_id=talk_id,
            sales=measures.APPOINTMENTS,
            partners=sorted(sizes),
        )
        power.question_key = power.key
        power.save(force_insert=True)
        plan = Rollout.objects.create(
            **own,
            **when,
            power=power,
            course_id=talk_id,
            waves=WAVES,
            seed=f"{stream(self.seed, 'lot').getrandbits(128):032x}",
            drawn_by=self.actor,
        )
        RolloutPlace.objects.bulk_create(
            RolloutPlace(rollout=plan, partner_id=partner, wave=wave, reps=sizes[partner], **own)
            for partner, wave in lot.draw(plan.seed, sizes, WAVES).items()
        )
