"""A post becomes a lesson, and stays a post."""

import pytest

from courses.catalog.models import Course
from courses.posts.actions import managing
from courses.progress import queries as progress
from courses.progress.publishing import publish
from partners.models import Person
from partners.problems import Problem
from tests.courses.factories import make_course, make_module
from tests.courses.posts.factories import browser, post, read_by
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


def test_a_post_becomes_a_draft_of_a_lesson_and_stays_a_post(author: Person) -> None:
    chosen = make_partner()
    made, course = post(author, audience="chosen", organisations=[chosen]), make_course()
    answer = browser(author).post(f"/posts/{made.pk}/promote/", {"course": course.pk})
    lesson = course.modules.get()
    assert answer["Location"] == f"/authoring/modules/{lesson.pk}/"
    assert browser(author).get(answer["Location"]).status_code == 200
    assert (lesson.form, lesson.version_id, lesson.expires_at) == ("lesson", None, None)
    assert lesson.readers.get().organisation == chosen
    assert [block.data for block in lesson.blocks.all()] == [
        block.data for block in made.module.blocks.all()
    ]
    rep = make_person(chosen, roles=["rep"])
    assert read_by(rep)
    assert not progress.ways_page(rep, None, None).object_list
    assert managing.promote(post_id=made.pk, course_id=course.pk) == lesson.pk
    assert course.modules.count() == 1
    publish(module_id=lesson.pk, by=author.pk)
    assert [way.module_id for way in progress.ways_page(rep, None, None).object_list] == [lesson.pk]


def test_an_author_makes_an_aces_post_a_lesson_and_the_ace_does_not(author: Person) -> None:
    ace = make_person(author.organisation, roles=["ace"])
    made, course = post(ace), make_course()
    address = f"/posts/{made.pk}/promote/"
    assert browser(ace).post(address, {"course": course.pk}).status_code == 404
    assert "/promote/" not in browser(ace).get("/posts/").content.decode()
    assert address not in browser(author).get("/posts/").content.decode()
    page = browser(author).get("/posts/?of=all").content.decode()
    assert address in page
    assert ace.name in page
    assert address in browser(author).get(f"/modules/{made.module_id}/").content.decode()
    assert address not in browser(ace).get(f"/modules/{made.module_id}/").content.decode()
    assert browser(author).post(address, {"course": course.pk}).status_code == 302
    assert browser(ace).get("/posts/?of=all").content.decode().count("<article") == 1


def test_a_course_that_was_archived_meanwhile_takes_no_lesson(author: Person) -> None:
    made, course = post(author), make_course()
    Course.objects.filter(pk=course.pk).update(is_archived=True)
    with pytest.raises(Problem):
        managing.promote(post_id=made.pk, course_id=course.pk)
    shelf = {"course": made.module.course_id}
    assert browser(author).post(f"/posts/{made.pk}/promote/", shelf).status_code == 422


def test_lessons_stay_beside_posts(author: Person) -> None:
    lesson = make_module(course=Course.objects.create(title="コース"))
    post(author)
    assert [way.module_id for way in progress.ways_page(author, None, None).object_list] == [
        lesson.pk
    ]
