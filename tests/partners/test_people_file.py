"""The list of people as a file: in the reader's language, and pasted back it changes nothing."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.tables import excel
from core.tables.rows import Limits
from partners import pasted
from partners.actions import belonging, organisations, pasting
from partners.exporting import HEADS
from partners.models import Organisation, Person
from partners.pasting_words import COLUMNS
from partners.roles import OF_CLIENT
from partners.templatetags.people import role_words
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db

LIMITS = Limits(bytes=10**6, rows=1000, columns=50)


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def partner(admin: Person) -> Organisation:
    """A partner whose people are as awkward as people are: one has left, from a team that was closed since."""
    partner = make_partner("みらい営業")
    commas = make_team(partner, "営業１課，２課, 東")
    make_person(partner, team=commas, roles=["rep", "manager", "ace"], login_name="tanaka.1")
    make_person(partner, family_name="-Silva", given_name="Ana Maria", email="+ana@example.com")
    make_person(
        partner,
        sign_in=False,
        family_name="林",
        given_name="",
        given_reading="",
        family_reading="",
        territory="=関東",
    )
    closed = make_team(partner, "閉じた")
    gone = make_person(partner, team=closed)
    belonging.deactivate_person(actor=admin, person_id=gone.pk)
    organisations.set_team_active(actor=admin, team_id=closed.pk, active=False)
    return partner


def _file(browser: Browser, admin: Person, language: str, form: str, query: str = "") -> bytes:
    admin.language = language
    admin.save(update_fields=["language"])
    answer = sign_in(browser, admin).get(reverse(f"partners:people_{form}") + query)
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    return answer.getvalue()


def _copied(body: bytes, form: str) -> str:
    """Return what is copied of the file: in Excel cells between tabs, in an editor its text."""
    if form == "csv":
        return body.decode("utf-8-sig")
    return "\n".join("\t".join(row.cells) for row in excel.parse(body, LIMITS))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_saved_and_is_pasted_back_differs_in_nothing(
    client: Browser, admin: Person, partner: Organisation, language: str, form: str
) -> None:
    body = _file(client, admin, language, form, f"?organisation={partner.pk}")
    table = pasted.parse(_copied(body, form))
    plan = pasting.plan(actor=admin, organisation=partner, table=table)
    assert [row.outcome for row in plan.rows] == ["same"] * 4, [row.troubles for row in plan.rows]
    assert (plan.differing, table.unknown_columns) == ([], ())
    url = reverse("partners:paste_people", args=[partner.pk])
    page = client.post(url, {"text": _copied(body, form), "step": "look"}).content.decode()
    assert ("使わない列" in page, "Not used" in page) == (False, False)


def test_the_file_holds_what_the_list_shows_with_its_filters(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    make_person(make_partner(), email="elsewhere@example.com")
    text = _file(client, admin, "ja", "csv", f"?organisation={partner.pk}&state=inactive").decode()
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert header[:6] == ["姓", "名", "姓のよみ", "名のよみ", "メールアドレス", "ログイン名"]
    assert [(row[6], row[7], row[11]) for row in rows] == [("みらい営業", "閉じた", "離任")]
    everybody = _file(client, admin, "en", "csv").decode()
    assert "elsewhere@example.com" in everybody
    assert "Has left" in everybody


def test_one_query_reads_people_however_many(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    counts = []
    for n in (1, 30):
        for _ in range(n):
            make_person(partner, team=make_team(partner))
        url = reverse("partners:people_csv")
        sign_in(client, admin).get(url).getvalue()
        with CaptureQueriesContext(connection) as found:
            client.get(url).getvalue()
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_every_heading_and_role_is_understood_in_both_languages() -> None:
    for language in ("ja", "en"):
        with translation.override(language):
            header = "\t".join(str(COLUMNS[head]) for head in HEADS)
            table = pasted.parse(f"{header}\n" + "\t".join(HEADS))
            assert table.rows[0].cells == {head: head for head in HEADS}
            said = role_words(list(OF_CLIENT))
        row = pasted.Row(1, {"name": "a", "sign_in": "abc", "role": said})
        assert pasting._read(row, make_client()).roles == OF_CLIENT


def test_who_has_left_is_not_entered_anew_by_a_file(admin: Person, partner: Organisation) -> None:
    def outcome(line: str) -> list[str]:
        table = pasted.parse(f"姓\tメール\t状態\t会社\n{line}")
        plan = pasting.plan(actor=admin, organisation=partner, table=table)
        return [trouble.code for trouble in plan.rows[0].troubles] or [
            difference.column for difference in plan.rows[0].differences
        ]

    for word in ("離任", "退職", "Has left"):
        assert outcome(f"林\tnew@example.com\t{word}\tX") == ["left"]
    assert outcome("林\tnew@example.com\t未招待\tX") == []
    here = make_person(partner, family_name="林", given_name="", email="here@example.com")
    assert outcome("林\there@example.com\t離任\tX") == ["state"]
    belonging.deactivate_person(actor=admin, person_id=here.pk)
    assert outcome("林\there@example.com\t離任\tX") == []
    assert outcome("林\there@example.com\t利用中\tX") == ["has_left"]


def test_territory_is_taken_in_and_what_is_left_aside_is_named(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    text = "姓\tメール\t担当エリア\t会社\t開始日\n林\thayashi@example.com\t 関東 \tほか\t2019/4/1"
    url = reverse("partners:paste_people", args=[partner.pk])
    page = sign_in(client, admin).post(url, {"text": text, "step": "look"}).content.decode()
    assert "使わない列：会社" in page
    assert "2019/04/01" in page, "what a row says of the first day is seen before it is entered"
    client.post(url, {"text": text, "step": "enter"})
    assert Person.objects.get(email="hayashi@example.com").territory == "関東"
