"""What a draft said before: one state for some minutes of an author's work, all of it readable and restorable."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from courses.authoring.actions import publications
from courses.authoring.actions.drafts import ConflictError, restore
from courses.authoring.models import Draft, Snapshot
from courses.catalog.models import Block, Module, ModuleVersion
from partners.models import Person
from tests.courses.authoring.writing import browser_of, draft, make_author, read, save, text_block
from tests.courses.factories import make_course, make_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """An author."""
    return make_author(family_name="野村", given_name="亜紀")


@pytest.fixture
def author(person: Person) -> Browser:
    """An author's browser."""
    return browser_of(person)


@pytest.fixture
def module() -> Module:
    """A module on which nobody has worked yet."""
    return Module.objects.create(course=make_course(), title="")


def _revisions(module: Module) -> list[int]:
    return list(module.snapshots.order_by("revision").values_list("revision", flat=True))


def test_saves_of_one_author_in_a_row_share_a_snapshot(module: Module, person: Person) -> None:
    for base in range(5):
        save(module, base, by=person, title=f"題{base}")
    snapshot = Snapshot.objects.get()
    assert (snapshot.revision, snapshot.document["title"]) == (5, "題4")
    assert Draft.objects.get().revision == 5


def test_another_author_a_pause_and_a_long_time_each_begin_a_new_one(
    module: Module, person: Person
) -> None:
    now = timezone.now()
    save(module, 0, by=person, title="a")
    save(module, 1, by=make_author(), title="b")
    save(module, 2, by=person, title="c")
    with time_machine.travel(now + dt.timedelta(minutes=6), tick=False):
        save(module, 3, by=person, title="d")
    assert _revisions(module) == [1, 2, 3, 4]
    for step in range(1, 12):
        with time_machine.travel(now + dt.timedelta(minutes=6 + 4 * step), tick=False):
            save(module, 3 + step, by=person, title=f"e{step}")
    assert len(_revisions(module)) == 5  # an hour of work at four minutes a step: cut after thirty


def test_what_was_published_keeps_its_snapshot(module: Module, person: Person) -> None:
    save(module, 0, by=person, title="公開")
    publications.publish_now(module_id=module.pk, base=1, note="", by=person.pk)
    save(module, 1, by=person, title="次")
    assert _revisions(module) == [1, 2]
    assert Snapshot.objects.get(revision=1).version == ModuleVersion.objects.get()


def test_the_first_save_keeps_what_was_there_before(person: Person) -> None:
    module = make_module(title="前からの題")
    save(module, 0, by=person)
    first = Snapshot.objects.get(revision=0)
    assert (first.origin, first.document["title"]) == ("found", "前からの題")
    assert Draft.objects.get().published_hash == first.content_hash


def test_what_another_door_wrote_is_a_revision_of_its_own_and_is_never_overwritten_unseen(
    module: Module, person: Person
) -> None:
    save(module, 0, by=person)
    Block.objects.filter(module=module, key="text0001").update(data={"doc": None})
    with pytest.raises(ConflictError) as caught:
        save(module, 1, by=person, title="新しい題")
    assert caught.value.current.revision == 2
    save(module, 2, by=person, title="新しい題")
    assert _revisions(module) == [1, 2, 3]
    assert Snapshot.objects.get(revision=2).document["blocks"][0]["data"] == {"doc": None}


def test_a_restored_state_is_a_new_one_and_loses_nothing(module: Module, person: Person) -> None:
    save(module, 0, by=person)
    save(module, 1, by=make_author(), blocks=[text_block(key="other001")])
    done = restore(module_id=module.pk, base=2, revision=1, by=person.pk)
    assert (done.current.revision, done.current.document) == (3, read(draft()))
    assert [block.key for block in module.blocks.all()] == ["text0001", "quiz0001"]
    newest = Snapshot.objects.get(revision=3)
    assert (newest.origin, newest.restored_from) == ("restored", 1)
    assert _revisions(module) == [1, 2, 3]
    assert not restore(module_id=module.pk, base=3, revision=1, by=person.pk).changed


def test_a_state_is_not_taken_back_over_work_that_was_not_seen(
    author: Browser, module: Module
) -> None:
    save(module, 0, by=make_author())
    save(module, 1, by=make_author(), title="いまの題")
    where = reverse("authoring:restore", args=[module.pk, 1])
    for base in ("1", "", "x", "99999999999"):
        answer = author.post(where, {"base": base})
        assert answer["Location"] == reverse("authoring:revision", args=[module.pk, 1])
        module.refresh_from_db()
        assert module.title == "いまの題"
    answer = author.post(where, {"base": "2"})
    assert answer["Location"] == reverse("authoring:editor", args=[module.pk])
    module.refresh_from_db()
    assert module.title == "値引きの前に"
    assert author.post(reverse("authoring:restore", args=[module.pk, 77])).status_code == 404


def test_the_history_tells_who_when_and_what_was_published(
    author: Browser, module: Module, person: Person
) -> None:
    save(module, 0, by=person)
    publications.publish_now(module_id=module.pk, base=1, note="はじめの公開", by=person.pk)
    save(module, 1, by=person, title="次の題")
    page = author.get(reverse("authoring:history", args=[module.pk])).content.decode()
    assert page.count("野村 亜紀") == 2
    assert "はじめの公開" in page
    assert page.count('class="rowlink"') == 2


def test_a_module_that_came_out_past_these_pages_says_so_and_keeps_what_it_said(
    author: Browser, person: Person
) -> None:
    module = make_module()
    where = reverse("authoring:history", args=[module.pk])
    page = author.get(where).content.decode()
    assert "まだ何も書かれていません" not in page
    assert "バージョン1" in page
    save(module, 0, by=person)
    page = author.get(where).content.decode()
    assert "保存1回目" in page
    assert "保存0回目" not in page, "what was found was saved by nobody here"
    assert page.count('class="rowlink"') == 2
    empty = Module.objects.create(course=make_course(), title="")
    page = author.get(reverse("authoring:history", args=[empty.pk])).content.decode()
    assert "まだ何も書かれていません" in page


def test_differences_are_marked_word_by_word(author: Browser, module: Module) -> None:
    save(module, 0, by=make_author(), blocks=[text_block(text="月3万円は高いですね。")])
    save(module, 1, by=make_author(), blocks=[text_block(text="月2万円は高いですね。")])
    then = author.get(reverse("authoring:revision", args=[module.pk, 2])).content.decode()
    assert "<del>3</del><ins>2</ins>" in then
    today = reverse("authoring:revision", args=[module.pk, 1]) + "?with=now"
    assert "<del>3</del><ins>2</ins>" in author.get(today).content.decode()


def test_what_was_written_never_becomes_markup(author: Browser, module: Module) -> None:
    save(module, 0, title="<script>alert(1)</script>", blocks=[text_block(text="<b onclick=x>")])
    page = author.get(reverse("authoring:revision", args=[module.pk, 1])).content.decode()
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    editor = author.get(reverse("authoring:editor", args=[module.pk])).content.decode()
    assert "<script>alert" not in editor


@pytest.mark.parametrize(
    "values",
    [
        {"origin": "dreamt"},
        {"origin": "restored"},
        {"origin": "saved", "restored_from": 1},
        {"revision": 1},
        {"began_at": timezone.now() + dt.timedelta(days=1)},
    ],
)
def test_the_database_refuses_snapshots_that_make_no_sense(
    module: Module, values: dict[str, Any]
) -> None:
    save(module, 0)
    row = {"module": module, "revision": 9, "document": {}, "content_hash": "x"} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(**row)
