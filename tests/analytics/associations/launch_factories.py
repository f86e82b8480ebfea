"""Launches that were looked at and roll-outs that were planned, for tests, in one line each."""

import datetime as dt
import uuid
from typing import Any

from analytics.associations import measures
from analytics.associations.models import LaunchStudy, Rollout, RolloutPlace, RolloutPower
from courses.catalog.models import Course
from partners.models import Organisation, Person
from tests.analytics.associations.factories import NOW


def ready_launch(
    person: Person, course: Course, result: dict[str, Any] | None = None, **fields: Any
) -> LaunchStudy:
    """Make a launch that somebody has looked at; of too few companies, unless told otherwise."""
    answer = {"grade": "E", "reasons": ["few_treated_groups"], "headline": None, "smallest": None}
    start = {"organisation_id": str(person.organisation_id), "month": "2026-03", "by": "asked"}
    nothing = {
        "answer": {**answer, "learning": "treated", "sales": measures.APPOINTMENTS, "findings": []},
        "grade": "E",
        "estimates": [],
        "facts": {"units": 36, "groups": 4, "times": 18, "missing": 0.0},
        "others": 3,
        "before": 0,
        "drawn": None,
        "starts": [{**start, "early": False, "reps": 7}],
    }
    asked = {"sales": measures.APPOINTMENTS, "months": 18, "launched": 1, "partners": 4, **fields}
    study = LaunchStudy(
        organisation_id=person.organisation_id,
        requested_by=person,
        course=course,
        state=LaunchStudy.State.READY,
        since=dt.date(2025, 5, 1),
        until=dt.date(2026, 11, 1),
        as_of=NOW,
        inputs=uuid.uuid4().hex,
        engine="launch-1.2",
        result=result or nothing,
        **asked,
    )
    study.question_key = study.key
    study.save(force_insert=True)
    return study


def ready_power(
    person: Person, course: Course, partners: list[Organisation], **fields: Any
) -> RolloutPower:
    """Make a comparison of two and three waves that somebody has asked for."""
    way = {"least": 4, "most": 4, "enough": True}
    result = {
        "companies": len(partners),
        "left_out": 0,
        "months": 24,
        "mean": 20.3,
        "waves": [
            {"waves": 2, "months": 2, "smallest": 1.8, **way},
            {"waves": 3, "months": 4, "smallest": 1.46, **way},
        ],
    }
    power = RolloutPower(
        organisation_id=person.organisation_id,
        requested_by=person,
        course=course,
        partners=[each.pk for each in partners],
        state=RolloutPower.State.READY,
        as_of=NOW,
        inputs=uuid.uuid4().hex,
        engine="rollout-1",
        **{
            "sales": measures.APPOINTMENTS,
            "first": dt.date(2099, 1, 1),
            "gap": 2,
            "result": result,
            **fields,
        },
    )
    power.question_key = power.key
    power.save(force_insert=True)
    return power


def ready_rollout(power: RolloutPower, waves: dict[uuid.UUID, int], **fields: Any) -> Rollout:
    """Make the plan that was drawn from a comparison, with companies in these waves."""
    plan = Rollout.objects.create(
        organisation_id=power.organisation_id,
        power=power,
        course_id=power.course_id,
        first=power.first,
        gap=power.gap,
        waves=max(2, *waves.values()),
        seed="5eed" * 8,
        drawn_by=power.requested_by,
        **fields,
    )
    for partner, wave in waves.items():
        RolloutPlace.objects.create(
            rollout=plan,
            organisation_id=power.organisation_id,
            partner_id=partner,
            wave=wave,
            reps=7,
        )
    return plan
