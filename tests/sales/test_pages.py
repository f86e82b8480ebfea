"""Pages of sales figures: what they count, constant queries, and nothing of another company."""

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

from partners.models import Person, Team
from sales import measures
from sales.models import Activity, Opportunity, Product
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_crm, make_product, sold

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
MANY = "?period=18"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def team() -> Team:
    make_client(time_zone="Asia/Tokyo")
    make_crm("ホナミCRM")
    make_product()
    return make_team(make_partner("みらい営業"), "第1チーム")


@pytest.fixture
def manager(team: Team) -> Browser:
    return sign_in(Browser(), make_person(team.organisation, team=team, roles=["manager"]))


@pytest.fixture
def office(team: Team) -> Browser:
    return sign_in(Browser(), make_person(make_client(), roles=["sales_manager"]))


def text(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_manager_sees_the_own_funnel_with_rates_and_both_win_rates(team, manager):
    sold(team.organisation, team, 3)
    page = plain(text(manager, "/sales/funnel/"))
    assert "240" in page  # 3 people, 2 months, 40 calls
    assert "40.0%" in page  # 96 of 240 calls reached a key person
    assert "受注か失注の18件のうち受注6件" in page
    assert "これまでに決着した18件のうち受注6件" in page
    assert "¥1,800,000" in page
    assert "第1チーム" in page


def test_the_client_sees_all_companies_the_own_included(team, office):
    sold(team.organisation, team, 6)
    sold(make_client(), None, 5)
    page = plain(text(office, "/sales/funnel/"))
    assert "880" in page
    assert "みらい営業" in page
    assert "自社" in page
    for by in ("partner", "team", "product", "month"):
        assert "くらべる" in text(office, f"/sales/funnel/?by={by}")


def test_a_number_opens_down_to_its_records(team, office, manager):
    sold(team.organisation, team, 6)
    for measure in measures.ALL:
        for browser in (office, manager):
            page = plain(text(browser, f"/sales/funnel/records/?measure={measure}"))
            assert "出どころ：ホナミCRM" in page
            assert "田中" in page
    page = text(manager, "/sales/funnel/")
    addresses = re.findall(r'href="(/sales/funnel/records/[^"]+)"', page)
    assert len(addresses) > 6
    for address in addresses:
        assert "記録" in text(manager, address.replace("&amp;", "&"))
    for measure, n in (("decided", 36), ("won", 12), ("lost", 24), ("opened", 36), ("amount", 12)):
        assert any(f"measure={measure}" in address for address in addresses) is (measure != "lost")
        said = f"/sales/funnel/records/?measure={measure}"
        assert f"記録{n}件" in plain(text(manager, said)), measure
        assert f"記録{n}件" in plain(text(office, f"{said}&organisation={team.organisation_id}"))
    decided = text(manager, "/sales/funnel/records/?measure=decided")
    assert "measure=lost" in decided
    assert len(re.findall(r'data-label="結果">失注<', decided)) > 5
    assert "記録12件 · 合計 480" in plain(text(manager, "/sales/funnel/records/?measure=calls"))
    assert "記録12件 · 合計 ¥3,600,000" in plain(
        text(manager, "/sales/funnel/records/?measure=amount")
    )
    Opportunity.objects.filter(outcome="won").update(outcome="refunded")
    assert ">返金<" in text(manager, "/sales/funnel/records/?measure=opened")


def test_the_records_of_one_person_alone_can_be_read_figure_by_figure(team, office, manager):
    person = sold(team.organisation, team, 6)
    for browser in (office, manager):
        page = plain(text(browser, f"/sales/funnel/records/?person={person.pk}&measure=calls"))
        assert "記録2件" in page
        assert person.name in page
    page = text(manager, f"/sales/funnel/records/?person={person.pk}")
    ways = re.findall(r'href="(\?[^"]*person=[^"]+)"', page)
    assert len(ways) == len(measures.ALL) - 1
    for way in ways:
        assert f"person={person.pk}" in way
        assert "記録" in text(manager, "/sales/funnel/records/" + way.replace("&amp;", "&"))


def test_of_a_company_that_shows_no_figures_nobody_is_shown_alone_either(team, office, manager):
    sold(make_partner("あおば商事"), None, 9)
    person = sold(team.organisation, team, 2)
    address = f"/sales/funnel/records/?person={person.pk}"
    page = plain(text(office, address))
    assert "人数が少ないため、数字を表示しません" in page
    assert "記録2件" in plain(text(manager, address)), "their own manager sees them"


def test_a_rivals_person_is_as_if_they_were_not_there(team, manager):
    rival = make_partner("あおば商事")
    person = sold(rival, None, 5)
    for word in (person.pk, uuid.uuid4(), "x"):
        assert manager.get(f"/sales/funnel/records/?person={word}").status_code == 404


def test_filters_narrow_down_to_a_month_a_product_and_a_team(team, manager):
    sold(team.organisation, team, 2)
    other = make_team(team.organisation, "第2チーム")
    sold(team.organisation, other, 1)
    product = Product.objects.first()
    assert "120" in plain(text(manager, "/sales/funnel/?period=2026-10"))
    assert "160" in plain(text(manager, f"/sales/funnel/?team={team.pk}"))
    assert "240" in plain(text(manager, f"/sales/funnel/?product={product.pk}"))
    spare = make_product("ホナミ保守")
    assert "empty" in text(manager, f"/sales/funnel/?product={spare.pk}")
    assert "empty" in text(manager, "/sales/funnel/?period=2025-10")


def test_a_partner_finds_nothing_of_a_rival(team, manager):
    rival = make_team(make_partner("あおば商事"), "渋谷")
    sold(team.organisation, team, 2)
    before = plain(text(manager, "/sales/funnel/"))
    sold(rival.organisation, rival, 9)
    assert plain(text(manager, "/sales/funnel/")) == before
    for door in ("/sales/funnel/", "/sales/funnel/groups.csv", "/sales/funnel/records/"):
        for query in (
            f"organisation={rival.organisation_id}",
            f"organisation={uuid.uuid4()}",
            f"team={rival.pk}",
            f"team={uuid.uuid4()}",
            "team=x",
            "product=x",
        ):
            assert manager.get(f"{door}?{query}").status_code == 404, query
    assert manager.get("/sales/funnel/records/?measure=x").status_code == 404


def test_small_groups_of_others_are_held_back_and_cannot_be_found_by_subtraction(team, office):
    sold(team.organisation, team, 2)
    for name, people in (("あおば商事", 6), ("ひので", 7), ("大きな会社", 12)):
        sold(make_partner(name), None, people)
    page = plain(text(office, "/sales/funnel/"))
    assert (
        page.count("人数が少ないため表示しません") == 2
    )  # the small one, and the next for its sake
    assert "2件を表示していません" in page
    small = f"?organisation={team.organisation_id}"
    for door in ("/sales/funnel/", "/sales/funnel/records/"):
        page = plain(text(office, door + small))
        assert "人数が少ないため、数字を表示しません" in page
        assert "田中" not in page


def test_why_an_amount_is_held_back_is_said_once_under_the_table(team, office):
    why = "ひとりの実績が半分を超える受注金額は非表示です"
    for name, people in (("あおば商事", 6), ("ひので", 7)):
        sold(make_partner(name), None, people)
    assert why not in text(office, "/sales/funnel/")
    sold(team.organisation, team, 5, deals=0)
    sold(team.organisation, team, 1)
    page = text(office, "/sales/funnel/")
    assert page.count(">非表示<") == 2  # the one of the single seller, and the next for its sake
    assert page.count(why) == 1


def test_what_is_held_back_is_not_told_deal_by_deal(team, office, manager):
    sold(team.organisation, team, 5, deals=0)
    sold(team.organisation, team, 1)
    for measure in ("amount", "won"):
        address = f"/sales/funnel/records/?measure={measure}"
        there = plain(text(office, f"{address}&organisation={team.organisation_id}"))
        assert "¥300,000" not in there
        assert "JPY 非表示" in there
        assert "商談ごとの金額も表示しません" in there
        assert "¥300,000" in plain(text(manager, address)), "their own manager sees them"


def names(page: str) -> list[str]:
    return [
        plain(each).strip()
        for each in re.findall(r'<th scope="row" class="whole">(.*?)</th>', page)
    ]


def rows_of(browser: Browser, query: str = "") -> list[list[str]]:
    file = text(browser, f"/sales/funnel/groups.csv{query}").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(file, newline="")))


