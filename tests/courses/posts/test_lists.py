"""Who finds which posts, and what the lists cost."""

import datetime as dt
import html
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.mediafiles.actions import add_picture
from courses.catalog.models import Block, Module
from courses.posts import queries
from courses.posts.models import Post
from courses.progress.models import ModuleProgress
from partners.models import Organisation, Person
from tests.core.media_samples import picture, video
from tests.courses.posts.factories import browser, post
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


def test_ones_posts_are_ones_own(author: Person) -> None:
    made = post(author)
    other = browser(make_person(author.organisation, roles=["admin"]))
    assert other.post(f"/posts/{made.pk}/take-back/").status_code == 404


def test_a_posts_page_says_who_and_when_and_leads_to_the_next_unread_one(author: Person) -> None:
    for title in ("おととい", "きのう", "けさ"):
        post(author, title=title, text="話")
    first, middle, last = Post.objects.order_by("published_at")
    Post.objects.filter(pk=last.pk).update(published_at=dt.datetime(2030, 1, 2, tzinfo=dt.UTC))
    rep = make_person(make_partner(), roles=["rep"])
    page = browser(rep).get(f"/modules/{last.module_id}/").content.decode()
    assert author.name in page
    assert "2030年1月2日" in page
    assert "次へ：きのう" in page
    read(rep, middle, last)
    assert "次へ：おととい" in browser(rep).get(f"/modules/{last.module_id}/").content.decode()
    read(rep, first)
    assert "次へ" not in browser(rep).get(f"/modules/{last.module_id}/").content.decode()


def test_a_posts_page_costs_the_same_among_many(author: Person) -> None:
    made = post(author)
    rep = browser(make_person(make_partner(), roles=["rep"]))
    address = f"/modules/{made.module_id}/"
    few = [queries_of(lambda: rep.get(address)) for _ in range(2)][-1]
    for _ in range(12):
        post(author)
    assert [queries_of(lambda: rep.get(address)) for _ in range(2)][-1] == few


def read(person: Person, *posts: Post) -> None:
    """Let somebody have opened these."""
    for each in posts:
        ModuleProgress.objects.create(
            person=person, organisation_id=person.organisation_id, module_id=each.module_id
        )


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
