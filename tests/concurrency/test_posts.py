"""Everybody posts at once, one form is sent twice, two clocks ring."""

import uuid
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.models import Asset, Notice, Rendition
from courses.catalog.models import Course, Module, ModuleVersion
from courses.posts import standing
from courses.posts.actions import correcting, managing, posting, settling
from courses.posts.models import Post, Shelf
from partners.models import Person
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.courses.factories import make_course
from tests.partners.factories import make_client, make_person

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def author() -> Person:
    """Somebody who posts."""
    return make_person(make_client(), roles=["author"])


def _post(person: Person, **fields: Any) -> Post:
    values = {"text": "おはようございます", "title": "", "language": "ja", "audience": "everybody"}
    more = {"key": uuid.uuid4(), "organisations": [], "days": 3}
    wanted = posting.NewPost(**{**values, **more, **fields})
    return posting.make_post(person=person, wanted=wanted)


def test_the_first_posts_of_many_stand_on_one_shelf(author: Person) -> None:
    results = race([partial(_post, author)] * 12)
    assert all(isinstance(each, Post) for each in results), results
    shelf = Course.objects.get()
    positions = Module.objects.filter(course=shelf).values_list("position", flat=True)
    assert sorted(positions) == list(range(1, 13))
    assert Shelf.objects.get().course == shelf


def test_an_archived_shelf_comes_back_once(author: Person) -> None:
    _post(author)
    Course.objects.update(is_archived=True)
    race([partial(_post, author)] * 8)
    assert not Course.objects.get().is_archived
    assert Module.objects.filter(is_archived=False).count() == 8


def test_the_database_knows_one_shelf_only(author: Person) -> None:
    _post(author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shelf.objects.create(pk=2, course=make_course())
    with pytest.raises(IntegrityError), transaction.atomic():
        Shelf.objects.create(pk=1, course=make_course())


def test_a_form_that_is_sent_eight_times_is_one_post(author: Person) -> None:
    results = race([partial(_post, author, key=uuid.uuid4())] * 8)
    assert len({each.pk for each in results}) == 1
    assert Module.objects.count() == 1


def test_two_clocks_bring_a_video_in_once(author: Person) -> None:
    asset = Asset.objects.create(kind="video", name="動画", uploaded_by=author.pk)
    _post(author, asset_id=asset.pk)
    Rendition.objects.create(
        asset=asset, name="main", path="x.mp4", sha256="0" * 64, content_type="video/mp4", size=9
    )
    Asset.objects.update(state="ready", duration_ms=2000)
    assert sorted(race([settling.settle_videos] * 6)) == [0, 0, 0, 0, 0, 1]
    assert ModuleVersion.objects.count() == 2
    assert Notice.objects.count() == 1


def test_a_post_becomes_one_draft(author: Person) -> None:
    made, course = _post(author), make_course()
    jobs = [partial(managing.promote, post_id=made.pk, course_id=course.pk)] * 6
    assert len(set(race(jobs))) == 1
    assert course.modules.count() == 1


def test_of_two_corrections_one_is_told_of_the_other(author: Person) -> None:
    made = _post(author)
    base = standing.of(Post.objects.get(pk=made.pk)).said.base
    values = {"post_id": made.pk, "title": "題", "alt": "", "base": base, "by": author.pk}
    jobs = [partial(correcting.correct, text=text, **values) for text in "一二三四"]
    assert sorted(type(each).__name__ for each in race(jobs)) == ["StaleError"] * 3 + ["bool"]
    assert ModuleVersion.objects.count() == 2


def test_a_double_tap_extends_once(author: Person) -> None:
    made = _post(author)
    jobs = [partial(managing.extend, post_id=made.pk, days=7, base=made.end)] * 6
    assert sorted(race(jobs)) == [False] * 5 + [True]
