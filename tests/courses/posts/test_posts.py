"""Quick posts: who posts, who reads, how long, once."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.models import Asset, Notice
from core.scope import CLIENT, scoped
from courses.catalog.models import Block, Course, Module
from courses.posts import actions, queries
from courses.posts.models import Post
from courses.posts.titling import document, suggested
from courses.progress import queries as progress
from partners.models import Organisation, Person
from partners.problems import Problem
from tests.core.media_samples import picture, video
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_organisation() -> Organisation:
    """The client."""
    return make_client()


@pytest.fixture
def author(client_organisation: Organisation) -> Person:
    """Somebody who posts."""
    return make_person(client_organisation, roles=["author"])


@pytest.fixture(autouse=True)
def _everything() -> Any:
    with scoped(CLIENT):
        yield


def post(person: Person, **fields: Any) -> Post:
    values = {
        "key": uuid.uuid4(),
        "text": "おはようございます。新機能が出ました。",
        "title": "",
        "language": "ja",
        "audience": "everybody",
        "organisations": [],
        "days": 3,
    }
    return actions.make_post(person=person, wanted=actions.NewPost(**{**values, **fields}))


def read_by(person: Person) -> list[str]:
    return [word.card.title for word in queries.words_for(person, 9)]


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def waiting_video(person: Person) -> Asset:
    return Asset.objects.create(kind="video", name="動画", uploaded_by=person.pk)


def test_lines_are_published_at_once_with_their_first_words_as_title(author: Person) -> None:
    made = post(author)
    assert made.published_at is not None
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
    assert actions.extend(post_id=made.pk, days=7, base=found.base)
    assert read_by(rep)
    assert not actions.extend(post_id=made.pk, days=7, base=found.base)


@pytest.mark.parametrize("days", [3, 7, 30, None])
def test_the_end_is_counted_from_the_publication(author: Person, days: int | None) -> None:
    with time_machine.travel("2026-11-25 07:00+09:00", tick=False):
        made = post(author, days=days)
        wanted = timezone.now() + dt.timedelta(days=days) if days else None
    assert Module.objects.get(pk=made.module_id).expires_at == wanted


def test_a_post_is_no_lesson_to_finish(author: Person) -> None:
    made = post(author)
    rep = make_person(make_partner(), roles=["rep"])
    assert not progress.ways(rep)
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "/quiz" not in page
    assert str(made.module_id) in browser(rep).get("/learn/").content.decode()
    assert str(made.module_id) in browser(rep).get("/").content.decode()


def test_a_video_comes_out_when_it_is_ready_and_once(author: Person) -> None:
    asset = waiting_video(author)
    made = post(author, asset_id=asset.pk)
    assert made.published_at is None
    assert actions.publish_ready() == 0
    Asset.objects.filter(pk=asset.pk).update(state="ready")
    assert actions.publish_ready() == 1
    assert actions.publish_ready() == 0
    made.refresh_from_db()
    assert made.published_at is not None
    assert Notice.objects.filter(person_id=author.pk).count() == 1


def test_who_posted_is_told_once_that_a_video_cannot_be_shown(author: Person) -> None:
    asset = waiting_video(author)
    post(author, asset_id=asset.pk)
    Asset.objects.filter(pk=asset.pk).update(state="failed", error="video_type")
    assert actions.publish_ready() == actions.publish_ready() == 0
    assert Notice.objects.filter(person_id=author.pk).count() == 1
    assert queries.mine(author, None)[0][0].state == "failed"


def test_what_was_taken_back_does_not_come_out(author: Person) -> None:
    asset = waiting_video(author)
    made = post(author, asset_id=asset.pk)
    actions.take_back(post_id=made.pk, archived=True)
    Asset.objects.filter(pk=asset.pk).update(state="ready")
    assert actions.publish_ready() == 0


def test_nobody_posts_anothers_file(author: Person) -> None:
    other = make_person(author.organisation, roles=["author"])
    with pytest.raises(Problem):
        post(author, asset_id=waiting_video(other).pk)


def test_a_post_becomes_a_lesson_for_good(author: Person) -> None:
    made, course = post(author), make_course()
    answer = browser(author).post(f"/posts/{made.pk}/promote/", {"course": course.pk})
    assert answer["Location"] == f"/authoring/modules/{made.module_id}/"
    module = Module.objects.get(pk=made.module_id)
    assert (module.form, module.course_id, module.expires_at) == ("lesson", course.pk, None)
    assert not actions.promote(post_id=made.pk, course_id=course.pk)
    assert not read_by(author)


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


def test_ones_posts_are_ones_own(author: Person) -> None:
    made = post(author)
    other = browser(make_person(author.organisation, roles=["admin"]))
    assert other.post(f"/posts/{made.pk}/take-back/").status_code == 404


@pytest.mark.parametrize("role", ["author", "admin", "ace"])
@pytest.mark.parametrize(
    ("content", "name", "kind"), [(picture(), "a.jpg", "image"), (video(1), "a.mp4", "video")]
)
def test_a_plain_form_takes_a_file(
    client_organisation: Organisation, role: str, content: bytes, name: str, kind: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    person = make_person(client_organisation, roles=[role])
    fields = {"audience": "everybody", "lasts": "7", "key": str(uuid.uuid4())}
    answer = browser(person).post(
        "/posts/new/", fields | {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302
    assert Block.objects.get().kind == kind
    assert (Post.objects.get().published_at is not None) is (kind == "image")


def test_an_empty_form_says_what_to_do_and_keeps_what_was_typed(author: Person) -> None:
    fields = {"title": "のこる", "audience": "everybody", "lasts": "0", "key": str(uuid.uuid4())}
    answer = browser(author).post("/posts/new/", fields)
    assert answer.status_code == 422
    assert "のこる" in answer.content.decode()


def test_lists_ask_as_often_for_many_as_for_one(
    author: Person, django_assert_num_queries: Any
) -> None:
    post(author)
    for number in (1, 30):
        for _ in range(number - 1):
            post(author)
        queries.words_for(author, 30)
        with django_assert_num_queries(2):
            queries.mine(author, None)
        with django_assert_num_queries(1):
            queries.words_for(author, 30)


def test_titles_are_first_words() -> None:
    assert suggested("本日の話。つづき") == "本日の話"
    assert suggested("Good morning. More") == "Good morning"
    assert len(suggested("あ" * 90)) == 40
    assert suggested("  ") == ""


def test_an_empty_line_parts_paragraphs() -> None:
    assert [len(each["content"]) for each in document("一\n二\n\n三")["content"]] == [3, 1]


def test_lessons_stay_beside_posts(author: Person) -> None:
    lesson = make_module(course=Course.objects.create(title="コース"))
    post(author)
    assert [way.module_id for way in progress.ways(author)] == [lesson.pk]
