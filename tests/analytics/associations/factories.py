"""Learning and selling of many reps for tests, in one line each."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from courses.catalog.models import Module
from courses.progress.models import ModuleProgress
from partners.models import Organisation, Person, Team
from sales.actions import Count, record_activities
from sales.models import Product, Record, Source
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.sales.factories import make_crm, make_product

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)


def market() -> tuple[Organisation, Product, list[Module]]:
    """Make the client, a CRM that counts calls and appointments by day, a product, and four modules."""
    client = make_client(time_zone="Asia/Tokyo")
    make_crm("ホナミCRM")
    Record.objects.filter(measure__in=["appointments", "qualified"]).update(grain="activity")
    course = make_course()
    return client, make_product(), [make_module(course=course, items=[]) for _ in range(4)]


def sell(
    person: Person, figures: Mapping[dt.date, Mapping[str, int]], product: Product | None = None
) -> None:
    """Let a person have sold: {day: {measure: count}}."""
    product = product or Product.objects.earliest("created_at")
    record_activities(
        source_id=Source.objects.get(kind="crm").pk,
        counts=[
            Count(person_id=person.pk, product_id=product.pk, day=day, measure=measure, count=n)
            for day, counts in figures.items()
            for measure, n in counts.items()
        ],
    )


def finish(
    person: Person, module: Module, at: dt.datetime, *, score: str = "0.800", seconds: int = 300
) -> None:
    """Let a person have finished a module at a moment."""
    ModuleProgress.objects.create(
        person=person,
        organisation_id=person.organisation_id,
        module=module,
        started_at=at,
        last_at=at,
        finished_at=at,
        active_seconds=seconds,
        first_score=Decimal(score),
    )


def noon(day: dt.date) -> dt.datetime:
    """Return noon of a day in Tokyo."""
    return dt.datetime.combine(day, dt.time(3), tzinfo=dt.UTC)


def seller(
    place: Organisation, *, learnt: int, made: int, modules: list[Module], **fields: Any
) -> Person:
    """Make a rep who finished so many modules in August and made so many appointments of 100 calls in September."""
    person = make_person(place, sign_in=False, family_name="田中", **fields)
    for module in modules[:learnt]:
        finish(person, module, noon(dt.date(2026, 8, 3)))
    sell(person, {SEPTEMBER: {"calls": 100, "appointments": made}})
    return person


def partners_that_differ(
    modules: list[Module], *, partners: int = 6, reps: int = 6, **fields: Any
) -> list[Organisation]:
    """Make partners: colleagues who learned more sell more, companies that learned more sell less."""
    found = []
    for number in range(partners):
        place = make_partner(f"会社{number}")
        for n in range(reps):
            learnt = min(number // 2 + n % 2, len(modules))
            seller(
                place,
                learnt=learnt,
                made=40 - 10 * (number // 2) + 4 * (n % 2) + n % 3,
                modules=modules,
                **fields,
            )
        found.append(place)
    return found


def team_of(place: Organisation) -> Team:
    """Return a team of this organisation."""
    return Team.objects.create(organisation=place, name="第1チーム")