def test_groups_stand_in_the_order_that_is_asked_for_and_those_held_back_last(team, office):
    for name, people, deals in (("あおば商事", 5, 3), ("ひので", 8, 9), ("みなと", 9, 12)):
        sold(make_partner(name), None, people, deals=deals)
    sold(team.organisation, team, 1)
    by_name = names(text(office, "/sales/funnel/"))
    assert by_name == ["あおば商事", "ひので", "みなと", "みらい営業"]
    page = text(office, "/sales/funnel/?sort=wins")
    assert names(page)[:2] == ["みなと", "ひので"]
    assert names(page)[-1] == "みらい営業", "held back"
    assert names(text(office, "/sales/funnel/?sort=nonsense")) == by_name
    assert "<b>受注件数</b>" in page
    assert "並び順" not in text(office, "/sales/funnel/?by=month&sort=wins")


def test_the_comparison_is_a_file_with_the_figures_of_the_page(team, manager):
    sold(team.organisation, team, 3)
    head, row = rows_of(manager)
    told = dict(zip(head, row, strict=True))
    assert row[0] == "第1チーム"
    assert (told["最初の月"], told["最後の月"]) == ("2026-09", "2026-11")
    assert (told["電話"], told["決裁者との接点"], told["電話のうち決裁者との接点（%）"]) == (
        "240",
        "96",
        "40.0",
    )
    assert (told["受注"], told["失注"]) == ("6", "12")
    assert told["受注率・決着分（%）"] == "33.3"
    assert told["受注金額（JPY）"] == "1800000"
    assert [row[:3] for row in rows_of(manager, "?by=month&period=2026-10")[1:]] == [
        ["2026年10月", "2026-10", "2026-10"]
    ]


