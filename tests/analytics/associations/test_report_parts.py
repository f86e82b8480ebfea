"""Parts of a report's page: its doubts, what would settle it, and the same rep over time."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from analytics.associations.engine.result import result
from analytics.associations.models import Month, MonthRevision, Report
from analytics.associations.question import usual
from partners.models import Person
from tests.analytics.associations.factories import NOW, TODAY, found, ready_report
from tests.analytics.associations.units import unit
from tests.partners.factories import make_client, make_person, sign_in

pytestmark = pytest.mark.django_db

ASK = "/reports/learning-to-sales/"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller() -> Person:
    return make_person(make_client(), roles=["sales_manager"])


@pytest.fixture
def office(seller: Person) -> Browser:
    return sign_in(Browser(), seller)


def text(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_doubts_say_what_was_told_late_and_what_has_changed_since(
    office: Browser, seller: Person
) -> None:
    report = ready_report(seller)
    frozen = Month.objects.create(
        month=dt.date(2026, 9, 1), revision=1, frozen_at=NOW, as_of=NOW + dt.timedelta(days=1)
    )
    Month.objects.create(month=dt.date(2026, 10, 1), as_of=NOW - dt.timedelta(days=1))
    MonthRevision.objects.create(
        organisation=seller.organisation, month=frozen, revision=1, rows=3, figures=["won"]
    )
    said = plain(text(office, f"{ASK}{report.pk}/"))
    assert "計算後に、2026年9月の数字が変わりました" in said
    assert "確定後に3件変わりました（受注）" in said
    assert "まだ確定していない月（変わることがあります）：2026年10月" in said


def test_a_month_that_was_counted_for_the_first_time_has_not_changed(
    office: Browser, seller: Person
) -> None:
    report, later = ready_report(seller), NOW + dt.timedelta(days=1)
    Month.objects.create(month=dt.date(2026, 9, 1), frozen_at=later, as_of=later)
    assert "数字が変わりました" not in plain(text(office, f"{ASK}{report.pk}/"))


def test_what_would_settle_it_is_said_where_nothing_is_clear(
    office: Browser, seller: Person
) -> None:
    report = ready_report(seller, {**found(), "within": [0.05, -0.1, 0.2], "smallest": 0.2})
    said = plain(text(office, f"{ASK}{report.pk}/"))
    assert "見分けられる最小の順位相関は0.20" in said
    assert "順位相関0.1を同じ確かさで見分けるには、両方の数字がそろう担当者144人ほど" in said
    clear = plain(text(office, f"{ASK}{ready_report(seller).pk}/"))
    assert "はっきりさせるには" not in clear


def test_the_same_rep_over_time_is_told_with_its_strip_and_check(
    office: Browser, seller: Person
) -> None:
    one = {"value": 0.008, "low": 0.005, "high": 0.011, "p": 0.001, "smallest": 0.004}
    stands = {"months": 3456, "reps": 34, "partners": 5}
    strip = [{"lag": lag, **one, **stands} for lag in (0, 1, 2, 3)]
    told = {"grade": "C", "doubts": [], "strip": strip, "lead": {**strip[0], "lag": -1}}
    page = text(office, f"{ASK}{ready_report(seller, {**found(), 'over_time': told}).pk}/")
    said = plain(page)
    assert (
        "修了したモジュールが1つ多かった月のあと、同じ人の「アポ率」は0.80ポイント高くなっていました。"
        in said
    )
    assert "95%区間 +0.50ポイント〜+1.10ポイント" in said
    assert "のべ3,456か月" in said
    assert "逆順の確認（営業が先）" in said
    assert said.index("高くなっていました") > said.index("関連がみられます")
    sent = office.get(f"{ASK}{Report.objects.get().pk}/numbers.csv").content.decode("utf-8-sig")
    row = next(line.split(",") for line in sent.splitlines() if "同じ担当者" in line)
    assert row[1:7] == ["0.8", "0.5", "1.1", "34", "5", "3456"]
    row = next(line.split(",") for line in sent.splitlines() if "順位相関（会社の中）" in line)
    assert row[4:7] == ["36", "6", ""]
    first = {**told, "grade": "D", "doubts": ["lead"]}
    said = plain(text(office, f"{ASK}{ready_report(seller, {**found(), 'over_time': first}).pk}/"))
    assert "学びより先に営業の数字が動いていました" in said
    assert "高くなっていました" not in said


def test_where_the_same_rep_is_believed_it_is_the_answer_and_the_association_comes_second(
    office: Browser, seller: Person
) -> None:
    told = result(usual(TODAY), unit(1), seller.organisation_id)
    assert told["grade"] == "C"
    address = f"{ASK}{ready_report(seller, told).pk}/"
    page = text(office, address)
    first, _heading, second = page.partition("担当者どうしの比較")
    assert "grade-c" in first
    assert "同じ人の「アポ率」は" in plain(first)
    assert "grade-d" in second
    assert "関連がみられます" in plain(second)
    assert plain(page).count("同じ人の「アポ率」は") == 1
    rows = office.get(f"{address}numbers.csv").content.decode("utf-8-sig").splitlines()
    cells = [row.split(",") for row in rows[1:]]
    grades = {each[0]: each[11] for each in reversed(cells)}
    assert grades["傾き（同じ担当者の前と後）"] == "C"
    beside = [each for each in cells if each[0] == "傾き（同じ担当者の前と後）"]
    lags = [each["lag"] for each in told["over_time"]["strip"]]
    assert sorted(each[10] for each in beside) == [f"t+{lag}" for lag in sorted(lags)]
    assert {each[-2] for each in cells} == {"全員"}
    assert grades["順位相関（会社の中）"] == "D"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_doubt_and_refusal_stands_on_the_page_and_in_each_row_of_its_files(
    office: Browser, seller: Person, language: str
) -> None:
    Person.objects.filter(pk=seller.pk).update(language=language)
    told = result(usual(TODAY), unit(2, companies=6, company=0.6, lag=3), seller.organisation_id)
    codes = {each["code"] for each in told["findings"]}
    assert codes >= {"sign_differs", "few_groups", "other_lag"}
    address = f"{ASK}{ready_report(seller, told).pk}/"
    said = plain(text(office, address)).replace("&#x27;", "'")
    sent = office.get(f"{address}numbers.csv").content.decode("utf-8-sig")
    words = {
        "ja": ("会社は6社です", "より3のほうが", "逆向きです"),
        "en": (
            "Companies: 6.",
            "at a lag of 3 after the learning",
            "Overall it points the other way",
        ),
    }[language]
    for each in words:
        assert each in said
        assert all(each in row for row in sent.splitlines()[1:])


def test_a_file_tells_nothing_of_too_few_either(office: Browser, seller: Person) -> None:
    told = result(usual(TODAY), unit(1, companies=3), seller.organisation_id)
    assert told["grade"] == "E"
    told["over_time"] = {"grade": "D", "doubts": [], "lead": None} | {
        "strip": [{"lag": 0, "value": 0.1, "low": 0.0, "high": 0.2, "reps": 5, "partners": 3}]
    }
    address = f"{ASK}{ready_report(seller, told).pk}/numbers.csv"
    rows = office.get(address).content.decode("utf-8-sig").splitlines()
    assert not [row for row in rows if row.startswith("傾き")]


def test_a_result_of_older_rules_shows_as_it_was(office: Browser, seller: Person) -> None:
    one = {"value": 0.008, "low": 0.005, "high": 0.011, "p": 0.001, "smallest": 0.004}
    strip = [{"lag": lag, **one, "months": 3456, "reps": 36, "partners": 6} for lag in range(4)]
    told = {**found(), "over_time": {"grade": "C", "doubts": [], "strip": strip, "lead": None}}
    report = ready_report(seller, told)
    Report.objects.filter(pk=report.pk).update(engine="1.1")
    page = plain(text(office, f"{ASK}{report.pk}/"))
    for said in ("+0.41", "+0.20〜+0.60", "−0.60", "表示しません（会社ごとに違います）", "1.1"):
        assert said in page
    assert page.index("関連がみられます") < page.index("0.80ポイント高くなっていました")
    assert "割り引いて見るべき点" not in page
    sent = office.get(f"{ASK}{report.pk}/numbers.csv").content.decode("utf-8-sig")
    values = [row.split(",")[1:4] for row in sent.splitlines()[1:]]
    assert values[:3] == [["0.41", "0.2", "0.6"], ["-0.6", "", ""], ["2.0", "1.0", "3.0"]]


@pytest.mark.parametrize(
    ("no_sales", "said"),
    [
        (
            1,
            "「アポ率」と「必修の修了率」の数字がそろう人がいません。代わりに「1か月の学習時間（分）」",
        ),
        (40, "「アポ率」の数字がある人がいません。代わりに「受注率"),
    ],
)
def test_of_nobody_only_why_and_what_else_to_ask_is_said(
    office: Browser, seller: Person, no_sales: int, said: str
) -> None:
    doubts = [
        {"code": "constant", "kind": "refusal", "about": "learning", "values": {"rows": 0}},
        {"code": "much_missing", "kind": "warning", "about": "learning", "values": {"share": 1.0}},
        {"code": "few_groups", "kind": "warning", "about": "", "values": {"groups": 0}},
    ]
    empty = {
        **{name: found()[name] for name in ("grade", "smallest") if name in found()},
        "reason": "few",
        "people": 40,
        "reps": 0,
        "partners": 0,
        "no_sales": no_sales,
        "no_learning": 40 - no_sales,
        "findings": doubts,
    }
    report = ready_report(seller, empty, learning="required")
    page = plain(text(office, f"{ASK}{report.pk}/"))
    assert said in page
    for untrue in ("すべての行で同じ", "欠けています", "区間はこの会社だけ", "担当者0人です"):
        assert untrue not in page


@pytest.mark.parametrize(
    ("partial", "said"),
    [
        (
            [0.14, -0.06, 0.34],
            "相関：+0.14（95%区間 −0.06〜+0.34）。 こう比べると、関連があるかどうかは",
        ),
        ([0.34, 0.14, 0.5], "一方が多いほどもう一方も多いという関連がみられます。"),
        ([-0.34, -0.5, -0.14], "一方が多いほどもう一方が少ないという関連がみられます。"),
    ],
)
def test_the_correlation_at_equal_time_since_joining_is_told_with_its_interval(
    office: Browser, seller: Person, partial: list[float], said: str
) -> None:
    report = ready_report(seller, found() | {"partial": partial})
    page = plain(text(office, f"{ASK}{report.pk}/"))
    assert "在籍期間をそろえた全体の相関" in page
    assert said in page


def test_a_report_says_how_its_measures_are_counted(office: Browser, seller: Person) -> None:
    page = plain(text(office, f"{ASK}{ready_report(seller).pk}/"))
    assert "アポ率：アポの件数を、電話の件数で割ったものです。" in page
    assert "各月の時点でそれまでに修了していたモジュールの数" in page
    assert "在籍期間をそろえた" not in page
    assert "アポ率（電話に対して）" in page
