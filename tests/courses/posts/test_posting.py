"""A quick post is out at once: for whom, for how long, and under which title."""

import datetime as dt
import importlib
import uuid

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.catalog.models import Course, Module
from courses.posts import queries
from courses.posts.actions import managing
from courses.posts.titling import document, spoken, suggested
from courses.progress import queries as progress
from partners.models import Client as ClientRow
from partners.models import Organisation, Person
from partners.problems import Problem
from tests.courses.factories import make_course
from tests.courses.posts.factories import browser, post, read_by
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


def test_lines_are_published_at_once_with_their_first_words_as_title(author: Person) -> None:
    post(author)
    rep = make_person(make_partner(), roles=["rep"])
    assert read_by(rep) == ["おはようございます"]


def test_one_form_makes_one_post(author: Person) -> None:
    key = uuid.uuid4()
    assert post(author, key=key).pk == post(author, key=key).pk
    assert Module.objects.filter(form="post").count() == 1


def test_posts_share_one_course(author: Person) -> None:
    assert post(author).module.course_id == post(author).module.course_id


def test_a_post_stands_for_its_audience_only(author: Person) -> None:
    chosen, other = make_partner("甲"), make_partner("乙")
    made = post(author, audience="chosen", organisations=[chosen])
    theirs = make_person(chosen, roles=["rep"])
    others = make_person(other, roles=["rep"])
    assert read_by(theirs)
    assert not read_by(others)
    address = f"/modules/{made.module_id}/"
    assert browser(theirs).get(address).status_code == 200
    assert browser(others).get(address).status_code == 404


def test_a_post_for_many_takes_the_same_statements_as_for_one(author: Person) -> None:
    partners = [make_partner(f"会社{number}") for number in range(20)]
    post(author)
    taken = []
    for wanted in (partners[:1], partners):
        with CaptureQueriesContext(connection) as found:
            made = post(author, audience="chosen", organisations=wanted)
        taken.append(len(found))
        assert made.module.readers.count() == len(wanted)
    assert taken[0] == taken[1]


def test_the_clients_own_word_is_not_for_partners(author: Person) -> None:
    post(author, audience="client")
    assert not read_by(make_person(make_partner(), roles=["rep"]))
    assert read_by(make_person(author.organisation, roles=["rep"]))


def test_chosen_partners_must_be_named(author: Person) -> None:
    with pytest.raises(Problem):
        post(author, audience="chosen")
    assert not Module.objects.exists()


def test_what_is_over_is_gone_until_it_is_extended(author: Person) -> None:
    rep = make_person(make_partner(), roles=["rep"])
    # The database's clock is not moved: so the end is.
    made = post(author)
    Module.objects.filter(pk=made.module_id).update(
        expires_at=timezone.now() - dt.timedelta(minutes=1)
    )
    assert not read_by(rep)
    assert not read_by(author)
    assert browser(rep).get(f"/modules/{made.module_id}/").status_code == 404
    found = queries.mine(author, None)[0][0]
    assert found.state == "expired"
    assert managing.extend(post_id=made.pk, days=7, base=found.base)
    assert read_by(rep)
    assert not managing.extend(post_id=made.pk, days=7, base=found.base)


@pytest.mark.parametrize("days", [3, 7, 30, None])
def test_the_end_is_counted_from_the_publication(author: Person, days: int | None) -> None:
    with time_machine.travel("2026-11-25 07:00+09:00", tick=False):
        made = post(author, days=days)
        wanted = timezone.now() + dt.timedelta(days=days) if days else None
    assert Module.objects.get(pk=made.module_id).expires_at == wanted


def test_a_post_is_no_lesson_to_finish(author: Person) -> None:
    made = post(author)
    rep = make_person(make_partner(), roles=["rep"])
    assert not progress.ways_page(rep, None, None).object_list
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "/quiz" not in page
    assert str(made.module_id) in browser(rep).get("/learn/").content.decode()
    assert str(made.module_id) in browser(rep).get("/").content.decode()


def test_an_archived_shelf_comes_back_without_what_was_put_away_with_it(author: Person) -> None:
    old = post(author, text="きのうの話")
    Course.objects.filter(pk=old.module.course_id).update(is_archived=True)
    new = post(author, text="けさの話")
    assert new.module.course_id == old.module.course_id
    assert Course.objects.count() == 1
    assert read_by(author) == ["けさの話"]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("The latest words", "Latest posts"), ("The latest word", "The latest word")],
)
def test_an_upgrade_renames_the_shelf_that_has_the_name_it_was_made_with(
    author: Person, was: str, becomes: str
) -> None:
    shelf = post(author).module.course
    Course.objects.filter(pk=shelf.pk).update(title=was)
    other = make_course("The latest words")
    importlib.import_module("courses.posts.migrations.0004_latest_posts").rename(apps, None)
    for course, title in ((shelf, becomes), (other, "The latest words")):
        course.refresh_from_db()
        assert course.title == title


@pytest.mark.parametrize(("language", "title"), [("ja", "最近のひとこと"), ("en", "Latest posts")])
def test_the_shelf_is_named_in_the_clients_language(
    author: Person, language: str, title: str
) -> None:
    ClientRow.objects.update(language=language)
    assert post(author).module.course.title == title


@pytest.mark.parametrize("roles", [["rep"], ["manager"], ["sales_manager"]])
def test_others_of_the_client_do_not_post(
    client_organisation: Organisation, roles: list[str]
) -> None:
    answer = browser(make_person(client_organisation, roles=roles)).get("/posts/new/")
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("roles", [["author"], ["admin"], ["ace"]])
def test_nobody_of_a_partner_posts(client_organisation: Organisation, roles: list[str]) -> None:
    person = make_person(make_partner(), roles=roles)
    assert browser(person).get("/posts/new/").status_code == 404
    assert browser(person).get("/posts/").status_code == 404


def test_titles_are_first_words() -> None:
    assert suggested("本日の話。つづき") == "本日の話"
    assert suggested("Good morning. More") == "Good morning"
    assert len(suggested("あ" * 90)) == 40
    assert suggested("  ") == ""


def test_an_empty_line_parts_paragraphs() -> None:
    assert [len(each["content"]) for each in document("一\n二\n\n三")["content"]] == [3, 1]


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("詳しくは https://example.com/a?b=1&c=(2)。", ["https://example.com/a?b=1&c=(2"]),
        (
            "See (http://example.com/x). And https://b.example!",
            ["http://example.com/x", "https://b.example"],
        ),
        ("https://例え.jp と http://", []),
        ("javascript:alert(1) ftp://example.com", []),
    ],
)
def test_addresses_in_a_post_are_links_and_no_letter_is_lost(line: str, links: list[str]) -> None:
    (paragraph,) = document(line)["content"]
    assert "".join(each["text"] for each in paragraph["content"]) == line
    found = [each["marks"][0]["attrs"]["href"] for each in paragraph["content"] if "marks" in each]
    assert found == links


def test_letters_tell_the_language() -> None:
    assert spoken("けさ the news", "en") == "ja"
    assert spoken("Good morning", "ja") == "en"
    assert spoken("12:30", "ja") == "ja"
