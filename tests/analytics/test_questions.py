"""Question by question: first attempts, as the questions stand now, among whom one may see."""

import datetime as dt
import math
import re
import statistics
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from analytics.figures import Share
from analytics.queries import questions as reads
from analytics.questions import ENOUGH, Discrimination, Option, Question, hardest_first
from core.scope import CLIENT, scoped
from courses.catalog.models import Block, Module
from courses.progress.publishing import publish
from courses.quizzes.actions import Delivered, GivenAnswer, correct_key, take_answers
from partners.models import Organisation, Person, Team
from tests.analytics.factories import catch_up, deliver
from tests.courses.factories import hand_in, make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in


def _question(right: int, n: int, correlation: float | None = None, *wrong: int) -> Question:
    options = [Option("right", True, Share(right, n))]
    options += [Option(f"wrong {k}", False, Share(part, n)) for k, part in enumerate(wrong)]
    return Question(1, "?", Share(right, n), correlation, options)


@given(r=st.floats(-0.999, 0.999), n=st.integers(4, 5000))
def test_the_interval_of_a_discrimination_holds_it_and_narrows(r: float, n: int) -> None:
    found, later = Discrimination.of(r, n), Discrimination.of(r, 4 * n)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert later.high - later.low <= found.high - found.low + 1e-12


def test_the_interval_is_fisher_s() -> None:
    found = Discrimination.of(0.5, 103)
    assert found.low == pytest.approx(math.tanh(math.atanh(0.5) - 0.1959963984540054))
    assert found.high == pytest.approx(math.tanh(math.atanh(0.5) + 0.1959963984540054))
    assert Discrimination.of(1.0, 40) == Discrimination(1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("question", "remarks"),
    [
        (_question(10, ENOUGH - 1, -0.9, 0, 19), []),
        (_question(60, 100, 0.4, 25, 15), []),
        (_question(30, 100, -0.5, 60, 10), ["reversed", "lured"]),
        (_question(60, 400, 0.02, 30, 10), ["blunt"]),
        (_question(1000, 1000, None, 0, 0), ["known", "unused"]),
    ],
)
def test_a_question_is_judged_from_enough_answers_on(
    question: Question, remarks: list[str]
) -> None:
    assert question.remarks == remarks


def test_the_hardest_comes_first_and_what_nobody_answered_last() -> None:
    easy, hard, unknown = _question(9, 10), _question(2, 10), _question(0, 0)
    assert hardest_first([unknown, easy, hard]) == [hard, easy, unknown]


@pytest.fixture
def partner() -> Organisation:
    make_client()
    return make_partner()


@pytest.fixture
def module(partner: Organisation) -> Module:
    return make_module(items=[single("q001"), single("q002"), single("q003")])


def _answered(
    partner: Organisation, module: Module, *ways: str, team: Team | None = None
) -> list[Person]:
    """Let one rep after the other answer, each question by one of these letters: "aba"."""
    people = [make_person(partner, team=team) for _ in ways]
    now = dt.datetime.now(dt.UTC)
    for person, way in zip(people, ways, strict=True):
        answers = [
            GivenAnswer(f"q{n:03}", (letter,), n, now) for n, letter in enumerate(way, start=1)
        ]
        delivered = Delivered(
            attempt_id=uuid.uuid4(), answers=answers, submit=True, module_id=module.pk
        )
        take_answers(person=person, delivered=delivered)
    deliver()
    return people


def _author() -> Person:
    return make_person(make_client(), roles=["author"])


def _by_number(viewer: Person, module: Module) -> list[Question]:
    found = reads.questions(viewer, module.pk).questions
    return sorted(found, key=lambda one: one.number)


@pytest.mark.django_db
def test_what_was_chosen_is_counted_in_first_attempts_and_correlated_with_the_rest(
    partner: Organisation, module: Module
) -> None:
    ways = ("aaa", "aab", "bab", "bbb")
    people = _answered(partner, module, *ways)
    hand_in(people[3], module)
    deliver()
    found = _by_number(_author(), module)
    assert [(one.right.part, one.n) for one in found] == [(2, 4), (3, 4), (1, 4)]
    chosen = [[(each.is_right, each.chosen.part) for each in one.options][:2] for one in found]
    assert chosen == [[(True, 2), (False, 2)], [(True, 3), (False, 1)], [(True, 1), (False, 3)]]
    for place, one in enumerate(found):
        credit = [float(way[place] == "a") for way in ways]
        others = [way.count("a") - own for way, own in zip(ways, credit, strict=True)]
        assert one.correlation == pytest.approx(statistics.correlation(credit, others))


@pytest.mark.django_db
def test_answers_to_an_earlier_version_count_where_it_said_the_same(
    partner: Organisation, module: Module
) -> None:
    _answered(partner, module, "aaa", "aba")
    with scoped(CLIENT):
        block = Block.objects.get(module=module, kind="quiz")
        block.data["items"][0]["stem"] = "Asked otherwise now"
        block.save()
        publish(module_id=module.pk, by=None)
    module.refresh_from_db()
    _answered(partner, module, "bbb")
    assert [(one.right.part, one.n) for one in _by_number(_author(), module)] == [
        (0, 1),
        (1, 3),
        (2, 3),
    ]


