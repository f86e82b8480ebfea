"""What the client's sales manager has asked of learning and sales; a worker answers."""

import datetime as dt
import uuid

from analytics.associations import actions, launches, measures
from analytics.associations.question import usual
from courses.catalog.models import Course
from partners.models import Person

SALES_MANAGER = "okada"
STORY = "why"
"""A lesson of the course that was launched in waves: see `asking`."""


def ask(*, actor: Person, story_id: uuid.UUID, today: dt.date) -> None:
    """Let somebody have asked how learning goes along with selling, and what a launch in waves did."""
    actions.ask(actor=actor, question=usual(today))
    launches.ask(
        actor=actor,
        course=Course.objects.get(pk=story_id),
        sales=measures.APPOINTMENTS,
        currency="",
        months=measures.USUAL_LAUNCH,
    )
