"""Two authors in one draft, two clocks, an author and a publication."""

import datetime as dt
import json
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from courses.authoring import documents
from courses.authoring.actions import publications
from courses.authoring.actions.courses import move_module
from courses.authoring.actions.drafts import ConflictError, Saved, save_draft
from courses.authoring.models import Draft, PlannedPublication, Snapshot
from courses.catalog.models import Block, Module, ModuleVersion
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.courses.authoring.writing import draft, make_author, quiz_block, read, save, text_block
from tests.courses.factories import make_course, make_module

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def _module() -> Module:
    module = Module.objects.create(course=make_course(), title="")
    save(module, 0)
    return module


def _version(n: int) -> Any:
    return read(draft(text_block(text=f"文{n}"), quiz_block(), title=f"題{n}"))


def test_of_authors_who_save_at_once_exactly_one_wins_and_nothing_is_mixed() -> None:
    module, authors = _module(), [make_author() for _ in range(8)]
    base = 1
    for _ in range(5):
        jobs = [
            partial(save_draft, module_id=module.pk, base=base, document=_version(n), by=author.pk)
            for n, author in enumerate(authors, start=10 * base)
        ]
        results = race(jobs)
        won = [each for each in results if isinstance(each, Saved)]
        lost = [each for each in results if isinstance(each, ConflictError)]
        assert (len(won), len(lost)) == (1, 7), results
        base = won[0].current.revision
        stored = documents.of_rows(Module.objects.get(), Block.objects.order_by("position"))
        assert stored == won[0].current.document
        assert {each.current.document.digest for each in lost} == {stored.digest}
        kept = Snapshot.objects.get(revision=base)
        assert (kept.saved_by, kept.content_hash) == (won[0].current.saved_by, stored.digest)
    assert Draft.objects.get().revision == base == 6


def test_the_same_save_sent_many_times_at_once_counts_once() -> None:
    module, author = _module(), make_author()
    job = partial(save_draft, module_id=module.pk, base=1, document=_version(1), by=author.pk)
    results = race([job] * 12)
    assert all(isinstance(each, Saved) for each in results), results
    assert sum(each.changed for each in results) == 1
    assert Draft.objects.get().revision == 2


def test_authors_of_a_module_that_nobody_saved_yet_collide_too() -> None:
    module = make_module()
    jobs = [
        partial(save_draft, module_id=module.pk, base=0, document=_version(n), by=make_author().pk)
        for n in range(6)
    ]
    results = race(jobs)
    assert sum(isinstance(each, Saved) for each in results) == 1
    assert sum(isinstance(each, ConflictError) for each in results) == 5
    assert list(Snapshot.objects.order_by("revision").values_list("revision", flat=True)) == [0, 1]


def test_what_is_published_is_one_whole_draft_whatever_is_saved_meanwhile() -> None:
    module, author = _module(), make_author()
    for base in range(1, 8):
        saving = partial(
            save_draft, module_id=module.pk, base=base, document=_version(base), by=author.pk
        )
        publishing = partial(
            publications.publish_now, module_id=module.pk, base=base, note="", by=author.pk
        )
        results = race([saving, publishing])
        assert isinstance(results[0], Saved)
    for version in ModuleVersion.objects.all():
        number = version.document["title"].removeprefix("題")
        if number.isdecimal():
            assert f"文{number}" in json.dumps(version.document, ensure_ascii=False)
    numbers = ModuleVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_two_clocks_publish_once() -> None:
    module, author = _module(), make_author()
    PlannedPublication.objects.create(
        module=module, at=timezone.now() - dt.timedelta(minutes=1), planned_by=author.pk
    )
    results = race([publications.publish_due] * 6)
    assert sum(each for each in results if isinstance(each, int)) == 1, results
    assert ModuleVersion.objects.count() == 1


def test_modules_that_are_moved_at_once_keep_an_order() -> None:
    course = make_course()
    modules = [Module.objects.create(course=course, title=f"{n}", position=n) for n in range(1, 7)]
    results = race(
        [partial(move_module, module_id=each.pk, by=by) for each in modules for by in (-1, 1)]
    )
    assert not [each for each in results if isinstance(each, Exception)], results
    positions = list(course.modules.order_by("position").values_list("position", flat=True))
    assert positions == [1, 2, 3, 4, 5, 6]
