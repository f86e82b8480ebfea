"""The page from which a module is published: whom it is for, what its list says, and where it leads afterwards."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from courses.authoring.models import Draft
from courses.catalog.models import Module, ModuleReader
from tests.courses.authoring.writing import (
    browser_of,
    make_author,
    quiz_block,
    save,
    text_block,
)
from tests.courses.factories import make_course, make_module, single
from tests.partners.factories import make_partner

pytestmark = pytest.mark.django_db

ALL_THE_SAME = "このままでも公開できますが"


@pytest.fixture
def author() -> Browser:
    """An author's browser."""
    return browser_of(make_author())


@pytest.fixture
def module() -> Module:
    """A drafted module with nothing to mend; of a line about it there is none, which is a warning."""
    module = Module.objects.create(course=make_course(), title="")
    save(module, 0, summary="")
    return module


def _page(author: Browser, module: Module) -> str:
    return author.get(reverse("authoring:publish", args=[module.pk])).content.decode()


def _publish(author: Browser, module: Module) -> None:
    sent = {"act": "now", "base": Draft.objects.get(module=module).revision}
    assert author.post(reverse("authoring:publish", args=[module.pk]), sent).status_code == 302


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("everybody", "全員（自社とすべてのパートナー）に見えます。"),
        ("client", "自社の人だけに見えます。"),
        ("chosen", "見えるのは、アオゾラ商事、ミドリ販売だけです。"),
    ],
)
def test_who_will_see_it_is_said_before_the_button(
    author: Browser, module: Module, audience: str, said: str
) -> None:
    Module.objects.filter(pk=module.pk).update(audience=audience)
    for name in ("アオゾラ商事", "ミドリ販売"):
        ModuleReader.objects.create(module=module, organisation=make_partner(name=name))
    page = _page(author, module)
    assert page.index(said) < page.index('value="now"')
    assert reverse("authoring:reach", args=[module.pk]) in page


def test_many_chosen_partners_are_counted_and_none_is_a_warning(
    author: Browser, module: Module
) -> None:
    Module.objects.filter(pk=module.pk).update(audience="chosen")
    assert "だれにも見えません" in _page(author, module)
    for number in range(7):
        ModuleReader.objects.create(
            module=module, organisation=make_partner(name=f"パートナー{number}")
        )
    page = _page(author, module)
    assert "パートナー5" not in page
    assert "ほか2社" in page


def test_what_could_be_better_contradicts_neither_what_is_to_be_mended_nor_what_is_out(
    author: Browser, module: Module
) -> None:
    assert ALL_THE_SAME in _page(author, module)
    _publish(author, module)
    assert ALL_THE_SAME not in _page(author, module)
    save(module, 1, summary="", blocks=[quiz_block(single("q001", stem=""))])
    page = _page(author, module)
    assert "公開の前に" in page
    assert ALL_THE_SAME not in page


def test_after_publishing_one_can_open_and_assign_it(author: Browser, module: Module) -> None:
    leads = (
        f'href="{reverse("courses:module", args=[module.pk])}"',
        f"{reverse('assignments:new')}?module={module.pk}",
    )
    assert not any(each in _page(author, module) for each in leads)
    _publish(author, module)
    page = _page(author, module)
    assert all(each in page for each in leads)


def test_what_is_to_be_mended_is_called_as_in_the_editor(author: Browser, module: Module) -> None:
    person = {"key": "face0001", "kind": "person", "data": {"name": "三浦", "role": ""}}
    text = text_block(text="〔発売日〕からは、楽になります。")
    save(module, 1, blocks=[text, person, quiz_block()])
    page = _page(author, module)
    assert "ブロック2・聞ける人：役職・仕事</b>" in page
    assert "ブロック2・聞ける人：聞けること</b>" in page
    assert "ブロック1・本文</b>：〔発売日〕が" in page
    assert page.index("ブロック1・本文</b>") < page.index("ブロック2・聞ける人")


@pytest.mark.parametrize("quiz", [True, False])
def test_a_module_without_a_quiz_speaks_of_no_answers(author: Browser, quiz: bool) -> None:
    module = make_module(items=None if quiz else [])
    answers = reverse("authoring:answers", args=[module.pk])
    save(module, 0)
    page = _page(author, module)
    course = author.get(reverse("authoring:course", args=[module.course_id])).content.decode()
    assert ("クイズに解答中" in page) is quiz
    assert ("まだ解答していません" in page) is quiz
    assert (answers in page) is quiz
    assert (answers in course) is quiz


@pytest.mark.parametrize("what", ["module", "course"])
def test_what_is_archived_is_brought_back_first(author: Browser, module: Module, what: str) -> None:
    row = module if what == "module" else module.course
    row.is_archived = True
    row.save()
    page = author.get(reverse("authoring:publish", args=[module.pk])).content.decode()
    back = {
        "module": ("authoring:archive", module.pk),
        "course": ("authoring:course", module.course_id),
    }
    name, pk = back[what]
    assert f'<a href="{reverse(name, args=[pk])}">' in page
    assert "いま公開する" not in page
