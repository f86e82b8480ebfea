"""What the client's sales manager has asked of learning and sales; a worker answers."""

import datetime as dt
import uuid

from analytics.associations import actions, launches, measures, rollouts
from analytics.associations.queries import rollouts as planning
from analytics.associations.question import usual
from core.months import after
from courses.catalog.models import Course
from partners.models import Person

SALES_MANAGER = "okada"
STORY, TALK = "why", "listen"
"""A lesson of the course that was launched in waves (see `asking`), and one of the course that will be."""

WAVES = 4


def ask(*, actor: Person, story_id: uuid.UUID, talk_id: uuid.UUID, today: dt.date) -> None:
    """Let somebody have asked how learning goes along with selling, what a launch in waves did, and planned one."""
    actions.ask(actor=actor, question=usual(today))
    launches.ask(
        actor=actor,
        course=Course.objects.get(pk=story_id),
        sales=measures.APPOINTMENTS,
        currency="",
        months=measures.USUAL_LAUNCH,
    )
    compared = rollouts.compare(
        actor=actor,
        course=Course.objects.get(pk=talk_id),
        sales=measures.APPOINTMENTS,
        currency="",
        partners=list(planning.offered(actor).values_list("pk", flat=True)),
        first=after(today.replace(day=1)),
        gap=1,
    )
    rollouts.draw(actor=actor, power=compared, waves=WAVES)
