"""Quick posts: who posts, who reads, how long, once."""

import datetime as dt
import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.mediafiles.actions import add_picture
from core.mediafiles.errors import explain
from core.models import Asset, Notice, Rendition
from core.scope import CLIENT, scoped
from courses.catalog.models import Block, Course, Module
from courses.posts import queries
from courses.posts.actions import managing, posting, settling
from courses.posts.models import Post
from courses.posts.titling import document, spoken, suggested
from courses.progress import queries as progress
from courses.progress.models import ModuleProgress
from courses.progress.publishing import publish
from partners.models import Client as ClientRow
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
    return posting.make_post(person=person, wanted=posting.NewPost(**{**values, **fields}))


def read_by(person: Person) -> list[str]:
    return [word.card.title for word in queries.words_for(person, 9)]


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def waiting_video(person: Person) -> Asset:
    return Asset.objects.create(kind="video", name="動画", uploaded_by=person.pk)


def ready(asset: Asset) -> None:
    """Let a video be prepared, as the worker would."""
    file = {"content_type": "video/mp4", "size": 9, "width": 640, "height": 360}
    Rendition.objects.create(asset=asset, name="main", path="x.mp4", sha256="0" * 64, **file)
    Asset.objects.filter(pk=asset.pk).update(state="ready", duration_ms=2000)


def fail(asset: Asset) -> None:
    Asset.objects.filter(pk=asset.pk).update(state="failed", error="video_type")


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


def test_words_are_out_before_their_video_which_follows_once(author: Person) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk)
    assert made.video == "coming"
    [word] = queries.words_for(rep, 9)
    assert word.card.coming
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "新機能が出ました" in page
    assert 'class="coming"' in page
    assert settling.settle_videos() == 0
    ready(asset)
    assert settling.settle_videos() == 1
    assert settling.settle_videos() == 0
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert 'class="coming"' not in page
    assert "<video" in page
    assert not queries.words_for(rep, 9)[0].card.coming
    assert [each.kind for each in Notice.objects.filter(person_id=author.pk)] == ["posts.out"]


def test_what_was_opened_before_its_video_came_is_new_again(author: Person) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk)
    opened = timezone.now()
    ModuleProgress.objects.create(
        person=rep, module_id=made.module_id, organisation_id=rep.organisation_id, last_at=opened
    )
    assert queries.words_for(rep, 9)[0].read
    ready(asset)
    settling.settle_videos()
    assert not queries.words_for(rep, 9)[0].read


def test_words_stay_where_their_video_cannot_be_shown(author: Person) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk)
    fail(asset)
    assert settling.settle_videos() == 1
    assert settling.settle_videos() == 0
    assert not queries.words_for(rep, 9)[0].card.coming
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "新機能が出ました" in page
    assert 'class="coming"' not in page
    row = queries.mine(author, None)[0][0]
    assert (row.state, bool(row.problem)) == ("published", True)
    assert [each.kind for each in Notice.objects.all()] == ["posts.failed_words"]


def test_a_video_alone_that_cannot_be_shown_is_taken_back_and_explained(author: Person) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk, text="")
    assert read_by(rep)
    fail(asset)
    assert settling.settle_videos() == 1
    assert not read_by(rep)
    row = queries.mine(author, None)[0][0]
    assert (row.state, bool(row.problem)) == ("failed", True)
    assert [each.kind for each in Notice.objects.all()] == ["posts.failed"]
    assert not managing.take_back(post_id=made.pk, archived=False)
    assert not read_by(rep)
    assert "/posts/new/" in browser(author).get("/posts/").content.decode()


def test_a_video_that_failed_while_its_author_wrote_is_refused_with_the_reason(
    author: Person,
) -> None:
    asset = waiting_video(author)
    fail(asset)
    fields = {"text": "のこる言葉", "audience": "everybody", "lasts": "7", "asset": str(asset.pk)}
    answer = browser(author).post("/posts/new/", fields | {"key": str(uuid.uuid4())})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "のこる言葉" in page
    assert explain("video_type") in page
    assert not Post.objects.exists()


def test_a_video_that_is_gone_counts_as_one_that_cannot_be_shown(author: Person) -> None:
    asset = waiting_video(author)
    post(author, asset_id=asset.pk)
    asset.delete()
    assert settling.settle_videos() == 1
    assert Post.objects.get().video == "failed"


