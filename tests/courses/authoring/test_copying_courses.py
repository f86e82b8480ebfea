"""A course is duplicated with its lessons, in their order and as drafts; or nothing of it is."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from courses.authoring.actions import copying
from courses.authoring.actions.copying import copy_course
from courses.authoring.actions.courses import Reach, archive_course, archive_module, change_reach
from courses.authoring.queries import drafts
from courses.catalog.models import Course, Module
from courses.scenarios import reading
from courses.scenarios.actions import drafting
from courses.scenarios.models import Scenario, ScenarioDraft
from partners.models import Person
from partners.problems import Problem
from tests.browser.author import make_author
from tests.courses.factories import make_course, make_module
from tests.courses.posts.factories import browser, post
from tests.courses.scenarios.factories import put
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Person:
    return make_author()


def said(module: Module) -> object:
    """Return what a module's draft says."""
    return drafts.current_of(module, module.blocks.all()).document


def test_the_copy_has_the_same_modules_in_the_same_order_as_drafts(author: Person) -> None:
    course = make_course("価格の会話", summary="値引きの前に")
    last = make_module(course=course, title="まとめ", position=7)
    first = make_module(course=course, title="はじめに", position=2, language="en")
    copied = copy_course(course_id=course.pk, by=author.pk)
    made = copied.course
    assert (made.title, made.summary) == ("価格の会話（コピー）", "値引きの前に")
    assert made.position > course.position
    mine = list(made.modules.order_by("position"))
    assert [said(module) for module in mine] == [said(first), said(last)]
    assert [module.version_id for module in mine] == [None, None]
    assert copied.modules == len(mine)
    assert course.modules.count() == 2


def test_each_module_is_for_the_same_people(author: Person) -> None:
    chosen, module = make_partner(), make_module()
    reach = Reach(module.course_id, Module.Audience.CHOSEN, [chosen], None)
    change_reach(module_id=module.pk, reach=reach)
    made = copy_course(course_id=module.course_id, by=author.pk).course.modules.get()
    assert made.audience == Module.Audience.CHOSEN
    assert made.readers.get().organisation == chosen


def test_a_scenario_goes_along_under_its_own_title(author: Person) -> None:
    module = make_module(items=[], published=False)
    put(drafting.create_scenario(module_id=module.pk, by=None), price())
    made = copy_course(course_id=module.course_id, by=author.pk).course.modules.get()
    mine = reading.parse(ScenarioDraft.objects.get(scenario__module=made).document)
    assert (mine.title, mine.scenes) == (price().title, price().scenes)


def test_what_is_archived_and_what_is_a_post_is_left_out_and_told(author: Person) -> None:
    module = make_module()
    gone = make_module(course=module.course)
    archive_module(module_id=gone.pk, archived=True, by=author.pk)
    Module.objects.filter(pk=post(author).module_id).update(course=module.course)
    answer = browser(author).post(reverse("authoring:copy_course", args=[module.course_id]))
    made = Course.objects.get(title__endswith="（コピー）")
    assert answer["Location"] == reverse("authoring:course", args=[made.pk])
    assert made.modules.get().title == module.title
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert len(told) == 3
    assert "モジュール1件は下書き" in told[0]
    assert "保管中のモジュール1件" in told[1]
    assert "ひとこと1件" in told[2]


def test_the_title_is_in_the_language_of_who_asks(author: Person) -> None:
    module = make_module(course=make_course("あ" * 120))
    Person.objects.filter(pk=author.pk).update(language="en")
    browser(author).post(reverse("authoring:copy_course", args=[module.course_id]))
    assert Course.objects.filter(title="あ" * 100 + " (copy)").exists()


def test_the_posts_shelf_has_no_lesson_to_duplicate(author: Person) -> None:
    shelf = post(author).module.course
    address = reverse("authoring:copy_course", args=[shelf.pk])
    writer = browser(author)
    assert address not in writer.get(reverse("authoring:course", args=[shelf.pk])).content.decode()
    answer = writer.post(address)
    assert "レッスンがありません" in str(next(iter(get_messages(answer.wsgi_request))))
    assert answer["Location"] == reverse("authoring:course", args=[shelf.pk])
    assert Course.objects.count() == 1


def test_what_was_put_away_or_is_too_much_is_refused(
    author: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = make_module()
    make_module(course=module.course)
    monkeypatch.setattr(copying, "MOST_COPIED", 1)
    with pytest.raises(Problem, match=r"2件.*1件"):
        copy_course(course_id=module.course_id, by=author.pk)
    archive_course(course_id=module.course_id, archived=True)
    with pytest.raises(Problem, match="保管中"):
        copy_course(course_id=module.course_id, by=author.pk)
    assert (Course.objects.count(), Module.objects.count()) == (1, 2)


def test_it_is_all_or_nothing(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    module = make_module(position=1)
    last = make_module(course=module.course, position=2)
    put(drafting.create_scenario(module_id=last.pk, by=None), price())

    def refuse(**_told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(drafting, "save_whole", refuse)
    with pytest.raises(RuntimeError):
        copy_course(course_id=module.course_id, by=author.pk)
    assert (Course.objects.count(), Module.objects.count()) == (1, 2)
    assert Scenario.objects.count() == 1


def test_its_page_offers_it(author: Person) -> None:
    module = make_module()
    page = browser(author).get(reverse("authoring:course", args=[module.course_id]))
    address = reverse("authoring:copy_course", args=[module.course_id])
    assert f'action="{address}"' in page.content.decode()
