"""People: entering, editing, roles, finding."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from core.models import OutgoingMail
from partners.actions import invitations, links
from partners.actions import people as writes
from partners.actions.people import Details
from partners.models import Membership, Organisation, Person, SignInLink
from partners.models.person import by_reading
from partners.problems import Problem
from partners.queries import people as reads
from partners.queries.invitations import opened
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"], family_name="白石", given_name="千尋")


@pytest.fixture
def partner() -> Organisation:
    """A partner."""
    return make_partner("みらい営業")


def _add(admin: Person, partner: Organisation, **details: object) -> Person:
    values = {"family_name": "高橋", "email": "misaki@example.com", **details}
    return writes.add_person(
        actor=admin, organisation=partner, team=None, roles=["rep"], details=Details(**values)
    )


def test_a_person_is_kept_clean_and_belongs_somewhere(admin: Person, partner: Organisation) -> None:
    person = _add(
        admin,
        partner,
        family_name="\u202e高橋\r\n",
        given_name=" 美咲",
        family_reading="ﾀｶﾊｼ",
        email="Ｍisaki@Example.com",
        joined_on=dt.date(2025, 10, 1),
    )
    person.refresh_from_db()
    assert (person.family_name, person.given_name, person.family_reading) == (
        "高橋",
        "美咲",
        "たかはし",
    )
    assert person.email == "misaki@example.com"
    assert person.account is None
    (membership,) = Membership.objects.filter(person=person)
    assert membership.organisation == partner
    assert membership.days.lower == dt.date(2025, 10, 1)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"family_name": "\u202e\u200b"}, "family_name"),
        ({"family_name": "高" * 10_000}, "family_name"),
        ({"given_reading": "あ" * 61}, "given_reading"),
        ({"family_reading": "たか橋"}, "family_reading"),
        ({"family_reading": "Takahashi"}, "family_reading"),
        ({"given_name": "美咲", "given_reading": "みさきa"}, "given_reading"),
        ({"family_name": "Silva", "family_reading": "席"}, "family_reading"),
        ({"email": "misaki"}, "email"),
        ({"email": "a@b.c\r\nBcc: x@y.z"}, "email"),
        ({"email": f"{'a' * 250}@example.com"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "", "login_name": "高橋"}, "login_name"),
        ({"login_name": "a"}, "login_name"),
    ],
)
def test_details_that_cant_be_kept_change_nothing(
    admin: Person, partner: Organisation, details: dict[str, str], field: str
) -> None:
    with pytest.raises(Problem) as caught:
        _add(admin, partner, **details)
    assert caught.value.field == field
    assert not partner.people.exists()


@pytest.mark.parametrize(
    "again", ["misaki@example.com", "MISAKI@EXAMPLE.COM", "ｍisaki@example.com"]
)
def test_an_address_belongs_to_one_person(admin: Person, partner: Organisation, again: str) -> None:
    _add(admin, partner)
    with pytest.raises(Problem) as caught:
        _add(admin, make_partner(), email=again)
    assert caught.value.field == "email"
    assert "みらい営業" in str(caught.value.message)


def test_roles_of_the_client_stay_with_the_client(admin: Person, partner: Organisation) -> None:
    person = _add(admin, partner)
    for roles in (["admin"], ["author", "rep"], [], ["king"]):
        with pytest.raises(Problem):
            writes.change_roles(actor=admin, person_id=person.pk, roles=roles)
    assert writes.change_roles(actor=admin, person_id=person.pk, roles=["manager", "rep"])
    assert not writes.change_roles(actor=admin, person_id=person.pk, roles=["rep", "manager"])


def test_there_is_always_an_administrator(admin: Person) -> None:
    other = make_person(make_client(), roles=["admin", "rep"])
    with pytest.raises(Problem):
        writes.change_roles(actor=admin, person_id=admin.pk, roles=["rep"])
    assert writes.change_roles(actor=admin, person_id=other.pk, roles=["rep"])
    not_here_yet = make_person(make_client(), roles=["admin"], sign_in=False)
    with pytest.raises(Problem):
        writes.change_roles(actor=not_here_yet, person_id=admin.pk, roles=["rep"])


def test_a_new_address_signs_in_and_the_old_one_is_told(
    admin: Person, partner: Organisation
) -> None:
    person = make_person(partner, email="old@example.com", language="en")
    EmailAddress.objects.create(user=person.account, email="old@example.com", primary=True)
    writes.edit_person(
        actor=admin,
        person_id=person.pk,
        details=Details(family_name="高橋", email="New@example.com"),
    )
    person.refresh_from_db()
    assert person.account is not None
    assert (person.email, person.account.email) == ("new@example.com", "new@example.com")
    assert not EmailAddress.objects.exists()
    mail = OutgoingMail.objects.get()
    assert mail.recipient == "old@example.com"
    assert mail.subject == "Your sign-in address has changed"


def test_what_was_mailed_to_the_old_address_opens_nothing_any_more(
    admin: Person, partner: Organisation
) -> None:
    person = make_person(partner, email="old@example.com")
    (mailed,) = invitations.invite(actor=admin, people=[person], by_mail=True)
    assert links.send_link(address="old@example.com")
    edit = {"actor": admin, "person_id": person.pk}
    writes.edit_person(**edit, details=Details(family_name="高橋", email="old@example.com"))
    assert SignInLink.objects.exists()
    assert opened(mailed.token).state == "open"
    writes.edit_person(**edit, details=Details(family_name="高橋", email="new@example.com"))
    assert not SignInLink.objects.exists()
    assert opened(mailed.token).state == "revoked"
    (handed,) = invitations.invite(actor=admin, people=[person], by_mail=False)
    writes.edit_person(**edit, details=Details(family_name="高橋", email="newest@example.com"))
    assert opened(handed.token).state == "open"


@pytest.mark.parametrize(
    "words",
    [
        "高橋",
        "ﾀｶﾊｼ",
        "たかはし みさき",
        "タカハシミサキ",
        "高橋美咲",
        "MISAKI@",
        "ｍｉｓａｋｉ",
        "美咲 高橋",
    ],
)
def test_people_are_found_in_any_width_and_kana(
    admin: Person, partner: Organisation, words: str
) -> None:
    make_person(partner)
    found = make_person(
        partner,
        family_name="高橋",
        given_name="美咲",
        family_reading="たかはし",
        given_reading="みさき",
        email="misaki@example.com",
    )
    assert list(reads.people(admin, reads.Filter(words=words))) == [found]


def test_signs_of_patterns_are_only_signs(admin: Person, partner: Organisation) -> None:
    make_person(partner)
    for words in ("%", "_", "\\", "'; --"):
        assert not reads.people(admin, reads.Filter(words=words))


def test_the_list_filters_by_place_and_state(admin: Person, partner: Organisation) -> None:
    team = make_team(partner)
    active = make_person(partner, team=team)
    new = make_person(partner, sign_in=False)
    gone = make_person(partner, is_active=False)

    def found(**wanted: object) -> set[Person]:
        return set(reads.people(admin, reads.Filter(**wanted)))

    assert found(organisation=partner.pk) == {active, new, gone}
    assert found(team=team.pk) == {active}
    assert found(state="new") == {new}
    assert found(state="inactive") == {gone}
    assert found(state="invited") == set()
    assert found(state="active", organisation=partner.pk) == {active}


def test_people_are_sorted_by_reading(admin: Person, partner: Organisation) -> None:
    for reading in ("わたなべ", "あべ", "たかはし"):
        make_person(partner, family_reading=reading)
    wanted = reads.Filter(organisation=partner.pk)
    assert [p.family_reading for p in reads.people(admin, wanted)] == [
        "あべ",
        "たかはし",
        "わたなべ",
    ]


def test_who_has_no_reading_stands_where_one_would_look(
    admin: Person, partner: Organisation
) -> None:
    for family, given, reading in (
        *(("山田", "葵", "やまだ"), ("鈴木", "葵", ""), ("Wong", "Ana", ""), ("lee", "Bo", "")),
        *(("高橋", "葵", "たかはし"), ("スミス", "Jo", ""), ("Lee", "Al", "")),
    ):
        names = {"family_name": family, "given_name": given, "family_reading": reading}
        make_person(partner, **names, given_reading="あおい" if reading else "")
    found = reads.people(admin, reads.Filter(organisation=partner.pk))
    wanted = ["Lee", "lee", "Wong", "スミス", "高橋", "山田", "鈴木"]
    assert [person.family_name for person in found] == wanted
    through = Membership.objects.filter(person__in=found).order_by(*by_reading("person__"))
    assert [row.person.family_name for row in through.select_related("person")] == wanted


def test_an_index_answers_in_the_order_of_lists(admin: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    assert "person_in_lists" in reads.people(admin, reads.Filter())[:30].explain()


def test_the_pages_enter_and_edit(admin: Person, partner: Organisation, client: Browser) -> None:
    sign_in(client, admin)
    add = reverse("partners:add_person")
    assert client.get(add).status_code == 200
    address = f"{add}?organisation={partner.pk}"
    assert client.get(address).status_code == 200
    typed = {"family_name": "高橋", "email": "misaki＠example.com", "roles": ["rep"]}
    wrong = client.post(address, {**typed, "family_name": "\0高橋"})
    assert wrong.status_code == 422
    response = client.post(address, typed)
    person = partner.people.get()
    assert response.headers["Location"] == reverse("partners:person", args=[person.pk])
    edit = reverse("partners:edit_person", args=[person.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, {"family_name": "髙橋", "login_name": "misaki.t"})
    person.refresh_from_db()
    assert (person.family_name, person.email, person.login_name) == ("髙橋", None, "misaki.t")
    roles = reverse("partners:change_roles", args=[person.pk])
    client.post(roles, {"roles": ["manager"]})
    person.refresh_from_db()
    assert person.roles == ["manager"]


def test_all_that_has_to_be_mended_is_told_together(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    address = f"{reverse('partners:add_person')}?organisation={partner.pk}"
    typed = {
        "family_name": " ",
        "family_reading": "kansa漢字",
        "login_name": "てすと",
        "territory": "あ" * 500,
        "joined_on": "いつか",
    }
    errors = client.post(address, typed).context["form"].errors
    assert set(errors) == {*typed, "roles"}
    assert all(len(each) == 1 for each in errors.values())
    assert "email" in client.post(address, {"family_name": "高橋"}).context["form"].errors


def test_who_has_the_address_and_the_log_in_name_is_told_with_the_rest(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    make_person(partner, family_name="高橋", given_name="美咲", email="misaki@example.com")
    make_person(make_partner("あかり"), family_name="森", login_name="mori")
    person = make_person(partner, email="own@example.com", login_name="own")
    sign_in(client, admin)
    add = f"{reverse('partners:add_person')}?organisation={partner.pk}"
    edit = reverse("partners:edit_person", args=[person.pk])
    wrong = {"family_name": " ", "email": "Ｍisaki@Example.com", "login_name": "MORI"}
    for address in (add, edit):
        errors = client.post(address, {**wrong, "roles": ["rep"]}).context["form"].errors
        assert set(errors) == set(wrong), address
        assert errors["email"] == ["すでに 高橋 美咲 さん（みらい営業）が使っています。"]
        assert "森" in errors["login_name"][0]
    mine = {"family_name": "", "email": "OWN@example.com", "login_name": "own"}
    assert set(client.post(edit, mine).context["form"].errors) == {"family_name"}


def test_somebody_who_has_both_is_told_at_both(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    make_person(partner, email="misaki@example.com", login_name="misaki")
    sign_in(client, admin)
    address = f"{reverse('partners:add_person')}?organisation={partner.pk}"
    typed = {"family_name": "森", "email": "misaki@example.com", "login_name": "misaki"}
    errors = client.post(address, {**typed, "roles": ["rep"]}).context["form"].errors
    assert set(errors) == {"email", "login_name"}
    assert partner.people.count() == 1


@pytest.mark.parametrize(
    "query",
    ["q=%E2%80%AE", "page=999", "page=", "organisation=x", "state=king", "team=x", "role=king"],
)
def test_an_odd_address_shows_the_list(admin: Person, client: Browser, query: str) -> None:
    sign_in(client, admin)
    assert client.get(f"{reverse('partners:people')}?{query}").status_code == 200


def test_the_list_says_how_many_of_all_have_left(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    admin.language = "en"
    admin.save()
    make_person(partner)
    make_person(partner, is_active=False, left_on=dt.date(2026, 3, 31))
    browser = sign_in(client, admin)
    url = f"/people/?organisation={partner.pk}"
    assert "2 people (1 of them has left)" in browser.get(url).content.decode()
    assert "have left" not in browser.get(f"{url}&state=inactive").content.decode()


def test_what_filters_offer_is_in_the_reader_s_language(client: Browser, admin: Person) -> None:
    for language, words in (("ja", "すべて"), ("en", "All")):
        admin.language = language
        admin.save()
        page = sign_in(client, admin).get("/people/").content.decode()
        offered = page.partition('name="organisation"')[2].partition("</option>")[0]
        assert offered.endswith(f">{words}"), offered


def test_people_are_found_by_their_role(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    ace = make_person(partner, roles=["rep", "ace"])
    rep = make_person(partner)
    page = sign_in(client, admin).get("/people/?role=ace").content.decode()
    assert reverse("partners:person", args=[ace.pk]) in page
    assert reverse("partners:person", args=[rep.pk]) not in page