@pytest.mark.parametrize("becomes", [ready, fail])
def test_what_somebody_is_writing_is_not_published_by_the_video(
    author: Person, becomes: Callable[[Asset], None]
) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk)
    text = made.module.blocks.get(kind="text")
    text.data = {"doc": document("書きかけの")}
    text.save()
    becomes(asset)
    assert settling.settle_videos() == 0
    assert "書きかけの" not in browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    if becomes is fail:
        made.module.blocks.get(kind="video").delete()
    publish(module_id=made.module_id, by=author.pk)
    assert settling.settle_videos() == 1
    assert settling.settle_videos() == 0
    page = browser(rep).get(f"/modules/{made.module_id}/").content.decode()
    assert "書きかけの" in page
    assert ("<video" in page) is (becomes is ready)
    assert Notice.objects.count() == 1


def test_what_was_taken_back_stays_so_when_its_video_is_ready(author: Person) -> None:
    asset, rep = waiting_video(author), make_person(make_partner(), roles=["rep"])
    made = post(author, asset_id=asset.pk)
    managing.take_back(post_id=made.pk, archived=True)
    ready(asset)
    settling.settle_videos()
    assert not read_by(rep)
    assert not Notice.objects.exists()
    managing.take_back(post_id=made.pk, archived=False)
    assert read_by(rep)


def test_nobody_posts_anothers_file(author: Person) -> None:
    other = make_person(author.organisation, roles=["author"])
    with pytest.raises(Problem):
        post(author, asset_id=waiting_video(other).pk)


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


def test_an_archived_shelf_comes_back_without_what_was_put_away_with_it(author: Person) -> None:
    old = post(author, text="きのうの話")
    Course.objects.filter(pk=old.module.course_id).update(is_archived=True)
    new = post(author, text="けさの話")
    assert new.module.course_id == old.module.course_id
    assert Course.objects.count() == 1
    assert read_by(author) == ["けさの話"]


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "今朝のひとこと"), ("en", "This morning's word")]
)
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


def test_ones_posts_are_ones_own(author: Person) -> None:
    made = post(author)
    other = browser(make_person(author.organisation, roles=["admin"]))
    assert other.post(f"/posts/{made.pk}/take-back/").status_code == 404


def test_a_post_is_listed_by_its_published_title(author: Person) -> None:
    module = post(author, title="今日の一言").module
    module.title = "計画ツバメ"
    module.save(update_fields=["title"])
    listed = browser(author).get("/posts/").content.decode()
    assert "今日の一言" in listed
    assert "ツバメ" not in listed


