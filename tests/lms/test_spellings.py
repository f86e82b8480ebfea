"""What is looked for is found on every list, however its signs are written: width, kana, old and new forms."""

import pytest
from django.test import Client as Browser

from courses.assignments.queries import naming
from courses.assignments.queries.lists import shelf_page
from courses.authoring.queries.courses import Wanted, found
from courses.catalog.models import Term
from courses.progress.publishing import publish
from partners.folding import holding
from partners.models import Organisation, Person
from tests.analytics.factories import catch_up
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return make_person(make_client(), roles=["admin", "author"], family_name="三浦")


@pytest.mark.parametrize("words", ["みなと　高島", "ﾐﾅﾄ髙島", "ミナト高嶋商会"])
def test_a_company_is_found(words: str) -> None:
    meant = make_partner("ミナト髙島商会")
    other = make_partner("みどり高田商会")
    assert list(holding(Organisation.objects.all(), words, "name")) == [meant]
    assert set(holding(Organisation.objects.all(), " ", "name")) == {meant, other}


def test_each_list_of_companies_and_people_finds_them(admin: Person) -> None:
    partner = make_partner("ミナト髙島商会")
    make_person(partner, family_name="渡邉", given_name="潤", sign_in=False)
    catch_up()
    named = [each.name for each in naming.find(admin, "みなと高島")]
    assert any(partner.name in each for each in named)
    browser = sign_in(Browser(), admin)
    for address, words, there in (
        ("/partners/", "みなと高島", partner.name),
        ("/progress/", "みなと高島", partner.name),
        (f"/progress/companies/{partner.pk}/members/", "渡辺", "渡邉"),
        ("/people/", "渡辺", "渡邉"),
    ):
        page = browser.get(address, {"q": words}).content.decode()
        assert there in page.partition("<main")[2], address


def test_titles_and_words_are_found(admin: Person) -> None:
    course = make_course("ニュースの朝")
    module = make_module(course=course, title="ＡＩで変わる現場")
    publish(module_id=module.pk, by=admin.pk)
    Term.objects.create(
        word="齋藤方式", reading="さいとうほうしき", meaning="段取り。", language="ja"
    )
    assert list(shelf_page(admin, "aiで にゅーす", None)) == [module]
    rows, _page = found(admin, Wanted(words="aiで にゅーす"), None)
    assert [row.id for row in rows] == [module.pk]
    catch_up()
    page = sign_in(Browser(), admin).get("/progress/modules/", {"q": "ａiデ"}).content.decode()
    assert "ＡＩで変わる現場" in page
    assert [term.word for term in Term.objects.matching("斉藤方式")] == ["齋藤方式"]
