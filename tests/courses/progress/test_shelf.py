"""A shelf of any length: pages of it, what stands first, and what comes next, as if all of it had been read."""

import datetime as dt
import random
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.catalog.models import Course, Module
from courses.progress import asked, queries
from courses.progress.models import ModuleProgress
from courses.progress.queries import Way, shelf
from courses.progress.queries.ways import rows_of, ways_of
from partners.models import Person
from tests.courses.assignments.factories import in_days, make_assignment, person_target
from tests.courses.factories import hand_in, make_course, make_module, single
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def whole(person: Person) -> list[Way]:
    return ways_of(rows_of(person).order_by(*shelf.SHELF), asked.of(person))


def followed(found: Sequence[Way], module: Module) -> Way | None:
    place = next(i for i, way in enumerate(found) if way.module_id == module.pk)
    return queries.next_way([*found[place + 1 :], *found[:place]])


@pytest.mark.parametrize("seed", range(8))
def test_what_is_first_and_next_is_what_the_whole_shelf_says(rep: Person, seed: int) -> None:
    rng = random.Random(seed)
    courses = [make_course(position=number) for number in range(3)]
    modules = [
        make_module(course=rng.choice(courses), position=rng.randrange(4), items=[single("q001")])
        for _ in range(12)
    ]
    for module in modules:
        _live(rng, rep, module)
    for module in rng.sample(modules, rng.randrange(3)):
        make_assignment(module, [person_target(rep)], due_on=in_days(rng.randrange(1, 20)))
    full, short = whole(rep), queries.shortlist(rep, 6)
    assert queries.next_way(short.ways) == queries.next_way(full)
    assert short.total == 12
    assert short.done == sum(not way.to_do for way in full)
    unasked = [way for way in full if way.to_do and not way.asked]
    assert [way for way in short.ways if way.to_do and not way.asked][:4] == unasked[:4]
    missed = sorted((w for w in full if w.to_practise), key=lambda w: str(w.last_at), reverse=True)
    assert queries.to_practise(short.ways) == next(iter(missed), None), "what was missed last"
    assert queries.asked_ways(rep) == queries.in_order([w for w in full if w.asked and w.to_do])
    for module in modules:
        assert queries.following(rep, module.pk) == followed(full, module)


def _live(rng: random.Random, rep: Person, module: Module) -> None:
    """Leave the module, begin it, finish it, or understand it."""
    what, now = rng.choice(["", "", "begun", "finished", "understood"]), timezone.now()
    if what:
        ModuleProgress.objects.create(
            person=rep,
            organisation=rep.organisation,
            module=module,
            last_at=now - dt.timedelta(minutes=rng.randrange(10_000)),
            finished_at=now if what != "begun" else None,
            understood_at=now if what == "understood" else None,
            understood=["q001"] if what == "understood" else [],
        )


@pytest.fixture
def long_shelf(monkeypatch: pytest.MonkeyPatch) -> list[Course]:
    monkeypatch.setattr(shelf, "PAGE_SIZE", 4)
    courses = [make_course(f"コース{number}", position=number) for number in range(3)]
    for course in courses:
        for _ in range(3):
            make_module(course=course, items=[single("q001")])
    return courses


def test_the_shelf_comes_page_by_page(rep: Person, long_shelf: list[Course]) -> None:
    browser = sign_in(Browser(), rep)
    first, last = (browser.get(f"/learn/?page={n}").content.decode() for n in (1, 3))
    assert first.count("data-shelf=") == 4
    assert "コース0" in first
    assert 'rel="next"' in first
    assert last.count("data-shelf=") == 1
    assert "コース2" in last


def test_a_link_to_a_course_opens_the_page_on_which_it_begins(
    rep: Person, long_shelf: list[Course]
) -> None:
    browser = sign_in(Browser(), rep)
    for course in long_shelf:
        html = browser.get(f"/learn/?course={course.pk}").content.decode()
        assert f'id="c{course.pk}"' in html
    assert browser.get("/learn/?course=nonsense").status_code == 200


def test_what_is_asked_stands_on_the_first_page(rep: Person, long_shelf: list[Course]) -> None:
    module = Module.objects.filter(course=long_shelf[2]).first()
    assert module
    make_assignment(module, [person_target(rep)], due_on=in_days(3))
    browser = sign_in(Browser(), rep)
    assert 'id="asked"' in browser.get("/learn/").content.decode()
    assert 'id="asked"' not in browser.get("/learn/?page=2").content.decode()


def test_the_offices_first_page_shows_a_few_modules_of_many(rep: Person) -> None:
    browser = sign_in(Browser(), make_person(rep.organisation, roles=["manager"]))
    modules = [make_module(items=[single("q001")]) for _ in range(9)]
    browser.get("/")
    few = _queries(browser, "/")
    modules += [make_module(items=[single("q001")]) for _ in range(6)]
    hand_in(rep, modules[0])
    browser.get("/")
    assert _queries(browser, "/") == few
    assert browser.get("/").content.decode().count('href="/modules/') == 8


def _queries(browser: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)
