"""A manager's home: how far the own team is, who is late, whom to talk to; nothing of other companies."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.assignments.models import Enrolment
from courses.catalog.models import Module
from partners.models import Person, Team
from tests.analytics.test_asked import settle
from tests.courses.assignments.factories import make_admin, make_assignment, reps_of
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

TALK = "今日、声をかけるなら"


@pytest.fixture
def team() -> Team:
    make_client()
    return make_team(make_partner("みらい営業"), "第1チーム")


def manager(team: Team, *roles: str) -> Browser:
    return sign_in(Browser(), make_person(team.organisation, team=team, roles=["manager", *roles]))


def ask(team: Team, *, late: bool, count: int = 1) -> tuple[Module, list[Person]]:
    """Have people of a team, of whom a module is required; `late`: since yesterday."""
    people = [make_person(team.organisation, team=team, sign_in=False) for _ in range(count)]
    module = make_module(title="価格の話")
    row = make_assignment(module, [reps_of(team.organisation)], by=make_admin())
    settle()
    if late:
        due = timezone.now() - dt.timedelta(days=1)
        Enrolment.objects.filter(assignment=row).update(due_at=due)
    settle()
    return module, people


def home(browser: Browser, language: str = "ja") -> str:
    browser.cookies["language"] = language
    response = browser.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_manager_s_home_begins_with_who_is_late_and_whom_to_talk_to(team: Team) -> None:
    module, (one, two, *others) = ask(team, late=True, count=5)
    hand_in(one, module)
    settle()
    browser = manager(team)
    page = home(browser)
    late = f"/team/members/?team={team.pk}&amp;state=late"
    assert "1人 / 対象5人" in page
    assert f'href="{late}"' in page
    assert page.index(TALK) < page.index('id="contents"') < page.index('id="people"')
    assert page.count('href="/team/members/') >= 1 + 3
    shown = browser.get(late.replace("&amp;", "&")).content.decode()
    assert all(person.name in shown for person in (two, *others))
    assert f"/team/members/{one.pk}/" not in shown
    assert "of 5 people: see who" in home(browser, "en")


def test_one_who_is_late_is_one_person(team: Team) -> None:
    ask(team, late=True)
    browser = manager(team)
    assert "<b>1<small>人</small></b>" in home(browser)
    assert "<b>1<small> person</small></b>" in home(browser, "en")


def test_where_nobody_is_late_home_says_so_calmly(team: Team) -> None:
    module, (one,) = ask(team, late=False)
    hand_in(one, module)
    settle()
    page = home(manager(team))
    assert "state=late" not in page
    assert "みなさん順調です" in page


def test_a_team_without_reps_is_told_what_will_be_here(team: Team) -> None:
    settle()
    page = home(manager(team))
    assert "まだ担当者がいません" in page
    assert TALK not in page


def test_a_manager_who_learns_sees_the_next_thing_first(team: Team) -> None:
    ask(team, late=True)
    page = home(manager(team, "rep"))
    assert page.index("価格の話") < page.index("state=late") < page.index(TALK)


def test_the_client_s_manager_sees_the_own_team_and_no_tiles_without_reps(team: Team) -> None:
    client = make_client()
    ours = make_team(client, "直販営業")
    browser = manager(ours)
    settle()
    assert TALK not in home(browser)
    make_person(client, team=ours)
    ask(team, late=True)
    page = home(browser)
    assert f"/progress/companies/{client.pk}/?team={ours.pk}" in page
    assert "/progress/companies/" + str(team.organisation_id) not in page


def test_others_homes_stay_as_they_are(team: Team) -> None:
    ask(team, late=True)
    for roles in (["rep"], ["ace"]):
        browser = sign_in(Browser(), make_person(team.organisation, team=team, roles=roles))
        assert TALK not in home(browser)


def test_a_rival_changes_nothing_of_it(team: Team) -> None:
    ask(team, late=True, count=2)
    browser = manager(team)
    before = figures(home(browser))
    rival = make_team(make_partner("あおば商事"))
    for number in range(3):
        make_person(rival.organisation, team=rival, family_name=f"他社{number}")
    settle()
    page = home(browser)
    assert figures(page) == before
    assert "他社" not in page


def figures(page: str) -> str:
    """Return the part of a page that tells of the team."""
    return page[page.index('id="team-today"') : page.index('id="contents"')]


def test_accounts_that_are_none_are_not_counted_out(team: Team) -> None:
    settle()
    page = home(manager(team))
    assert "利用中" in page
    assert "招待中" not in page
    make_person(team.organisation, team=team, sign_in=False)
    assert "未招待" in home(manager(team))


@pytest.mark.parametrize("roles", [(), ("rep",)])
def test_home_asks_the_database_the_same_number_of_times(team: Team, roles: tuple[str]) -> None:
    browser = manager(team, *roles)
    ask(team, late=True, count=2)
    home(browser)
    few = queries(browser)
    ask(team, late=True, count=12)
    for _ in range(3):
        make_module()
        make_team(team.organisation)
    settle()
    home(browser)  # what is kept for a while was forgotten meanwhile
    assert queries(browser) == few
    assert few <= 30


def queries(browser: Browser) -> int:
    with CaptureQueriesContext(connection) as found:
        home(browser)
    return len(found)


@pytest.mark.parametrize("role", ["sales_manager", "manager"])
def test_who_looks_after_all_companies_sees_which_are_furthest_from_the_target(
    team: Team, role: str
) -> None:
    module, people = ask(team, late=True, count=10)
    for person in people[:8]:
        hand_in(person, module)
    far = make_team(make_partner("あおば商事"), "第1チーム")
    ask(far, late=False, count=5)
    done = make_team(make_partner("きらり販売"), "第1チーム")
    module, people = ask(done, late=False, count=2)
    for person in people:
        hand_in(person, module)
    settle()
    page = home(sign_in(Browser(), make_person(make_client(), roles=[role])))
    told = page[page.index('id="all-today"') : page.index('id="contents"')]
    assert "10人 / 対象17人" in told
    assert 'href="/progress/?sort=late#companies"' in told
    assert told.index("あおば商事") < told.index("みらい営業")
    assert "必修の修了 80%（10人中 8人）" in told
    assert "おくれている人 2人" in told
    assert "きらり販売" not in told
    assert f"/progress/companies/{far.organisation.pk}/" in told


def test_the_first_page_of_all_takes_the_same_queries_for_one_company_and_many(team: Team) -> None:
    ask(team, late=True)
    head = sign_in(Browser(), make_person(make_client(), roles=["sales_manager"]))
    asked = []
    for more in (0, 12):
        for number in range(more):
            ask(make_team(make_partner(f"会社{number}"), "チーム"), late=True)
        settle()
        home(head)
        with CaptureQueriesContext(connection) as found:
            home(head)
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert asked[0] <= 15


def test_administrators_and_authors_see_no_figures_of_companies(team: Team) -> None:
    ask(team, late=True)
    for roles in (["admin"], ["author"]):
        page = home(sign_in(Browser(), make_person(make_client(), roles=roles)))
        assert 'id="all-today"' not in page
