"""Pages of the report: asked by a form, found by a link, seen by their own organisation alone."""

import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from analytics.associations.models import Report
from analytics.associations.tasks import compute
from core import bell
from core.tables.reading import read
from core.tables.rows import Limits
from courses.posts.actions.posting import shelf
from partners.models import Person
from sales.models import Product
from tests.analytics.associations.factories import (
    NOW,
    found,
    market,
    partners_that_differ,
    ready_report,
)
from tests.courses.factories import make_course
from tests.partners.factories import make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_product

pytestmark = pytest.mark.django_db

ASK = "/reports/learning-to-sales/"
USUAL = {"learning": "finished", "sales": "appointments", "months": "3", "lag": "1"}


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller() -> Person:
    client, _product, modules = market()
    partners_that_differ(modules)
    return make_person(client, roles=["sales_manager"], family_name="岡田")


@pytest.fixture
def office(seller: Person) -> Browser:
    return sign_in(Browser(), seller)


def text(browser: Browser, url: str, **headers: str) -> str:
    response = browser.get(url, headers=headers)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_question_is_asked_computed_and_answered_first(office: Browser) -> None:
    sent = office.post(ASK, USUAL)
    assert sent.status_code == 302
    waiting = text(office, sent["Location"])
    assert "レポートを計算しています" in waiting
    assert 'hx-trigger="every 1s, click"' in waiting
    compute()
    page = text(office, sent["Location"])
    said = plain(page)
    assert (
        "同じ会社の担当者どうしでは、修了したモジュールが多い人ほど「アポ率」が高いという関連がみられます。"
        in said
    )
    assert "会社ごとに違います" in said
    assert "担当者36人、6社" in said
    assert page.count('<use class="m"') == 36
    assert "every 1s" not in page
    assert page.index("関連がみられます") < page.index('<svg class="chart')
    partial = text(office, sent["Location"], **{"HX-Request": "true"})
    assert partial.lstrip().startswith("<div")
    assert "<html" not in partial


def test_the_same_question_leads_to_the_same_page(office: Browser) -> None:
    first = office.post(ASK, USUAL)["Location"]
    compute()
    second = office.post(ASK, USUAL)["Location"]
    compute()
    assert second != first
    assert office.get(second)["Location"] == first
    assert plain(text(office, ASK)).count("岡田") == 1


def test_a_choice_that_is_not_offered_is_told_and_what_was_chosen_stays(office: Browser) -> None:
    response = office.post(ASK, {**USUAL, "lag": "9", "sales": "win"})
    assert response.status_code == 422
    assert '<option value="win" selected>' in response.content.decode()
    assert not Report.objects.exists()


def test_a_company_offers_its_teams(office: Browser, seller: Person) -> None:
    place = make_partner("みらい営業")
    team = make_team(place, "渋谷")
    report = ready_report(seller, organisation_id=place.pk)
    assert "渋谷" in text(office, f"{ASK}{report.pk}/")
    sent = office.post(ASK, {**USUAL, "organisation": str(place.pk), "team": str(team.pk)})
    assert sent.status_code == 302
    assert Report.objects.get(state="waiting").asked.team_id == team.pk
    other = office.post(ASK, {**USUAL, "team": str(team.pk)})
    assert other.status_code == 422


def test_a_partners_manager_asks_about_their_own_company_whatever_is_sent(seller: Person) -> None:
    mine, rival = make_partner("みらい営業"), make_partner("あおば商事")
    manager = sign_in(Browser(), make_person(mine, roles=["manager"]))
    assert "あおば商事" not in text(manager, ASK)
    manager.post(ASK, {**USUAL, "organisation": str(rival.pk)})
    assert Report.objects.get().asked.organisation_id == mine.pk
    report = ready_report(seller)
    for address in ("", "numbers.csv", "numbers.xlsx"):
        assert manager.get(f"{ASK}{report.pk}/{address}").status_code == 404
        assert manager.get(f"{ASK}{uuid.uuid4()}/{address}").status_code == 404
    assert str(report.pk) not in text(manager, ASK)


def test_reps_have_no_way_in(seller: Person) -> None:
    rep = sign_in(Browser(), make_person(make_partner(), roles=["rep"]))
    assert rep.get(ASK).status_code == 404


def test_every_number_of_a_file_has_its_n_and_interval(office: Browser, seller: Person) -> None:
    report = ready_report(seller)
    response = office.get(f"{ASK}{report.pk}/numbers.csv")
    assert (
        response["Content-Disposition"]
        == 'attachment; filename="tomoni-learning-to-sales-20261120.csv"'
    )
    lines = [line.split(",") for line in response.content.decode("utf-8-sig").splitlines()]
    header, *rows = lines
    assert [row[0] for row in rows] == [
        "順位相関（会社の中）",
        "順位相関（会社どうし）",
        "傾き（会社の中）",
        "見分けられる最小の順位相関",
    ]
    assert rows[0][1:8] == ["0.41", "0.2", "0.6", "36", "6", "", "10.0"]
    assert rows[1][1:4] == ["-0.6", "", ""]
    assert rows[2][1:4] == ["2.0", "1.0", "3.0"]  # points of the rate for a module
    assert {tuple(row[4:6]) for row in rows} == {("36", "6")}
    assert {row[header.index("根拠の強さ")] for row in rows} == {"D"}
    book = office.get(f"{ASK}{report.pk}/numbers.xlsx")
    sheet = read(book.content, Limits()).rows
    assert sheet[2].cells[1] == "-0.6"


