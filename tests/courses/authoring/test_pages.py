"""Every page of authoring, as its author meets it; the number of queries stays the same for any number of rows."""

import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from courses.authoring.models import Draft, PlannedPublication, Snapshot
from courses.catalog.models import Course, Module, ModuleReader
from tests.courses.assignments.factories import (
    make_assignment,
    news,
    person_target,
    reps_of,
    role_target,
    state_of,
)
from tests.courses.authoring.writing import (
    browser_of,
    draft,
    make_author,
    put,
    quiz_block,
    save,
    text_block,
)
from tests.courses.factories import hand_in, make_course, make_module, single, version_of
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Browser:
    """An author's browser."""
    return browser_of(make_author())


def page(browser: Browser, name: str, *args: Any, **query: str) -> str:
    """Return the text of a page that must be there."""
    answer = browser.get(reverse(f"authoring:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_the_shelf_shows_courses_with_their_modules_and_where_each_stands(author: Browser) -> None:
    course = make_course("はじめての商談")
    make_module(course=course, title="公開中のもの")
    make_module(course=course, title="まだ下書き", published=False)
    changed = make_module(course=course, title="直しかけ")
    save(changed, 0, title="直しかけ")
    planned = make_module(course=course, title="予定のもの", published=False)
    PlannedPublication.objects.create(module=planned, at="2099-01-01T00:00Z")
    make_module(course=course, title="しまったもの", is_archived=True)
    shown = page(author, "courses")
    for words in ("はじめての商談", "公開中のもの", "まだ下書き", "直しかけ", "予定のもの"):
        assert words in shown
    assert "しまったもの" not in shown
    for state, words in (
        ("draft", "まだ下書き"),
        ("changed", "直しかけ"),
        ("scheduled", "予定のもの"),
        ("published", "公開中のもの"),
        ("archived", "しまったもの"),
    ):
        found = page(author, "courses", state=state)
        assert words in found
        assert found.count('class="rowlink module-row"') == 1, state


def test_a_module_is_found_by_its_title_or_course(author: Browser) -> None:
    make_module(course=make_course("紙とデジタル"), title="点検表の話")
    make_module(title="別のもの")
    assert "点検表の話" in page(author, "courses", q="点検")
    assert "点検表の話" in page(author, "courses", q="デジタル 点検")
    assert "別のもの" not in page(author, "courses", q="点検")
    assert page(author, "courses", q="\u202e'\"<").count("module-row") == 0


def test_the_item_bank_and_the_word_list_are_found_from_where_authors_begin(
    author: Browser,
) -> None:
    begin = page(author, "courses")
    for name in ("quizzes:bank", "catalog:word_list"):
        assert f'href="{reverse(name)}"' in begin
        assert author.get(reverse(name)).status_code == 200


def test_an_empty_shelf_says_how_to_begin(author: Browser) -> None:
    assert reverse("authoring:new_course") in page(author, "courses")


@pytest.mark.parametrize("name", ["courses", "course", "history", "found"])
def test_a_list_takes_the_same_queries_for_one_row_and_thirty(
    author: Browser, django_assert_max_num_queries: Any, name: str
) -> None:
    course = make_course()
    module = make_module(course=course)
    first = make_author()

    def visit() -> int:
        args = {"course": [course.pk], "history": [module.pk]}.get(name, [])
        query = {"q": "モ"} if name == "found" else {}
        with django_assert_max_num_queries(16) as counted:
            page(author, "courses" if name == "found" else name, *args, **query)
        return len(counted)

    save(module, 0, by=first, title="モ1")
    visit()
    few = visit()
    for number in range(30):
        more = make_module(course=course if number % 2 else make_course(), published=False)
        save(more, 0, by=first, title=f"モ{number}")
        Snapshot.objects.create(
            module=module, revision=100 + number, document={}, content_hash="x", saved_by=first.pk
        )
    assert visit() == few


def test_a_course_is_made_named_put_away_and_brought_back(author: Browser) -> None:
    answer = author.post(reverse("authoring:new_course"), {"title": "新しいコース", "summary": ""})
    course = Course.objects.get(title="新しいコース")
    assert answer["Location"] == reverse("authoring:new_module", args=[course.pk])
    edit = reverse("authoring:edit_course", args=[course.pk])
    author.post(edit, {"title": "名前", "summary": "ひとこと"})
    course.refresh_from_db()
    assert (course.title, course.summary) == ("名前", "ひとこと")
    archive = reverse("authoring:archive_course", args=[course.pk])
    assert author.get(archive).status_code == 200
    author.post(archive, {"archived": "yes"})
    assert "名前" not in page(author, "courses")
    assert "名前" in page(author, "courses", state="archived")
    author.post(archive, {"archived": "no"})
    assert "名前" in page(author, "courses")


def test_a_form_keeps_what_was_typed_and_says_what_is_missing(author: Browser) -> None:
    answer = author.post(reverse("authoring:new_course"), {"title": "", "summary": "残る文"})
    assert answer.status_code == 422
    assert "残る文" in answer.content.decode()
    assert not Course.objects.exists()


@pytest.mark.parametrize("template", ["empty", "news", "voice", "failure", "culture", "feature"])
def test_a_module_begins_with_its_template_and_opens_in_the_editor(
    author: Browser, template: str
) -> None:
    course = make_course()
    where = reverse("authoring:new_module", args=[course.pk])
    assert author.get(where).status_code == 200
    data = {"title": "新機能の伝え方", "template": template, "language": "ja"}
    answer = author.post(where, data)
    module = Module.objects.get()
    assert answer["Location"] == reverse("authoring:editor", args=[module.pk])
    assert page(author, "editor", module.pk)
    assert module.blocks.exists()
    assert (Draft.objects.get().revision, Snapshot.objects.get().origin) == (1, "made")
    island = author.get(reverse("authoring:api_draft", args=[module.pk])).json()
    body = {"base": island["revision"], "document": island["document"]}
    answer = put(author, module.pk, body)
    assert (answer.status_code, answer.json()["changed"]) == (200, False)


def test_modules_and_courses_are_moved_by_one_place(author: Browser) -> None:
    course = make_course()
    first, second, third = (make_module(course=course, title=f"{n}番") for n in "abc")
    author.post(reverse("authoring:move_module", args=[third.pk]), {"way": "up"})
    order = list(course.modules.order_by("position").values_list("pk", flat=True))
    assert order == [first.pk, third.pk, second.pk]
    author.post(reverse("authoring:move_module", args=[first.pk]), {"way": "up"})
    assert list(course.modules.order_by("position").values_list("pk", flat=True)) == order
    assert (
        author.post(reverse("authoring:move_module", args=[first.pk]), {"way": "x"}).status_code
        == 404
    )
    other = make_course("二つ目", position=5)
    author.post(reverse("authoring:move_course", args=[other.pk]), {"way": "up"})
    assert Course.objects.order_by("position").first() == other


def test_an_archived_module_is_gone_for_reps_and_its_plan_is_called_off(author: Browser) -> None:
    module = make_module()
    PlannedPublication.objects.create(module=module, at="2099-01-01T00:00Z")
    archive = reverse("authoring:archive", args=[module.pk])
    assert author.get(archive).status_code == 200
    author.post(archive, {"archived": "yes"})
    rep = make_person(make_partner())
    assert not Module.objects.visible_to(rep).exists()
    assert PlannedPublication.objects.get().state == "cancelled"
    author.post(archive, {"archived": "no"})
    assert Module.objects.visible_to(rep).get() == module


def test_an_archived_module_is_no_longer_asked_of_anybody(author: Browser) -> None:
    partner = make_partner()
    rep = make_person(partner)
    module = make_module()
    row = make_assignment(module, [reps_of(partner)])
    assert state_of(row, rep) == "open"
    archive = reverse("authoring:archive", args=[module.pk])
    author.post(archive, {"archived": "yes"})
    assert state_of(row, rep) == "ended"
    author.post(archive, {"archived": "no"})
    assert state_of(row, rep) == "open"


def test_whom_a_module_is_for_holds_at_once(author: Browser) -> None:
    module, partner = make_module(), make_partner("みらい営業")
    theirs, others = make_person(partner), make_person(make_partner())
    where = reverse("authoring:reach", args=[module.pk])
    assert "みらい営業" in author.get(where).content.decode()
    course = make_course("別の棚")
    data = {"course": course.pk, "audience": "chosen", "organisations": [], "expires_on": ""}
    refused = author.post(where, data)
    assert refused.status_code == 422
    author.post(where, data | {"organisations": [partner.pk]})
    assert Module.objects.visible_to(theirs).get() == module
    assert not Module.objects.visible_to(others).exists()
    module.refresh_from_db()
    assert module.course == course
    author.post(where, data | {"audience": "client"})
    assert not Module.objects.visible_to(theirs).exists()
    assert not ModuleReader.objects.exists()
    author.post(where, data | {"audience": "everybody", "expires_on": "2020-01-01"})
    assert not Module.objects.visible_to(theirs).exists()
    assert 'value="2020-01-01"' in author.get(where).content.decode()


def test_who_may_see_a_module_no_longer_is_not_asked_for_it_and_who_may_now_is(
    author: Browser,
) -> None:
    module, partner = make_module(), make_partner()
    theirs, others, late = make_person(partner), make_person(make_partner()), make_person(partner)
    hand_in(late, module)
    row = make_assignment(module, [role_target("rep")])
    news()
    where = reverse("authoring:reach", args=[module.pk])
    data = {"course": module.course_id, "expires_on": "", "organisations": [partner.pk]}
    author.post(where, data | {"audience": "chosen"})
    assert [state_of(row, one) for one in (theirs, others, late)] == ["open", "ended", "finished"]
    author.post(where, data | {"audience": "client"})
    assert [state_of(row, one) for one in (theirs, others, late)] == ["ended", "ended", "finished"]
    author.post(where, data | {"audience": "everybody"})
    assert [state_of(row, one) for one in (theirs, others, late)] == ["open", "open", "finished"]


def test_a_module_that_goes_to_another_course_is_asked_with_that_course(author: Browser) -> None:
    module, course, rep = make_module(), make_course(), make_person(make_partner())
    make_module(course=course)
    row = make_assignment(course, [person_target(rep)])
    data = {"course": course.pk, "audience": "everybody", "organisations": [], "expires_on": ""}
    author.post(reverse("authoring:reach", args=[module.pk]), data)
    assert row.modules.filter(module=module, removed_at=None).exists()


def test_every_page_of_a_module_opens_in_both_languages(author: Browser) -> None:
    module = make_module()
    save(module, 0)
    save(module, 1, title="変えた題")
    hand_in(make_person(make_partner()), module)
    names = ["editor", "reach", "archive", "publish", "preview", "phone", "history", "answers"]
    for language in ("ja", "en"):
        author.cookies["language"] = language
        for name in names:
            assert page(author, name, module.pk)
        assert page(author, "revision", module.pk, 2)
        assert page(author, "correct", module.pk, version_of(module).pk, "q001")
        assert page(author, "phone", module.pk, step="quiz", language=language)
        assert page(author, "phone", module.pk, step="result", language=language)
        assert page(author, "course", module.course_id)


@pytest.mark.parametrize("role", ["author", "admin"])
def test_people_of_a_partner_find_none_of_it(role: str) -> None:
    make_author()
    module = make_module()
    save(module, 0)
    theirs = browser_of(make_person(make_partner(), roles=[role]))
    one = [module.pk]
    addresses = [reverse("authoring:courses"), reverse("authoring:new_course")]
    of_course = (
        *("course", "edit_course", "archive_course", "new_module", "copy_course", "move_course"),
    )
    of_module = (
        "copy_module",
        "reach",
        "archive",
        "publish",
        "preview",
        "phone",
        "history",
        "answers",
    )
    addresses += [reverse(f"authoring:{name}", args=[module.course_id]) for name in of_course]
    addresses += [reverse(f"authoring:{name}", args=one) for name in of_module]
    addresses += [
        reverse("authoring:restore", args=[module.pk, 1]),
        reverse("authoring:revision", args=[module.pk, 1]),
        reverse("authoring:correct", args=[module.pk, version_of(module).pk, "q001"]),
        reverse("authoring:move_module", args=one),
    ]
    before = list(Module.objects.values())
    for address in addresses:
        assert theirs.get(address).status_code in (404, 405), address
        assert theirs.post(address, {"act": "now", "base": 1}).status_code in (404, 405), address
    assert list(Module.objects.values()) == before
    assert Snapshot.objects.count() == 2


def test_what_is_not_there_is_not_found(author: Browser) -> None:
    nothing = uuid.uuid4()
    for name in ("reach", "archive", "publish", "preview", "phone", "history", "answers"):
        assert author.get(reverse(f"authoring:{name}", args=[nothing])).status_code == 404
    for name in ("course", "edit_course", "archive_course", "new_module"):
        assert author.get(reverse(f"authoring:{name}", args=[nothing])).status_code == 404
    module = make_module()
    assert author.get(reverse("authoring:revision", args=[module.pk, 2**40])).status_code == 404
    address = reverse("authoring:correct", args=[module.pk, nothing, "q001"])
    assert author.get(address).status_code == 404


def test_authors_find_the_place_in_the_navigation(author: Browser) -> None:
    assert f'href="{reverse("authoring:courses")}"' in author.get("/").content.decode()
    rep = browser_of(make_person(make_partner()))
    assert reverse("authoring:courses") not in rep.get("/").content.decode()


def test_the_draft_is_never_shown_before_it_is_published(author: Browser) -> None:
    module = make_module(title="公開した題")
    save(module, 0, title="秘密の題", blocks=[text_block(text="秘密の本文")])
    rep = browser_of(make_person(make_partner()))
    for address in ("/", "/learn/", f"/modules/{module.pk}/", f"/modules/{module.pk}/quiz/"):
        shown = rep.get(address)
        assert shown.status_code == 200
        assert "秘密" not in shown.content.decode(), address
    assert draft()


def test_a_preview_leaves_out_the_question_that_is_not_finished_and_no_other(
    author: Browser,
) -> None:
    half = single("q002") | {"stem": "書きかけの問い"}
    half["options"] = [half["options"][0], half["options"][1] | {"text": ""}]
    module = make_module(items=[], published=False)
    save(module, 0, blocks=[quiz_block(half)])
    assert "step=quiz" not in page(author, "preview", module.pk)
    assert "step=quiz" not in page(author, "phone", module.pk)
    save(module, 1, blocks=[quiz_block(single("q001"), half)])
    assert "step=quiz" in page(author, "preview", module.pk)
    shown = page(author, "phone", module.pk, step="quiz")
    assert "書きかけの問い" not in shown
    assert shown.count('type="radio"') == 4
    assert 'name="step" value="result"' in shown


def test_what_is_to_be_mended_names_question_and_option(author: Browser) -> None:
    half = single("q002")
    half["options"] = [*half["options"][:2], half["options"][2] | {"text": " "}]
    module = make_module(items=[], published=False)
    save(module, 0, blocks=[text_block(), quiz_block(single("q001"), half | {"stem": ""})])
    shown = page(author, "publish", module.pk)
    assert "ブロック2・クイズ：問題2<" in shown
    assert "ブロック2・クイズ：問題2の選択肢C<" in shown


def test_what_isnt_there_yet_is_cancelled_and_not_left_as_it_is(author: Browser) -> None:
    course = make_course()
    adding = [
        reverse("authoring:new_course"),
        reverse("authoring:new_module", args=[course.pk]),
        reverse("catalog:add_word"),
        reverse("quizzes:bank_add"),
        reverse("quizzes:bank_import"),
    ]
    for address in adding:
        body = author.get(address).content.decode()
        assert ">取りやめる</a>" in body, address
        assert ">何も変えない</a>" not in body, address
    changing = author.get(reverse("authoring:edit_course", args=[course.pk])).content.decode()
    assert ">何も変えない</a>" in changing


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Edit the glossary"), ("ja", "用語集の編集")]
)
def test_the_desk_calls_the_glossary_as_it_calls_itself(
    author: Browser, language: str, words: str
) -> None:
    author.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    there = reverse("catalog:word_list")
    desk = author.get(reverse("authoring:editor", args=[make_module().pk])).content.decode()
    link = re.search(rf'<a href="{there}" data-after-saving>.*?</a>', desk, re.DOTALL)
    assert link is not None
    assert link[0].endswith(f"{words}</a>")
    assert f'<h1 class="grow">{words}</h1>' in author.get(there).content.decode()