def test_the_file_holds_back_what_the_page_holds_back(team, office):
    for name, people in (("あおば商事", 6), ("ひので", 7), ("大きな会社", 12)):
        sold(make_partner(name), None, people)
    sold(team.organisation, team, 1)
    found = {row[0]: row[3:] for row in rows_of(office)[1:]}
    assert found["みらい営業"] == found["あおば商事"] == ["人数が少ないため表示しません"]
    assert found["ひので"][0] == "7"
    small = rows_of(office, f"?organisation={team.organisation_id}")
    assert len(small) == 1, "a header alone"
    assert office.get(f"/sales/funnel/groups.csv?organisation={uuid.uuid4()}").status_code == 404


def test_of_what_nobody_told_nothing_is_said(team, office):
    sold(team.organisation, team, 6)
    Activity.objects.filter(measure="leads").delete()
    found = office.get("/sales/funnel/").content.decode()
    assert ">0.0%" not in found
    assert "数字が届いていないものです" in found
    assert found.count("phase-n dim") == 1
    assert "/sales/setup/#counts" in found
    head, *rows = rows_of(office)
    assert {row[head.index("見込み客")] for row in rows} == {""}


def test_with_nothing_entered_it_says_what_will_be_here(manager, office):
    assert "営業の数字はまだありません" in text(manager, "/sales/funnel/")
    assert "営業の数字はまだありません" in text(office, "/sales/funnel/")


def test_it_reads_in_english_too(team, office):
    sold(team.organisation, team, 6)
    office.cookies["language"] = "en"
    Person.objects.filter(roles=["sales_manager"]).update(language="en")
    page = plain(text(office, "/sales/funnel/" + MANY))
    assert "From the first call to the win" in page
    assert "Qualified meetings" in plain(text(office, "/sales/funnel/records/?measure=qualified"))


@pytest.mark.parametrize("by", ["partner", "team", "product", "month"])
def test_queries_are_constant(team, office, by):
    def queries(url: str) -> int:
        text(office, url)
        with CaptureQueriesContext(connection) as found:
            text(office, url)
        return len(found)

    sold(team.organisation, team, 5)
    urls = [f"/sales/funnel/?by={by}&sort=wins", f"/sales/funnel/groups.csv?by={by}"]
    urls.append("/sales/funnel/records/?measure=qualified")
    few = [queries(url) for url in urls]
    for _ in range(8):
        place = make_team(make_partner())
        sold(place.organisation, place, 5)
        make_product()
    assert [queries(url) for url in urls] == few
    assert max(few) <= 16