def test_where_nothing_is_said_the_page_says_what_helps(office: Browser, seller: Person) -> None:
    result = {"people": 30, "reps": 12, "partners": 2, "no_sales": 18, "no_learning": 0}
    report = ready_report(seller, {**result, "grade": "E", "reason": "few", "smallest": 0.72})
    said = plain(text(office, f"{ASK}{report.pk}/"))
    assert "まだ、答えるだけのデータがありません" in said
    assert "最小の順位相関は0.72" in said
    assert '<svg class="chart' not in text(office, f"{ASK}{report.pk}/")
    assert (
        "まだ、答えるだけのデータがありません"
        in office.get(f"{ASK}{report.pk}/numbers.csv").content.decode()
    )


def test_many_reps_are_drawn_as_heaps(office: Browser, seller: Person) -> None:
    bins = [[float(x), y / 100, 1 + x * y] for x in range(9) for y in range(9)]
    result = {key: value for key, value in found().items() if key != "dots"} | {"bins": bins}
    page = text(office, f"{ASK}{ready_report(seller, result).pk}/")
    assert page.count('<circle class="heap') == 81
    assert "近くにいる人を一つの印に" in page


def test_a_dot_leads_to_its_reps_records(office: Browser, seller: Person) -> None:
    sent = office.post(ASK, USUAL)
    compute()
    page = text(office, sent["Location"])
    ids = re.findall(r'<a href="/team/members/([0-9a-f-]{36})/" data-dot="\d+" tabindex="-1"', page)
    assert len(set(ids)) == 36
    assert office.get(f"/team/members/{ids[0]}/").status_code == 200
    result = Report.objects.get(state="ready").result or {}
    name = result["places"][0]["name"]
    first = next(
        n for n, dot in enumerate(result["dots"]) if dot[0] == result["places"][0]["number"]
    )
    person = Person.objects.get(pk=result["people_of_dots"][first])
    assert person.organisation.name == name


def test_every_dot_is_a_row_of_its_company_with_the_same_link_and_figures(
    office: Browser, seller: Person
) -> None:
    sent = office.post(ASK, USUAL)
    compute()
    page = text(office, sent["Location"])
    dots = re.findall(r'<a href="([^"]+)" data-dot="(\d+)"', page)
    rows = re.findall(r'<tr id="dot-(\d+)"><th scope="row"><a href="([^"]+)"', page)
    assert {(number, url) for url, number in dots} == set(rows)
    assert {int(number) for number, _url in rows} == set(range(36))
    result = Report.objects.get(state="ready").result or {}
    assert re.findall(r'data-company="([^"]+)"', page) == [
        each["name"] for each in result["places"]
    ]
    row = re.search(r'<tr id="dot-5">.*?</tr>', page)
    assert row
    _place, learnt, sold = result["dots"][5]
    assert f">{learnt:.1f}</td>" in row[0]
    assert f">{100 * sold:.1f}%</td>" in row[0]


def test_no_dot_leads_to_somebody_whom_the_reader_may_not_see(seller: Person) -> None:
    mine, rival = make_partner("みらい営業"), make_person(make_partner("あおば商事"))
    manager = make_person(mine, roles=["manager"])
    own = make_person(mine, sign_in=False)
    people = [str(own.pk), str(rival.pk)]
    few = {**found(partners=1), "dots": [[0, 1.0, 0.1], [0, 2.0, 0.2]], "people_of_dots": people}
    report = ready_report(manager, few, organisation_id=mine.pk)
    page = text(sign_in(Browser(), manager), f"{ASK}{report.pk}/")
    assert page.count('<use class="m"') == 2
    assert set(re.findall(r'href="/team/members/([0-9a-f-]{36})/', page)) == {str(own.pk)}
    assert page.count('<tr id="dot-') == 2
    assert rival.name not in page


def test_a_failed_report_says_so(office: Browser, seller: Person) -> None:
    report = ready_report(seller)
    Report.objects.update(state="failed", result=None)
    assert "計算できませんでした" in text(office, f"{ASK}{report.pk}/")
    assert office.get(f"{ASK}{report.pk}/numbers.csv").status_code == 404


def test_it_reads_in_english_too(office: Browser, seller: Person) -> None:
    Person.objects.filter(pk=seller.pk).update(language="en")
    page = plain(text(office, f"{ASK}{ready_report(seller).pk}/"))
    assert "“Appointment rate” tends to be higher where more modules are finished." in page
    assert "36 reps with figures in this period, 6 companies" in page


@pytest.mark.parametrize("address", [ASK, "report"])
def test_many_reports_companies_and_products_cost_no_more_statements(
    office: Browser, seller: Person, address: str
) -> None:
    counts = []
    for more in (1, 30):
        for n in range(more):
            place, product, course = (
                make_partner(),
                make_product(f"商品{more}-{n}"),
                make_course(f"{more}-{n}"),
            )
            report = ready_report(
                seller, organisation_id=place.pk, product_id=product.pk, course_id=course.pk
            )
        url = f"{ASK}{report.pk}/" if address == "report" else address
        text(office, url)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            text(office, url)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[0] <= 22
    assert Product.objects.count() == 32


def test_the_funnel_leads_there(office: Browser) -> None:
    assert f'href="{ASK}"' in text(office, "/sales/funnel/")


def test_what_rings_the_worker_names_its_task_and_queue(
    office: Browser, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(bell, "call", lambda *words: rung.append(words))
    with django_capture_on_commit_callbacks(execute=True):
        office.post(ASK, USUAL)
    assert rung == [("associations.compute", "stats")]


@pytest.mark.parametrize("page", ["", "courses/", "launches/", "rollouts/"])
def test_the_posts_own_course_is_nowhere_offered(office: Browser, page: str) -> None:
    make_course(title="価格の話")
    own = shelf()
    said = text(office, f"{ASK}{page}")
    assert "価格の話" in said
    assert str(own.pk) not in said
