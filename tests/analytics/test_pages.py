"""Pages of progress: figures with their base, constant queries, and nothing of another company."""

import csv
import datetime as dt
import io
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analytics.models import GroupSummary
from courses.catalog.models import Module
from courses.progress.models import ModuleProgress
from courses.scenarios.actions.publishing import withdraw
from partners.models import Person, Team
from tests.analytics.factories import catch_up, learn
from tests.courses.factories import hand_in, make_course, make_module
from tests.courses.scenarios.factories import make_scenario, play
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

OFFICE = ["manager", "sales_manager", "admin"]


@pytest.fixture
def team() -> Team:
    make_client()
    return make_team(make_partner("みらい営業"), "第1チーム")


@pytest.fixture
def manager(team: Team) -> Browser:
    return sign_in(Browser(), make_person(team.organisation, team=team, roles=["manager"]))


@pytest.fixture
def office() -> Browser:
    return sign_in(Browser(), make_person(make_client(), roles=["sales_manager"]))


def reps(team: Team, count: int, **fields) -> list[Person]:
    return [
        make_person(team.organisation, team=team, sign_in=False, **fields) for _ in range(count)
    ]


def text(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def addresses(team: Team, module: Module, person: Person, *, of: bool) -> Iterator[str]:
    """Every page about this company, as its managers or (`of`) the client's people reach it."""
    place = {"organisation_id": team.organisation_id} if of else {}
    end = "_of" if of else ""
    for name in ("team", "members", "members_csv", "modules", "modules_csv"):
        yield reverse(f"analytics:{name}{end}", kwargs=place)
        yield reverse(f"analytics:{name}{end}", kwargs=place) + "?team=all"
    for state in ("", "?state=finished", "?team=all"):
        yield reverse(f"analytics:module{end}", kwargs=place | {"module_id": module.pk}) + state
    for query in ("state=late", "state=silent", "sort=quiz", "sort=last", "sort=name", "q=たな"):
        yield reverse(f"analytics:members{end}", kwargs=place) + f"?{query}"
    yield reverse("analytics:person", kwargs={"person_id": person.pk})


OVER_ALL = ("progress", "companies_csv", "modules_of_everybody", "modules_csv_of_everybody")


def test_a_manager_sees_the_own_team_with_its_figures(team, manager):
    module = make_module(title="価格の話")
    people = reps(team, 6)
    for number, person in enumerate(people[:5]):
        learn(person, module, right=number % 3)
    catch_up()
    page = text(manager, "/team/")
    assert "第1チーム" in page
    assert "価格の話" in page
    assert "n=1" in page


def test_people_without_learning_are_listed_too(team, manager):
    reps(team, 2, family_name="新田")
    catch_up()
    assert text(manager, "/team/members/").count("新田") >= 2


def test_an_empty_team_is_told_what_will_be_here(team, manager, office):
    assert "empty" in text(manager, "/team/")
    assert "empty" in text(office, "/progress/")
    make_module()
    assert text(office, "/progress/modules/")


def test_every_page_answers_in_both_languages(team, manager, office):
    module, (person, *_) = make_module(), reps(team, 6)
    learn(person, module, right=1)
    catch_up()
    for language in ("ja", "en"):
        for browser, of in ((manager, False), (office, True)):
            browser.cookies["language"] = language
            for url in addresses(team, module, person, of=of):
                assert text(browser, url), url
        for name in OVER_ALL:
            assert text(office, reverse(f"analytics:{name}"))
        assert text(office, f"/progress/modules/{module.pk}/")


def test_a_rivals_pages_are_as_if_they_were_not_there(team, manager):
    rival = make_team(make_partner("あおば商事"))
    (person,) = reps(rival, 1)
    module = make_module()
    learn(person, module)
    catch_up()
    for url in addresses(rival, module, person, of=True):
        nothing = url.replace(str(rival.organisation_id), str(uuid.uuid4())).replace(
            str(person.pk), str(uuid.uuid4())
        )
        assert manager.get(url).status_code == manager.get(nothing).status_code == 404, url
    for name in OVER_ALL:
        assert manager.get(reverse(f"analytics:{name}")).status_code == 404
    assert manager.get(f"/team/?team={rival.pk}").content.decode().count("あおば") == 0


def test_a_partners_pages_are_the_same_bytes_with_a_rival_and_without(team, manager):
    """Non-interference: nothing that a rival does changes a byte of what a manager is answered."""
    module = make_module()
    people = reps(team, 6)
    for number, person in enumerate(people[:5]):
        learn(person, module, right=number % 4)
    catch_up()
    pages = list(addresses(team, module, people[0], of=False))
    before = [_bare(manager, url) for url in pages]

    for _ in range(2):
        rival = make_team(make_partner())
        for person in reps(rival, 7, family_name="田中"):
            learn(person, module, right=0)
            learn(person, module, right=1, retry=True)
    catch_up()
    assert [_bare(manager, url) for url in pages] == before


_MOMENT = timezone.now()


def _bare(browser: Browser, url: str) -> bytes:
    """Return an answer of one moment (pages tell the time), without the token of its forms."""
    with time_machine.travel(_MOMENT, tick=False):
        response = browser.get(url)
    assert response.status_code == 200, url
    token = browser.cookies.get("csrf")
    del token
    content = response.content
    while b'name="csrfmiddlewaretoken" value="' in content:
        head, _, tail = content.partition(b'name="csrfmiddlewaretoken" value="')
        content = head + tail.partition(b'"')[2]
    return content


def test_pages_ask_the_database_the_same_number_of_times(team):
    """For 6 people, modules and companies as for 31; frame and sign-in included."""
    manager = sign_in(Browser(), make_person(team.organisation, team=team, roles=["manager"]))
    office = sign_in(Browser(), make_person(make_client(), roles=["admin"]))
    module, *_, hardly = _grow(team, 6)
    person = reps(team, 1)[0]
    asked = {
        manager: [
            *("/team/", "/team/?team=all", "/team/members/", "/team/modules/"),
            *("/team/members.csv", "/team/modules.csv", "/team/members/?q=田中"),
            *(f"/team/modules/{module.pk}/?state=finished", f"/team/modules/{hardly.pk}/"),
            f"/team/members/{person.pk}/",
        ],
        office: [
            *("/progress/", "/progress/modules/", f"/progress/modules/{module.pk}/"),
            *("/progress/companies.csv", "/progress/modules.csv"),
            f"/progress/companies/{team.organisation_id}/",
        ],
    }
    few = {url: _queries(browser, url) for browser, urls in asked.items() for url in urls}
    _grow(team, 25)
    many = {url: _queries(browser, url) for browser, urls in asked.items() for url in urls}
    assert few == many
    assert max(many.values()) <= 24, many


def _grow(team: Team, count: int) -> list[Module]:
    """Let so many more people of the team learn, so many modules be learnt, so many companies come."""
    make_team(team.organisation)
    modules, people = [make_module() for _ in range(count)], reps(team, count)
    for number, person in enumerate(people):
        hand_in(person, modules[0], right=1)
        hand_in(people[0], modules[number], right=1)
        reps(make_team(make_partner()), 1)
    catch_up()
    return modules


def _queries(browser: Browser, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return len(found)


def test_the_file_opens_in_a_spreadsheet_without_harm(team, manager):
    reps(team, 1, family_name="=1+1", given_name="")
    catch_up()
    content = manager.get("/team/members.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][2:4] == ["必修の件数", "うち修了"], (
        "the table's heading says how many are finished"
    )
    assert rows[1][0] == "'=1+1"


def test_the_file_of_modules_names_them_and_their_courses(team, manager, office):
    module = make_module(title="価格の対話", course=make_course("はじめての商談"))
    learn(reps(team, 2)[0], module)
    catch_up()
    for browser, address in ((manager, "/team/modules.csv"), (office, "/progress/modules.csv")):
        rows = list(csv.reader(io.StringIO(browser.get(address).content.decode("utf-8-sig"))))
        assert rows[1][:2] == ["価格の対話", "はじめての商談"]
        assert rows[1][3:6] == ["2", "1", "50"]


def test_a_small_company_shows_no_mean_beside_others(team, office):
    module = make_module()
    for person in reps(team, 4):
        learn(person, module, right=2)
    catch_up()
    assert "n=4）" in text(office, "/progress/") or "n=4)" in text(office, "/progress/")
    learn(reps(team, 1)[0], module, right=2)
    catch_up()
    assert "n=5" in text(office, "/progress/")


def test_a_scenario_s_module_leads_to_its_map_instead_of_questions(team, manager, office):
    scenario = make_scenario()
    play(reps(team, 1)[0], scenario, "ask1", "sign")
    catch_up()
    address = reverse("scenario_figures:scenario", args=[scenario.pk])
    here = f"?organisation={team.organisation_id}&amp;team={team.pk}"
    for browser, url, place in (
        (manager, f"/team/modules/{scenario.module_id}/", here),
        (office, f"/progress/modules/{scenario.module_id}/", ""),
    ):
        page = browser.get(url).content.decode()
        assert f'href="{address}{place}"' in page
        assert browser.get(f"{address}{place}".replace("&amp;", "&")).status_code == 200
        assert "初回の得点（平均）" in page, "as it is called everywhere else"
        assert "初回のプレイ 1件" in page
        assert "問題ごとの正答率" not in page
    withdraw(version_id=scenario.version_id, reason="値段", by=scenario.pk)
    assert f'href="{address}"' in office.get(url).content.decode(), "what was played is still there"


def test_a_draft_s_title_stays_with_its_authors(team, manager, office):
    scenario = make_scenario()
    module, played = make_module(title="価格の対話"), scenario.module
    people = reps(team, 6)
    for person in people:
        learn(person, module, right=0)
        play(person, scenario, "ask1", "sign")
    for _ in range(3):
        learn(people[0], module, right=0, retry=True)
    catch_up()
    secret = "計画ツバメ"
    Module.objects.filter(pk__in=[module.pk, played.pk]).update(title=secret)
    pages = {
        manager: ["/team/?team=all", *addresses(team, module, people[0], of=False)],
        office: [
            *addresses(team, module, people[0], of=True),
            *(reverse(f"analytics:{name}") for name in OVER_ALL),
            reverse("analytics:module_of_everybody", args=[module.pk]),
        ],
    }
    said = ""
    for browser, urls in pages.items():
        more = [
            reverse("scenario_figures:scenarios"),
            *(
                reverse(f"scenario_figures:{name}", args=[scenario.pk])
                for name in ("scenario", "runs", "numbers_csv")
            ),
            reverse("analytics:modules" if browser == manager else "analytics:modules_of_everybody")
            + "?q=ツバメ",
        ]
        for url in [*urls, *more]:
            page = text(browser, url).replace('value="ツバメ"', "")
            assert "ツバメ" not in page, url
            said += page
    assert "価格の対話" in text(manager, "/team/modules/?q=価格の対話")
    assert "価格の対話" in text(manager, f"/team/members/{people[0].pk}/")
    assert said.count("価格の対話") > 20


def test_a_company_opens_as_a_whole_also_the_viewers_own(team):
    client = make_client()
    reps(make_team(client, "直販営業チーム"), 2)
    own = make_team(client, "事務局")
    boss = make_person(client, team=own, roles=["admin"])
    catch_up()
    page = text(sign_in(Browser(), boss), f"/progress/companies/{client.pk}/")
    assert 'aria-current="true">会社全体' in page
    assert "まだ担当者がいません" not in page


def test_one_of_very_many_is_less_than_a_percent(team, manager):
    module = make_module()
    learn(reps(team, 1)[0], module)
    catch_up()
    GroupSummary.objects.update(people=334)
    for url in ("/team/modules/", f"/team/modules/{module.pk}/"):
        page = text(manager, url)
        assert "1%未満" in page
        assert "1%未満%" not in page


def test_before_anything_was_answered_nothing_is_said_to_go_well(team, manager, office):
    reps(team, 1)
    catch_up()
    pages = [(manager, reverse("analytics:team")), (office, reverse("analytics:progress"))]
    for browser, url in pages:
        page = text(browser, url)
        assert "まだ解答がありません" in page
        assert "大きなつまずきはありません" not in page
    module = make_module()
    learn(make_person(team.organisation, team=team), module)
    catch_up()
    for browser, url in pages:
        assert "まだ解答がありません" not in text(browser, url)


def test_only_who_can_begin_is_said_not_to_have_begun(team, manager):
    (invited,) = reps(team, 1, family_name="招待中")
    here = make_person(team.organisation, team=team, family_name="利用中")
    catch_up()
    url = reverse("analytics:team")

    def talk() -> str:
        return text(manager, url).partition('id="talk"')[2].partition("</section>")[0]

    assert here.name not in talk(), "there is nothing to learn"
    assert "まだだれも学び始めていません" in talk()
    make_module()
    assert here.name in talk()
    assert invited.name not in talk()


def test_an_administrator_goes_from_a_person_to_their_learning_and_back(team, manager, office):
    (rep,) = reps(team, 1)
    admin = sign_in(Browser(), make_person(make_client(), roles=["admin"]))
    person, learning = (
        reverse("partners:person", args=[rep.pk]),
        reverse("analytics:person", args=[rep.pk]),
    )
    assert f'href="{learning}"' in text(admin, person)
    assert f'href="{person}"' in text(admin, learning)
    for browser in (manager, office):
        assert f'href="{person}"' not in text(browser, learning)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_mean_of_the_month_before_is_told_from_the_number_of_attempts(team, language):
    manager = make_person(team.organisation, team=team, roles=["manager"], language=language)
    browser, module, (one, two, three) = sign_in(Browser(), manager), make_module(), reps(team, 3)
    with time_machine.travel("2026-11-10T03:00Z", tick=False):
        learn(one, module, right=0, at=dt.datetime(2026, 10, 20, 3, tzinfo=dt.UTC))
        learn(two, module)
        catch_up()
        single = text(browser, "/team/")
        learn(three, module)
        catch_up()
        several = text(browser, "/team/")
    said = {
        "en": ("1 first score; October: 0%", "mean of 2 first scores; October: 0%"),
        "ja": ("1件。10月は 0点", "2件。10月は 0点"),
    }[language]
    assert said[0] in single
    assert "mean of 1 first" not in single
    assert said[1] in several


def test_a_post_was_read_and_is_not_on_the_way_to_anything(team, manager):
    (person,) = reps(team, 1)
    post = make_module(title="朝の投稿", form="post")
    begun = dt.datetime(2026, 11, 1, 0, 30, tzinfo=dt.UTC)
    ModuleProgress.objects.create(
        person=person, organisation_id=person.organisation_id, module=post, started_at=begun
    )
    page = text(manager, reverse("analytics:person", kwargs={"person_id": person.pk}))
    assert "朝の投稿" in page
    assert "2026/11/01に読みました" in page
    assert "途中" not in page


def test_what_took_seconds_took_less_than_a_minute_and_not_none(team, manager):
    (person,) = reps(team, 1)
    ModuleProgress.objects.create(
        person=person,
        organisation_id=person.organisation_id,
        module=make_module(),
        active_seconds=12,
        finished_at=timezone.now(),
    )
    page = text(manager, reverse("analytics:person", kwargs={"person_id": person.pk}))
    assert "1分未満" in page
    assert "0分" not in page


def test_half_a_percent_and_half_a_minute_go_up_as_in_the_person_s_own_record(team, manager):
    (person,) = reps(team, 1)
    module = make_module()
    ModuleProgress.objects.create(
        person=person,
        organisation_id=person.organisation_id,
        module=module,
        active_seconds=150,
        finished_at=timezone.now(),
        first_score="0.625",
    )
    catch_up()
    page = text(manager, reverse("analytics:person", kwargs={"person_id": person.pk}))
    assert "63点" in page
    assert "3分" in page
    page = text(manager, reverse("analytics:module", args=[module.pk]) + "?state=finished")
    assert "初回の得点 63点" in page


def test_a_rep_s_page_leads_to_what_they_have_sold_and_back(team, manager, office):
    (person,) = reps(team, 1)
    catch_up()
    page = text(manager, reverse("analytics:person", kwargs={"person_id": person.pk}))
    address = f"/sales/funnel/records/?person={person.pk}&amp;period=12"
    assert address in page
    for browser in (manager, office):
        records = text(browser, address.replace("&amp;", "&"))
        assert person.name in records
        top = records.partition('<header class="top">')[2].partition("</header>")[0]
        back = reverse("analytics:person", kwargs={"person_id": person.pk})
        assert re.findall(r'<a class="iconbtn" href="([^"]+)"><svg[^>]*><use[^>]*#left', top) == [
            back
        ]
        assert person.name in top
