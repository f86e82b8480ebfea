"""Pages of the grid: stored at night, read by their own organisation; each cell opens its report."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analytics.associations.models import Grid, Month, MonthRevision, Report
from core.tables.reading import read
from core.tables.rows import Limits
from partners.models import Person
from tests.analytics.associations.factories import (
    NOW,
    OCTOBER,
    SEPTEMBER,
    ready_grid,
    ready_report,
)
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

GRID = "/reports/learning-to-sales/grid/"


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> Person:
    return make_person(make_client(), roles=["sales_manager"])


@pytest.fixture
def office(manager: Person) -> Browser:
    return sign_in(Browser(), manager)


def of(grid: Grid, rest: str = "") -> str:
    return f"/reports/learning-to-sales/grids/{grid.pk}/{rest}"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def text(browser: Browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_the_answer_comes_first_then_every_pair_with_what_it_stands_on(
    office: Browser, manager: Person
) -> None:
    grid = ready_grid(manager.organisation)
    page = text(office, GRID)
    said = plain(page)
    assert (
        "同じ会社の担当者どうしでは、修了したモジュールが多い人ほど「アポ率」が高いという関連がみられます。"
        in said
    )
    assert "2組のうち1組が" in said
    assert "約0.1組" in said
    assert page.index("関連がみられます") < page.index('<table class="heat"')
    assert re.findall(r'<td class="(.+?)"><button', page) == ["h-p3 keep", "h-n1", "none"]
    assert "+0.10〜+0.60" in said
    assert "10.0%" in said
    assert plain(text(office, of(grid))) == said


def test_a_cell_opens_its_report(office: Browser, manager: Person) -> None:
    grid = ready_grid(manager.organisation)
    sent = office.post(of(grid, f"cells/{grid.cells.latest('pk').pk}/"))
    report = Report.objects.get()
    assert sent["Location"] == f"/reports/learning-to-sales/{report.pk}/"
    assert (report.asked.learning, report.asked.lag) == ("minutes", 1)
    assert (report.asked.since, report.asked.until) == (grid.since, grid.until)
    assert office.post(of(grid, "cells/999999999/")).status_code == 404


def test_a_partners_manager_has_their_own_grid_alone(office: Browser, manager: Person) -> None:
    mine, ours = make_partner("みらい営業"), ready_grid(manager.organisation)
    partner = sign_in(Browser(), make_person(mine, roles=["manager"]))
    assert "毎晩、すべての学び" in plain(text(partner, GRID))
    for rest in ("", "numbers.csv", "numbers.xlsx"):
        assert partner.get(of(ours, rest)).status_code == 404
    own = ready_grid(mine)
    assert office.get(of(own)).status_code == 404
    assert partner.post(of(ours, f"cells/{ours.cells.earliest('pk').pk}/")).status_code == 404
    assert partner.post(of(own, f"cells/{ours.cells.earliest('pk').pk}/")).status_code == 404
    partner.post(of(own, f"cells/{own.cells.earliest('pk').pk}/"))
    assert Report.objects.get().asked.organisation_id == mine.pk


def test_where_no_pair_is_marked_no_association_is_said(office: Browser, manager: Person) -> None:
    grid = ready_grid(manager.organisation)
    grid.cells.filter(reason="").update(q=0.6, p=0.5)
    said = plain(text(office, GRID))
    assert "関連がみられるかどうかは、どの組でもはっきりしません" in said
    grid.cells.update(reason="few", value=None, low=None, high=None, p=None, q=None)
    Grid.objects.update(tested=0)
    assert "まだ、答えるだけのデータがありません" in plain(text(office, GRID))


def test_what_was_told_late_is_said_of_those_whom_one_may_see(
    office: Browser, manager: Person
) -> None:
    mine, rival = make_partner("みらい営業"), make_partner("あおば商事")
    for place in (manager.organisation, mine):
        ready_grid(place)
    frozen = Month.objects.create(month=SEPTEMBER, revision=2, frozen_at=timezone.now())
    Month.objects.create(month=OCTOBER)
    for n, place in enumerate((mine, rival), start=1):
        MonthRevision.objects.create(
            organisation=place, month=frozen, revision=n, rows=n + 2, figures=["calls", "score"]
        )
    said = plain(text(office, GRID))
    assert "2026年9月：確定後に3件変わりました（電話, 初回の得点）。改訂1。" in said
    assert "改訂2" in said
    assert "まだ確定していない月（変わることがあります）：2026年10月" in said
    partner = plain(text(sign_in(Browser(), make_person(mine, roles=["manager"])), GRID))
    assert "改訂1" in partner
    assert "改訂2" not in partner


def test_every_row_of_a_file_says_how_many_were_tested_and_how_sure_it_is(
    office: Browser, manager: Person
) -> None:
    grid = ready_grid(manager.organisation)
    response = office.get(of(grid, "numbers.csv"))
    header, *rows = [line.split(",") for line in response.content.decode("utf-8-sig").splitlines()]
    assert rows[0][2:11] == [
        "0.41",
        "0.1",
        "0.6",
        "36",
        "6",
        "0.001",
        "0.002",
        "はい",
        "2組を調べたうちの1組",
    ]
    assert rows[2][2:11] == ["", "", "", "12", "6", "", "", "", "不足"]
    assert {row[header.index("根拠の強さ")] for row in rows} == {"D", "E"}
    sheet = read(office.get(of(grid, "numbers.xlsx")).content, Limits()).rows
    assert len(sheet) == 4
    assert sheet[2].cells[2] == "-0.07"


def test_a_report_says_of_how_many_pairs_it_is_one(office: Browser, manager: Person) -> None:
    ready_grid(manager.organisation)
    report, other = (ready_report(manager, learning=each) for each in ("finished", "minutes"))
    there = f"/reports/learning-to-sales/{report.pk}/"
    said = plain(text(office, there))
    assert (
        "毎晩調べている2組のうちの1組です。多くの組を調べたことを割り引くと、q（補正後のp値）は0.002です。"
        in said
    )
    lines = office.get(f"{there}numbers.csv").content.decode("utf-8-sig").splitlines()
    told = {line.split(",")[0]: line.split(",")[-4:-2] for line in lines}
    assert told["順位相関（会社の中）"] == ["0.002", "2組を調べたうちの1組"]
    assert told["順位相関（会社どうし）"] == ["", ""]
    assert "毎晩" not in plain(text(office, f"/reports/learning-to-sales/{other.pk}/"))


def test_it_reads_in_english_too(office: Browser, manager: Person) -> None:
    Person.objects.filter(pk=manager.pk).update(language="en")
    ready_grid(manager.organisation)
    page = plain(text(office, GRID))
    assert "tends to be higher where more modules are finished" in page
    assert "1 of 2 pairs stand out" in page


def test_more_revisions_and_grids_cost_no_more_statements(office: Browser, manager: Person) -> None:
    counts = []
    for month in (9, 10):
        ready_grid(manager.organisation)
        frozen = Month.objects.create(
            month=SEPTEMBER.replace(month=month), revision=9, frozen_at=NOW
        )
        MonthRevision.objects.bulk_create(
            MonthRevision(
                organisation=manager.organisation, month=frozen, revision=n, rows=1, figures=["won"]
            )
            for n in range(1, 9)
        )
        text(office, GRID)
        with CaptureQueriesContext(connection) as caught:
            text(office, GRID)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_a_file_carries_the_day_on_which_its_figures_were_read_where_the_client_is(
    office: Browser, manager: Person
) -> None:
    at = dt.datetime(2026, 11, 27, 20, tzinfo=dt.UTC)  # the morning of the 28th in Tokyo
    grid, report = ready_grid(manager.organisation), ready_report(manager)
    Grid.objects.update(as_of=at)
    Report.objects.update(as_of=at)
    for rest in ("numbers.csv", "numbers.xlsx"):
        for url in (of(grid, rest), f"/reports/learning-to-sales/{report.pk}/{rest}"):
            assert "-20261128." in office.get(url)["Content-Disposition"], url
