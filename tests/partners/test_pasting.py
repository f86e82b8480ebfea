"""A table of people: looked at first, entered all or none, and never twice."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse

from partners import pasted
from partners.actions import pasting as writes
from partners.models import Membership, Organisation, Person
from partners.problems import Problem
from partners.queries.client import today
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

TABLE = """名前\tよみ\tメールかログイン名\tチーム\t役割
高橋　美咲\tﾀｶﾊｼ ﾐｻｷ\tＭisaki＠example.com\t第1営業チーム\t営業、マネージャー
小川 拓海\tオガワ タクミ\togawa.t\t第3チーム\t
Ana Silva\t\tana@example.com\t第３チーム\tAce"""


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def partner() -> Organisation:
    """A partner with one team."""
    partner = make_partner("みらい営業")
    make_team(partner, "第1営業チーム")
    return partner


def _plan(admin: Person, partner: Organisation, text: str) -> writes.Plan:
    return writes.plan(actor=admin, organisation=partner, table=pasted.parse(text))


def _codes(plan: writes.Plan) -> list[tuple[int, str, str]]:
    return [(row.row.number, t.column, t.code) for row in plan.rows for t in row.troubles]


def test_looking_changes_nothing(admin: Person, partner: Organisation) -> None:
    plan = _plan(admin, partner, TABLE)
    assert [row.name for row in plan.having("new")] == ["高橋 美咲", "小川 拓海", "Ana Silva"]
    assert plan.new_teams == ("第3チーム",)
    assert not partner.people.exists()
    assert partner.teams.count() == 1


def test_entering_makes_people_teams_and_memberships(admin: Person, partner: Organisation) -> None:
    made = writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(TABLE))
    assert len(made) == 3
    misaki = Person.objects.get(email="misaki@example.com")
    assert (misaki.family_name, misaki.given_name) == ("高橋", "美咲")
    assert (misaki.family_reading, misaki.given_reading) == ("たかはし", "みさき")
    assert misaki.roles == ["rep", "manager"]
    assert misaki.team is not None
    assert misaki.team.name == "第1営業チーム"
    ana = Person.objects.get(email="ana@example.com")
    assert (ana.family_name, ana.given_name, ana.roles) == ("Silva", "Ana", ["ace"])
    ogawa = Person.objects.get(login_name="ogawa.t")
    assert ogawa.team == ana.team
    assert ogawa.roles == ["rep"]
    assert Membership.objects.filter(organisation=partner, days__upper_inf=True).count() == 3


def test_people_begin_on_the_day_that_their_row_says(admin: Person, partner: Organisation) -> None:
    text = """姓\tメール\t開始日