@pytest.mark.django_db
def test_a_corrected_key_is_the_right_one(partner: Organisation, module: Module) -> None:
    _answered(partner, module, "aaa", "baa")
    with scoped(CLIENT):
        correct_key(
            quiz_version_id=version_of(module).pk,
            item_key="q001",
            correct_keys=["b"],
            note="",
            by=_author().pk,
        )
    deliver()
    first = _by_number(_author(), module)[0]
    assert [(each.is_right, each.chosen.part) for each in first.options][:2] == [
        (False, 1),
        (True, 1),
    ]
    assert first.right == Share(1, 2)


@pytest.mark.django_db
def test_a_partner_s_manager_sees_their_own_people_s_answers(
    partner: Organisation, module: Module, client: Browser
) -> None:
    _answered(partner, module, "aaa", "bbb")
    other = make_partner()
    _answered(other, module, "aaa")
    manager = make_person(other, roles=["manager"])
    assert {one.n for one in reads.questions(manager, module.pk).questions} == {1}
    assert {one.n for one in reads.questions(_author(), module.pk).questions} == {3}
    url = f"/reports/questions/{module.pk}/"
    assert sign_in(client, manager).get(url).status_code == 200
    assert sign_in(Browser(), make_person(other)).get(url).status_code == 404


@pytest.mark.django_db
def test_the_page_says_n_and_interval_and_is_reached_from_the_module(
    partner: Organisation, module: Module, client: Browser, django_assert_num_queries: Any
) -> None:
    url = f"/reports/questions/{module.pk}/"
    author = make_person(make_client(), roles=["author"], language="en")
    browser = sign_in(client, author)
    assert "Nobody has answered yet" in browser.get(url).content.decode()
    _answered(partner, module, "aaa", "aba", "abb")
    page = browser.get(url).content.decode()
    for words in ("Question 2", "1 of 3; 95% interval", "6 to 79%", "too few answers"):
        assert words in page, words
    assert url in browser.get(f"/modules/{module.pk}/").content.decode()
    with django_assert_num_queries(8):
        browser.get(url)
    _answered(partner, module, *["aab"] * 10)
    with django_assert_num_queries(8):
        browser.get(url)


@pytest.mark.django_db
def test_the_questions_of_a_team_are_those_of_the_figures_they_came_from(
    partner: Organisation, module: Module
) -> None:
    one, two = make_team(partner, "第1チーム"), make_team(partner, "第2チーム")
    _answered(partner, module, "aaa", "abb", team=one)
    _answered(partner, module, "bbb", "bbb", team=two)
    elsewhere = make_partner("あおば商事")
    _answered(elsewhere, module, "aaa")
    catch_up()
    manager = sign_in(Browser(), make_person(partner, team=one, roles=["manager"], language="en"))
    office = sign_in(Browser(), make_person(make_client(), roles=["admin"], language="en"))
    figures = f"modules/{module.pk}/"
    of = f"/progress/companies/{partner.pk}/{figures}"
    for browser, start, name, n in (
        (manager, f"/team/{figures}?team={one.pk}", "第1チーム", 2),
        (manager, f"/team/{figures}?team=all", partner.name, 4),
        (office, f"{of}?team={two.pk}", "第2チーム", 2),
        (office, of, partner.name, 4),
        (office, f"/progress/{figures}", "All companies", 5),
    ):
        page = browser.get(start).content.decode()
        assert f" of {n} right in the first attempt" in page, start
        (way,) = re.findall(r'href="(/reports/questions/[^"]+)"', page)
        page = browser.get(way.replace("&amp;", "&")).content.decode()
        assert f" of {n}; 95% interval" in page, start
        assert name in page.partition("<main")[2].partition("</h2>")[0], start
        assert f'class="iconbtn" href="{start}"' in page
    own = f"/reports/questions/{module.pk}/"
    page = manager.get(own).content.decode()
    assert f'class="iconbtn" href="/modules/{module.pk}/"' in page
    assert partner.name in page.partition("<main")[2].partition("</h2>")[0]
    for other in (elsewhere.pk, uuid.uuid4(), "x"):
        assert manager.get(f"{own}?organisation={other}").status_code == 404
    author = sign_in(Browser(), _author())
    assert author.get(f"{own}?organisation={partner.pk}").status_code == 404


@pytest.mark.django_db
def test_over_all_companies_those_that_are_worked_with_answer(
    partner: Organisation, module: Module
) -> None:
    _answered(partner, module, "aaa", "aaa")
    stopped = make_partner()
    _answered(stopped, module, "bbb")
    Organisation.objects.filter(pk=stopped.pk).update(is_active=False)
    assert {one.n for one in reads.questions(_author(), module.pk).questions} == {2}
