"""Learning and selling of many reps for tests, in one line each."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from analytics.associations import measures
from analytics.associations.models import AskedGrid, Cell, CourseStudy, Grid, Report
from analytics.associations.question import Question
from courses.catalog.models import Course, Module
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


def found(*, name: str = "みらい営業", partners: int = 6) -> dict[str, Any]:
    """Return a result as the engine makes it, of a few dots."""
    places = [
        {
            "number": n,
            "name": f"{name}{n or ''}",
            "reps": 6,
            "learning": 2.0 + n / 2,
            "sales": 0.2 - n / 100,
            "from": 1.0,
            "to": 4.0,
        }
        for n in range(partners)
    ]
    return {
        "people": 40,
        "reps": 36,
        "partners": partners,
        "no_sales": 3,
        "no_learning": 1,
        "grade": "D",
        "smallest": 0.42,
        "pooled": [-0.1, -0.4, 0.2],
        "within": [0.41, 0.2, 0.6],
        "between": [-0.6, None, None],
        "slope": [-0.01, -0.02, 0.01],
        "slope_within": [0.02, 0.01, 0.03],
        "headline": "within" if partners > 1 else "pooled",
        "drawn": "reps",
        "draws": 2000,
        "seed": 1,
        "places": places,
        "held_back": 1,
        "not_drawn": 3,
        "middle": [2.5, 0.18],
        "span": [0.0, 4.0],
        "dots": [
            [n, 1.0 + k / 2, 0.1 + n / 50 + k / 90] for n in range(partners) for k in range(6)
        ],
    }


def ready_report(person: Person, result: dict[str, Any] | None = None, **asked: Any) -> Report:
    """Make a report that somebody has asked for and that is there."""
    question = Question(since=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1), **asked)
    return Report.objects.create(
        organisation_id=person.organisation_id,
        requested_by=person,
        question=question.told(),
        question_key=question.key,
        state=Report.State.READY,
        as_of=NOW,
        inputs=uuid.uuid4().hex,
        engine="1",
        result=found() if result is None else result,
    )


def ready_grid(
    place: Organisation, *, until: dt.date = dt.date(2026, 11, 1), reps: int = 36
) -> Grid:
    """Make a grid of this organisation: the first pair of three is marked, the last one says nothing."""
    grid = Grid.objects.create(
        organisation=place,
        since=until.replace(year=until.year - 1),
        until=until,
        lag=1,
        as_of=NOW,
        inputs=uuid.uuid4().hex,
        engine="grid-1",
        people=reps + 4,
        reps=reps,
        partners=6,
        tested=2,
    )
    said = {"low": 0.1, "high": 0.6, "p": 0.001, "q": 0.002, "smallest": 0.4}
    rows: list[dict[str, Any]] = [
        {"learning": measures.FINISHED, "value": 0.41, **said},
        {"learning": measures.QUIZ, "value": -0.07, **said, "low": -0.4, "p": 0.7, "q": 0.7},
        {"learning": measures.MINUTES, "reason": measures.FEW},
    ]
    for row in rows:
        Cell.objects.create(
            grid=grid,
            organisation=place,
            sales=measures.APPOINTMENTS,
            reps=reps if "value" in row else 12,
            partners=6,
            **row,
        )
    return grid


def waiting_grid(person: Person) -> AskedGrid:
    """Make a grid that somebody has asked for and that nobody has computed yet."""
    return AskedGrid.objects.create(
        organisation_id=person.organisation_id,
        requested_by=person,
        since=SEPTEMBER,
        until=OCTOBER,
        lag=1,
    )


def ready_study(
    place: Organisation, course: Course, result: dict[str, Any] | None = None
) -> CourseStudy:
    """Make the study of a course for this organisation; of nobody, unless told otherwise."""
    nobody = {"answers": [], "estimates": [], "findings": [], "facts": {}, "grade": "E"}
    return CourseStudy.objects.create(
        organisation=place,
        course=course,
        state=CourseStudy.State.READY,
        since=dt.date(2024, 11, 1),
        until=dt.date(2026, 11, 1),
        inputs=uuid.uuid4().hex,
        engine="course-1.2",
        as_of=NOW,
        checked_at=NOW,
        completions=0,
        partners=0,
        result=result or nobody,
    )