林\ta@example.com\t2019/4/1
森\tb@example.com\t２０２０年１月６日
関\tc@example.com\t
東\td@example.com\t2099-04-01"""
    made = writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(text))
    joined = [dt.date(2019, 4, 1), dt.date(2020, 1, 6), today(), dt.date(2099, 4, 1)]
    assert [each.joined_on for each in made] == joined
    days = [Membership.objects.get(person=each).days.lower for each in made]
    assert days == [*joined[:3], today()], "who begins later belongs here already"
    again = _plan(admin, partner, text.replace("2019/4/1", "2019/5/1"))
    assert [[each.column for each in row.differences] for row in again.rows] == [
        ["joined_on"],
        [],
        [],
        [],
    ]
    for wrong in ("4/1/2019", "2019/2/30", "1019/4/1", "来月"):
        plan = _plan(admin, partner, f"姓\tメール\t入社日\n林\tz@example.com\t{wrong}")
        assert _codes(plan) == [(2, "joined_on", "bad_day")]


def test_the_same_table_again_enters_nobody(admin: Person, partner: Organisation) -> None:
    for expected in (3, 0, 0):
        made = writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(TABLE))
        assert len(made) == expected
    assert len(_plan(admin, partner, TABLE).having("same")) == 3
    assert partner.teams.count() == 2


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("\t\ta@example.com", "name", "no_name"),
        ("a@example.com\t\ta@example.com", "name", "address_elsewhere"),
        ("高橋\ta@example.com\t", "reading", "address_elsewhere"),
        ("高橋\tTakahashi\ta@example.com", "reading", "bad_reading"),
        ("高橋 美咲\tたかはし 美咲\ta@example.com", "reading", "bad_reading"),
        ("高橋", "sign_in", "no_sign_in"),
        ("高橋\t\ta@b", "sign_in", "bad_email"),
        ("高橋\t\t高橋", "sign_in", "bad_login_name"),
        ("高橋\t\tab", "sign_in", "bad_login_name"),
        (f"{'高' * 61}\t\ta@example.com", "name", "too_long"),
        (f"高橋\t{'あ' * 61}\ta@example.com", "reading", "too_long"),
        (f"高橋\t\ta@example.com\t{'A' * 81}", "team", "too_long"),
        ("高橋\t\ta@example.com\t\t社長", "role", "unknown_role"),
        ("高橋\t\ta@example.com\t\t営業、管理者", "role", "role_of_client"),
        ("高橋\t\ta@example.com\t\t\t余り", "", "too_many_cells"),
        ("高橋\t\ta@example.com\t閉じた", "team", "team_closed"),
        ("高橋\t\telsewhere@example.com", "sign_in", "elsewhere"),
        ("高橋\t\tgone@example.com", "sign_in", "has_left"),
    ],
)
def test_a_row_that_cant_be_entered_says_where_and_why(
    admin: Person, partner: Organisation, line: str, column: str, code: str
) -> None:
    make_team(partner, "閉じた", is_active=False)
    make_person(make_partner(), email="elsewhere@example.com")
    make_person(partner, email="gone@example.com", is_active=False)
    text = f"良い人\t\tgood@example.com\n{line}"
    assert (2, column, code) in _codes(_plan(admin, partner, text))
    with pytest.raises(Problem):
        writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(text))
    assert not Person.objects.filter(email="good@example.com").exists()


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ("高橋　美咲\t\tタカハシ ミサキ\t", ("高橋", "美咲", "たかはし", "みさき")),
        ("高橋\t美咲\tたかはし\tみさき", ("高橋", "美咲", "たかはし", "みさき")),
        ("高橋 美\t咲\t\t", ("高橋 美", "咲", "", "")),
        ("García Márquez\t\t\t", ("García Márquez", "", "", "")),
        ("高橋\t\t\t", ("高橋", "", "", "")),
    ],
)
def test_a_whole_name_may_stand_in_the_familys_column(
    admin: Person, partner: Organisation, cells: str, names: tuple[str, ...]
) -> None:
    text = f"姓\t名\t姓よみ\t名よみ\tメール\n{cells}\ta@example.com"
    writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(text))
    made = Person.objects.get(email="a@example.com")
    found = (made.family_name, made.given_name, made.family_reading, made.given_reading)
    assert found == names


@pytest.mark.parametrize(
    ("header", "cell", "email", "login_name"),
    [
        ("メール", "heida.s", "", "heida.s"),
        ("メール", "Ｈeida＠example.com", "heida@example.com", ""),
        ("ログイン名", "heida@example.com", "heida@example.com", ""),
    ],
)
def test_the_only_column_to_sign_in_with_takes_either(
    admin: Person, partner: Organisation, header: str, cell: str, email: str, login_name: str
) -> None:
    (row,) = _plan(admin, partner, f"名前\t{header}\n平田\t{cell}").having("new")
    assert (row.details.email, row.details.login_name) == (email, login_name)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_sign_in"),
        ("heida.example.com", "bad_email"),
        ("平田", "bad_login_name"),
        ("otsu", "elsewhere"),
    ],
)
def test_what_is_wrong_in_it_is_said_of_that_column(
    admin: Person, partner: Organisation, cell: str, code: str
) -> None:
    make_person(make_partner(), email=None, login_name="otsu")
    plan = _plan(admin, partner, f"名前\tメール\n平田\t{cell}")
    assert _codes(plan) == [(2, "email", code)]


def test_one_address_twice_in_a_table_is_seen_in_any_case(
    admin: Person, partner: Organisation
) -> None:
    text = "甲\t\ta@example.com\n乙\t\tＡ@Example.com"
    assert _codes(_plan(admin, partner, text)) == [(2, "sign_in", "twice")]


def test_address_and_log_in_name_of_two_people_clash(admin: Person, partner: Organisation) -> None:
    make_person(partner, email="a@example.com")
    make_person(partner, email=None, login_name="otsu")
    text = "名前\tメール\tログイン名\n甲\ta@example.com\totsu"
    assert _codes(_plan(admin, partner, text)) == [(2, "login_name", "two_people")]


def test_a_thousand_rows_take_the_same_few_queries(
    admin: Person, partner: Organisation, django_assert_max_num_queries
) -> None:
    text = "\n".join(f"山田 {n}\t\tuser{n}@example.com\tチーム{n % 7}" for n in range(1000))
    table = pasted.parse(text)
    with django_assert_max_num_queries(4):
        writes.plan(actor=admin, organisation=partner, table=table)
    with django_assert_max_num_queries(30):
        made = writes.enter_people(actor=admin, organisation=partner, table=table)
    assert len(made) == 1000


def test_the_page_shows_then_enters(admin: Person, partner: Organisation, client: Browser) -> None:
    sign_in(client, admin)
    url = reverse("partners:paste_people", args=[partner.pk])
    assert client.get(url).status_code == 200
    shown = client.post(url, {"text": TABLE, "step": "look"})
    assert shown.status_code == 200
    body = shown.content.decode()
    assert "まだ何も変更していません" in body
    assert "第3チーム" in body
    assert "ﾀｶﾊｼ ﾐｻｷ" in body
    assert not partner.people.exists()
    done = client.post(url, {"text": TABLE, "step": "enter"})
    assert done.headers["Location"] == reverse("partners:invite_all", args=[partner.pk])
    assert partner.people.count() == 3
    again = client.post(url, {"text": TABLE, "step": "enter"})
    assert again.headers["Location"] == reverse("partners:organisation", args=[partner.pk])
    assert partner.people.count() == 3


@pytest.mark.parametrize(
    "text", ["", "名前\tメール", "高橋\t\tbad@", "高橋\0\t\t\0", "x" * 210_000]
)
def test_what_cant_be_entered_is_all_kept(
    admin: Person, partner: Organisation, client: Browser, text: str
) -> None:
    sign_in(client, admin)
    url = reverse("partners:paste_people", args=[partner.pk])
    for step in ("look", "enter"):
        response = client.post(url, {"text": text, "step": step})
        assert response.status_code == 422
        assert text in response.content.decode()
    assert not partner.people.exists()


def test_somebody_who_was_faster_is_noticed(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    url = reverse("partners:paste_people", args=[partner.pk])
    client.post(url, {"text": TABLE, "step": "look"})
    make_person(make_partner(), email="ana@example.com")
    response = client.post(url, {"text": TABLE, "step": "enter"})
    assert response.status_code == 422
    assert "まだ何も登録していません" in response.content.decode()
    assert not partner.people.exists()


def test_rows_that_differ_from_what_is_kept_are_shown_and_change_nothing(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(TABLE))
    misaki = Person.objects.get(email="misaki@example.com")
    other = (
        TABLE.replace("高橋　美咲", "高橋 みさき")
        .replace("営業、マネージャー", "担当者")
        .replace("\t第1営業チーム", "\t第2営業チーム")
        .replace("オガワ タクミ", "")
    )
    address = reverse("partners:paste_people", args=[partner.pk])
    page = sign_in(client, admin).post(address, {"text": other, "step": "look"}).content.decode()
    assert "登録内容と違う行が1行あります" in page
    assert reverse("partners:person", args=[misaki.pk]) in page
    for kept, said in (
        ("高橋 美咲", "高橋 みさき"),
        ("第1営業チーム", "第2営業チーム"),
        ("担当者・マネージャー", "担当者"),
    ):
        assert f"<bdi>{kept}</bdi>" in page
        assert f"<bdi>{said}</bdi>" in page
    assert writes.enter_people(actor=admin, organisation=partner, table=pasted.parse(other)) == []
    misaki.refresh_from_db()
    assert (misaki.given_name, misaki.roles) == ("美咲", ["rep", "manager"])
    same = sign_in(client, admin).post(address, {"text": TABLE, "step": "look"}).content.decode()
    assert "登録内容と違う行" not in same
