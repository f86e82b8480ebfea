"""A post's video comes after its words, or it is told why it doesn't."""

import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from core.mediafiles.errors import explain
from core.models import Asset, Notice
from courses.posts import queries
from courses.posts.actions import managing, settling
from courses.posts.models import Post
from courses.posts.titling import document
from courses.progress.models import ModuleProgress
from courses.progress.publishing import publish
from partners.models import Person
from partners.problems import Problem
from tests.courses.posts.factories import browser, fail, post, read_by, ready, waiting_video
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


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