@pytest.mark.parametrize("role", ["author", "admin", "ace"])
@pytest.mark.parametrize(
    ("content", "name", "kind"), [(picture(), "a.jpg", "image"), (video(1), "a.mp4", "video")]
)
def test_a_plain_form_takes_a_file(
    client_organisation: Organisation, role: str, content: bytes, name: str, kind: str
) -> None:
    person = make_person(client_organisation, roles=[role])
    fields = {"audience": "everybody", "lasts": "7", "key": str(uuid.uuid4())}
    answer = browser(person).post(
        "/posts/new/", fields | {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302
    assert Block.objects.get().kind == kind
    assert Post.objects.get().video == ("none" if kind == "image" else "coming")


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
            queries.mine(author, None, everybody=True)
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
    assert [way.module_id for way in progress.ways_page(author, None, None).object_list] == [
        lesson.pk
    ]


@pytest.mark.parametrize("address", ["/", "/learn/"])
def test_a_reps_pages_ask_as_often_with_many_posts_as_with_one(
    author: Person, address: str
) -> None:
    rep = browser(make_person(make_partner(), roles=["rep"]))
    make_module()
    post(author)
    rep.get(address)
    with CaptureQueriesContext(connection) as one:
        rep.get(address)
    for _ in range(29):
        post(author)
    rep.get(address)  # reads the versions that this process hasn't seen
    with CaptureQueriesContext(connection) as many:
        rep.get(address)
    assert len(many) == len(one)
    # Two are this test's own: it leaves its scope for the page's, and comes back.
    assert len(many) - 2 <= 8


def test_what_is_over_stays_in_its_authors_list_and_nowhere_else(author: Person) -> None:
    rep = browser(make_person(make_partner(), roles=["rep"]))
    made = post(author, text="きのうまでの話")
    Module.objects.filter(pk=made.module_id).update(
        expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    for address in ("/", "/learn/"):
        assert "きのうまでの話" not in rep.get(address).content.decode()
        assert "きのうまでの話" not in browser(author).get(address).content.decode()
    listed = browser(author).get("/posts/").content.decode()
    assert "きのうまでの話" in listed
    assert f"/posts/{made.pk}/extend/" in listed


def test_a_chosen_partners_picture_is_for_nobody_of_another(author: Person) -> None:
    chosen, other = make_partner("甲"), make_partner("乙")
    asset = add_picture(picture(), name="朝.jpg", uploaded_by=author.pk)
    made = post(author, audience="chosen", organisations=[chosen], asset_id=asset.pk)
    theirs = browser(make_person(chosen, roles=["rep"]))
    others = browser(make_person(other, roles=["rep"]))
    page = theirs.get(f"/modules/{made.module_id}/").content.decode()
    [address] = set(re.findall(r'src="(/media/[^"]+)"', page))
    address = html.unescape(address)
    assert theirs.get(address).status_code == 200
    assert others.get(address).status_code == 403  # a link is good for one person
    assert others.get(f"/modules/{made.module_id}/").status_code == 404
    assert str(made.module_id) not in others.get("/").content.decode()
    assert str(made.module_id) not in others.get("/learn/").content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "あ" * 2001}, "text"),
        ({"title": "あ" * 500}, "title"),
        ({"audience": "rivals"}, "audience"),
        ({"audience": "chosen"}, "organisations"),
        ({"audience": "chosen", "organisations": ["<script>"]}, "organisations"),
        ({"audience": "chosen", "organisations": [str(uuid.uuid4())]}, "organisations"),
        ({"lasts": "-1"}, "lasts"),
        ({"asset": str(uuid.uuid4())}, "file"),
        ({"text": "", "alt": "図"}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    author: Person, fields: dict[str, Any], field: str
) -> None:
    usual = {"text": "のこる<b>言葉", "title": "のこる題", "audience": "everybody", "lasts": "7"}
    answer = browser(author).post("/posts/new/", usual | {"key": uuid.uuid4()} | fields)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    for name in {"text", "title"} - fields.keys():
        assert html.escape(usual[name]) in page
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.mp4"), (b"<svg onload='alert(1)'/>", "a.jpg"), (picture()[:300], "a.jpg")],
)
def test_a_file_that_cannot_be_shown_is_refused_and_the_words_stay(
    author: Person, content: bytes, name: str
) -> None:
    fields = {"text": "のこる言葉", "audience": "everybody", "lasts": "7", "key": uuid.uuid4()}
    answer = browser(author).post(
        "/posts/new/", fields | {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert "のこる言葉" in answer.content.decode()
    assert not Post.objects.exists()


@pytest.mark.parametrize("key", ["", "<script>", "1"])
def test_a_broken_key_is_no_server_error(author: Person, key: str) -> None:
    fields = {"text": "言葉", "audience": "everybody", "lasts": "7", "key": key}
    assert browser(author).post("/posts/new/", fields).status_code == 422


@pytest.mark.parametrize("door", ["extend", "take-back"])
@pytest.mark.parametrize("fields", [{"lasts": "x"}, {"lasts": "7", "base": "<script>"}, {}])
def test_doors_that_take_forms_only_survive_what_is_sent(
    author: Person, door: str, fields: dict[str, str]
) -> None:
    made = post(author)
    assert browser(author).get(f"/posts/{made.pk}/{door}/").status_code == 405
    answer = browser(author).post(f"/posts/{made.pk}/{door}/", fields)
    assert answer.status_code in {302, 404}
    assert Module.objects.get(pk=made.module_id).expires_at == made.module.expires_at


def test_letters_tell_the_language() -> None:
    assert spoken("けさ the news", "en") == "ja"
    assert spoken("Good morning", "ja") == "en"
    assert spoken("12:30", "ja") == "ja"
