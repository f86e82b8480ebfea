"""The administrator's way: partner, team, people, invitations, and what happens to them later."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from partners.models import Membership, Organisation, Person
from partners.qr import svg
from tests.browser.people import (
    error_of,
    fill,
    link_to,
    make_admin,
    newest_link,
    organisation_address,
    person_address,
    says,
    send,
)
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]
NewContext = Callable[..., BrowserContext]

both = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)

TABLE = "名前\tよみ\tメールかログイン名\tチーム\t役割\n{0}\n小川 拓海\tおがわ たくみ\togawa.t\t第2チーム\tマネージャー"
WRONG = "高橋 美咲\tたかはし みさき\tmisaki＠example\t第1チーム\t部長"
RIGHT = "高橋 美咲\tたかはし みさき\tmisaki＠example.com\t第1チーム\t営業"

TO_MEND = {
    "ja": [
        ("2", "メールかログイン名", "misaki@example", "misaki@example.com のような"),
        ("2", "役割", "部長", "担当者・マネージャー・エース"),
    ],
    "en": [
        ("2", "E-mail or log-in name", "misaki@example", "like misaki@example.com"),
        ("2", "Role", "部長", "Write rep, team manager or ace"),
    ],
}


@pytest.fixture
def admin(page: Page, sign_in: SignIn, language: str) -> Person:
    """An administrator, signed in."""
    admin = make_admin(language=language)
    sign_in(page.context, admin.account)
    return admin


@both
def test_from_no_partner_to_an_invitation_in_the_mailbox(
    page: Page, admin: Person, axe: Axe, device: str, language: str
) -> None:
    page.goto("/partners/")
    link_to(page, "/partners/new/").click()
    fill(page, name="みらい営業", area="東京")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("みらい営業")
    link_to(page, "/teams/new/").click()
    fill(page, name="第1チーム")
    send(page)
    partner = Organisation.objects.get(name="みらい営業")
    page.wait_for_url(f"**{organisation_address(partner)}")
    says(page, "第1チーム")

    link_to(page, f"/people/new/?organisation={partner.pk}").click()
    fill(page, family_name="高橋", given_name="美咲", family_reading="タカハシ")
    fill(page, email="Ｍisaki＠example.com")
    page.locator('[name="team"]').select_option(label="第1チーム")
    send(page)
    page.wait_for_url("**/people/*/")
    person = Person.objects.get(email="misaki@example.com")
    assert (person.family_reading, person.roles, person.team) == (
        "たかはし",
        ["rep"],
        partner.teams.get(),
    )
    page.locator('button[value="mail"]').click()
    expect(page.locator(".messages .banner")).to_be_visible()
    axe(page)
    assert "/i/" in newest_link(page, "misaki@example.com")
    says(page, "ホナミ")


@both
def test_a_table_says_what_to_mend_and_keeps_what_was_pasted(
    page: Page, admin: Person, axe: Axe, device: str, language: str
) -> None:
    partner = make_partner("みらい営業")
    page.goto(organisation_address(partner))
    link_to(page, "/paste/").click()
    fill(page, text=TABLE.format(WRONG))
    send(page)
    rows = page.locator("table:has(code) tbody tr")
    expect(rows).to_have_count(len(TO_MEND[language]))
    if device == "desktop":
        for name in page.locator("table:has(code) tbody td:nth-child(2)").all():
            assert name.evaluate("(e) => e.clientHeight") < 60, "a name stays on a line"
    for row, cells in zip(rows.all(), TO_MEND[language], strict=True):
        for cell in cells:
            expect(row).to_contain_text(cell)
    expect(page.locator('[name="text"]')).to_have_value(TABLE.format(WRONG))
    expect(page.locator('button[value="enter"]')).to_have_count(0)
    assert not partner.people.exists()
    assert not partner.teams.exists()
    axe(page)

    fill(page, text=TABLE.format(RIGHT))
    page.locator('button[value="look"]').click()
    expect(page.locator('button[value="enter"]')).to_contain_text("2")
    assert not partner.people.exists()
    axe(page)
    page.locator('button[value="enter"]').click()
    page.wait_for_url("**/invite/")
    says(page, "高橋 美咲")
    assert set(partner.people.values_list("family_name", "email", "login_name", "team__name")) == {
        ("高橋", "misaki@example.com", None, "第1チーム"),
        ("小川", None, "ogawa.t", "第2チーム"),
    }


def test_an_empty_table_is_explained(page: Page, admin: Person) -> None:
    page.goto(organisation_address(make_partner()) + "paste/")
    send(page)
    expect(page.locator(".summary")).to_be_focused()
    says(page, "Excel")


def test_what_a_form_cant_take_is_said_beside_the_field(
    page: Page, admin: Person, axe: Axe
) -> None:
    partner, other = (
        make_partner("みらい営業"),
        make_person(make_partner(), email="ana@example.com"),
    )
    page.goto("/partners/new/")
    fill(page, name=" みらい営業　", area="関西")
    send(page)
    expect(error_of(page, "name")).to_contain_text("みらい営業")
    expect(page.locator('[name="area"]')).to_have_value("関西")
    expect(page.locator(".summary")).to_be_focused()
    axe(page)

    page.goto(f"/people/new/?organisation={partner.pk}")
    fill(page, family_name="<b>銀</b>" * 20, email="Ana@Example.com", territory="品川")
    send(page)
    expect(error_of(page, "family_name")).to_be_visible()
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": 900, "height": 800})
    for one, other_name in (
        ("family_name", "given_name"),
        ("family_reading", "given_reading"),
    ):
        places = [page.locator(f'[name="{name}"]').bounding_box() for name in (one, other_name)]
        assert places[0]
        assert places[1]
        assert places[0]["y"] == places[1]["y"]
    page.set_viewport_size(size)
    fill(page, family_name="銀")
    send(page)
    expect(error_of(page, "email")).to_contain_text(other.name)
    expect(page.locator('[name="territory"]')).to_have_value("品川")
    assert not partner.people.exists()
    axe(page)


def test_leaving_a_form_leads_back_and_changes_nothing(page: Page, admin: Person) -> None:
    partner = make_partner("みらい営業")
    person = make_person(partner)
    ways = {
        "/partners/new/": "/partners/",
        f"/partners/{partner.pk}/edit/": organisation_address(partner),
        f"/partners/{partner.pk}/active/": organisation_address(partner),
        f"/partners/{partner.pk}/paste/": organisation_address(partner),
        f"/people/new/?organisation={partner.pk}": organisation_address(partner),
        f"/people/{person.pk}/edit/": person_address(person),
        f"/people/{person.pk}/move/": person_address(person),
        f"/people/{person.pk}/active/": person_address(person),
    }
    for address, back in ways.items():
        page.goto(address)
        page.locator("main .btn-3").last.click()
        page.wait_for_url(f"**{back}")


def test_cards_carry_a_code_that_opens_the_invitation(
    page: Page, admin: Person, axe: Axe, new_context: NewContext
) -> None:
    partner = make_partner("みらい営業")
    make_person(partner, sign_in=False, email=None, login_name="ogawa.t", family_name="小川")
    make_person(partner, sign_in=False, family_name="高橋")
    page.goto(organisation_address(partner))
    link_to(page, "/invite/").click()
    page.locator('button[value="hand"]').click()
    cards = page.locator(".invite")
    expect(cards).to_have_count(2)
    axe(page)
    links = [card.locator("input").input_value() for card in cards.all()]
    for card, link in zip(cards.all(), links, strict=True):
        drawn = card.locator(".code svg path").get_attribute("d")
        assert f'd="{drawn}"' in svg(link, "")

    page.emulate_media(media="print")
    expect(cards.first.locator(".only-print")).to_have_text(links[0])
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator("nav").first).to_be_hidden()

    stranger = new_context().new_page()
    for link, name in zip(links, ("小川", "高橋"), strict=True):
        stranger.goto(link)
        expect(stranger.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_new_invitation_ends_the_one_before(
    page: Page, admin: Person, axe: Axe, new_context: NewContext
) -> None:
    person = make_person(make_partner(), sign_in=False)
    links = []
    for count in (1, 2):
        page.goto(person_address(person))
        page.locator('button[value="mail"]').click()
        expect(page.locator(".messages .banner")).to_be_visible()
        links.append(newest_link(page, person.email or "", of=count))
    stranger = new_context().new_page()
    stranger.goto(links[0])
    says(stranger, "差し替えか取り消しになりました")
    says(stranger, "白石 千尋")
    axe(stranger)
    stranger.goto(links[1])
    says(stranger, "ようこそ")

    page.goto(person_address(person))
    page.locator('form[action$="/revoke/"] button').click()
    expect(page.locator(".messages .banner")).to_be_visible()
    stranger.reload()
    says(stranger, "差し替えか取り消しになりました")


def test_who_has_left_is_out_with_their_next_tap(
    page: Page, admin: Person, new_context: NewContext, sign_in: SignIn
) -> None:
    rep = make_person(make_partner(), family_name="高橋")
    phone = new_context()
    sign_in(phone, rep.account)
    theirs = phone.new_page()
    theirs.goto("/learn/")
    page.goto(person_address(rep))
    link_to(page, "/active/").click()
    page.locator('button[value="no"]').click()
    says(page, "担当を離れ")
    theirs.goto("/ranking/")
    theirs.wait_for_url("**/accounts/login/**")
    page.goto(person_address(rep))
    link_to(page, "/active/").click()
    page.locator('button[value="yes"]').click()
    expect(page.locator('button[value="mail"]')).to_be_visible()
    theirs.goto("/ranking/")
    theirs.wait_for_url("**/accounts/login/**")


def test_a_person_moves_and_both_places_stay_in_the_records(page: Page, admin: Person) -> None:
    partner, other = make_partner("みらい営業"), make_partner("あおば商事")
    team = make_team(other, "渋谷")
    rep = make_person(partner, team=make_team(partner, "第1チーム"))
    page.goto(person_address(rep))
    link_to(page, "/move/").click()
    page.locator('[name="organisation"]').select_option(label="あおば商事")
    send(page)
    page.locator('[name="team"]').select_option(label="渋谷")
    send(page)
    page.wait_for_url(f"**{person_address(rep)}")
    says(page, "あおば商事 · 渋谷")
    says(page, "みらい営業 · 第1チーム")
    rep.refresh_from_db()
    assert rep.team == team
    assert Membership.objects.filter(person=rep).count() == 2


@pytest.mark.parametrize(("device", "language"), [("phone", "ja")], ids=["phone-ja"])
def test_a_page_is_chosen_with_one_tap_and_moved_together(
    page: Page, admin: Person, axe: Axe
) -> None:
    partner = make_partner("みらい営業")
    people = [make_person(partner) for _ in range(3)]
    team = make_team(partner, "第2チーム")
    page.goto(organisation_address(partner))
    bar = page.locator(".choose-bar")
    expect(bar).to_be_hidden()
    page.get_by_label("このページの全員を選ぶ").check()
    page.get_by_label(f"{people[0].name}さんを選ぶ").uncheck()
    expect(bar).to_contain_text("選択中： 2")
    axe(page)
    bar.get_by_role("button").click()
    axe(page)
    page.get_by_role("button", name="チームへ移す").click()
    page.get_by_label("チーム").select_option("第2チーム")
    page.get_by_role("button", name="どうなるかを見る").click()
    axe(page)
    page.get_by_role("button", name="2人を移す").click()
    says(page, "2人を「第2チーム」へ移しました。")
    assert set(Person.objects.filter(team=team)) == set(people[1:])
