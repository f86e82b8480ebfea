"""Progress of teams, as a partner's manager and the client's manager see it."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from analytics.actions import rebuild
from core.models import Notice
from courses.assignments.models import Enrolment
from courses.catalog.models import Module
from partners.models import Person, Team
from tests.browser.people import link_to, says
from tests.courses.assignments.factories import make_assignment, reps_of, told_yesterday
from tests.courses.factories import hand_in, make_course, make_module, single
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

both = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)

NAMES = [
    ("佐藤", "大輔"),
    ("鈴木", "直子"),
    ("高橋", "美咲"),
    ("田中", "健一"),
    ("伊藤", "陽菜"),
    ("林", "凛"),
]
SAID = {
    "ja": {"once": "2人にお知らせしました", "again": "全員にお知らせ済み", "late": "3日おくれ"},
    "en": {"once": "2 people were reminded", "again": "All reminded today", "late": "3 days late"},
}  # fmt: skip


@pytest.fixture
def team(site: Site, language: str) -> Team:
    """A team of six of whom four have finished what was due three days ago, beside a rival."""
    make_client()
    team = make_team(make_partner("みらい営業"), "第1チーム")
    rival = make_team(make_partner("あおば商事"), "渋谷")
    module = make_module(
        title="「高い」と言われたら、まず何を聞くか",
        course=make_course("価格の対話"),
        items=[single("q001"), single("q002")],
    )
    reps = [
        make_person(team.organisation, team=team, family_name=family, given_name=given)
        for family, given in NAMES
    ]
    strangers = [make_person(rival.organisation, team=rival, family_name="森") for _ in range(6)]
    for partner in (team.organisation, rival.organisation):
        make_assignment(module, [reps_of(partner)])
    for number, rep in enumerate([*reps[:4], *strangers[:5]]):
        hand_in(rep, module, right=number % 3)
    site.worker.wait_until_idle()
    Enrolment.objects.filter(state="open").update(due_at=timezone.now() - dt.timedelta(days=3))
    told_yesterday()
    rebuild()
    return team


def manager_of(team: Team, language: str) -> Person:
    return make_person(team.organisation, team=team, roles=["manager"], language=language)


@both
def test_a_manager_sees_who_is_late_and_reminds_them_once(
    page: Page, team: Team, sign_in: SignIn, axe: Axe, language: str
) -> None:
    said, late = SAID[language], "伊藤 陽菜"
    sign_in(page.context, manager_of(team, language).account)
    page.goto("/team/")
    row = page.locator("main tbody tr", has_text=late)
    expect(row).to_contain_text(said["late"])
    expect(page.locator("main")).not_to_contain_text("あおば商事")
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")
    before = Notice.objects.count()
    page.locator('main form[action*="remind"] button').click()
    expect(page.locator("body")).to_contain_text(said["once"])
    assert Notice.objects.count() == before + 2
    expect(page.locator("main")).to_contain_text(said["again"])
    expect(page.locator('main form[action*="remind"]')).to_have_count(0)
    link_to(page, f"/team/members/?team={team.pk}").click()
    page.locator('main a[href*="state=late"]').click()
    expect(page.locator("main tbody tr")).to_have_count(2)
    axe(page)
    page.locator("main tbody tr", has_text=late).locator("a").click()
    says(page, late)
    axe(page)


@both
def test_a_manager_sees_it_by_module_and_takes_it_away(
    page: Page, team: Team, sign_in: SignIn, axe: Axe, language: str
) -> None:
    sign_in(page.context, manager_of(team, language).account)
    page.goto(f"/team/modules/?team={team.pk}")
    axe(page)
    for share in page.locator("tbody .cellbar .num").all():
        beyond = (
            "(e) => e.getBoundingClientRect().right - e.closest('td').getBoundingClientRect().right"
        )
        assert share.evaluate(beyond) <= 0.5, "a figure stays within its cell"
    link_to(page, f"/team/modules/{_module().pk}/?team={team.pk}").click()
    expect(page.locator("main tbody tr, main .rows li", has_text="伊藤")).to_be_visible()
    page.locator('main a[href*="state=finished"]').click()
    says(page, "佐藤 大輔")
    expect(page.locator("main")).not_to_contain_text("森")
    axe(page)
    page.goto(f"/team/members/?team={team.pk}")
    with page.expect_download() as download:
        page.locator('main a[href*="members.csv"]').click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == [f"{a} {b}" for a, b in _by_due(NAMES)]
    rival = Team.objects.exclude(pk=team.pk).get()
    stranger = Person.objects.filter(team=rival).first()
    assert stranger
    company = f"/progress/companies/{rival.organisation_id}/"
    for address in (
        "/progress/",
        company,
        f"{company}members.csv",
        f"/team/members/{stranger.pk}/",
    ):
        assert page.request.get(address).status == 404


def _module() -> Module:
    return Module.objects.get(course__title="価格の対話")


def _by_due(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The late ones first; all read alike here but for their numbers, which follow the order of entry."""
    return [*names[4:], *names[:4]]


@both
def test_the_clients_manager_sees_all_companies_and_how_soon_they_learnt(
    page: Page, team: Team, sign_in: SignIn, axe: Axe, language: str
) -> None:
    office = make_person(make_client(), roles=["sales_manager"], language=language)
    sign_in(page.context, office.account)
    page.goto("/progress/")
    for name in ("みらい営業", "あおば商事"):
        expect(page.locator("main tbody tr", has_text=name)).to_be_visible()
    expect(page.locator("main tbody tr", has_text="みらい営業")).to_contain_text("n=4")
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")
    link_to(page, f"/progress/modules/{_module().pk}/").click()
    expect(page.locator("main tbody tr", has_text="あおば商事")).to_contain_text("83")
    axe(page)
    link_to(page, f"/progress/companies/{team.organisation_id}/modules/{_module().pk}/").click()
    says(page, "伊藤 陽菜")
