"""A post's picture is described anew, and what a post was made of is still seen by its writer once it's taken back."""

import re
from typing import Any

import pytest
from django.test import Client

from core.mediafiles.actions import add_picture
from core.models import Asset
from courses.catalog.models import ModuleVersion
from courses.posts import standing
from courses.posts.actions import correcting, managing
from courses.posts.models import Post
from partners.models import Person
from tests.core.media_samples import picture
from tests.courses.posts.factories import browser, post, ready, waiting_video
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db

ALT, BETTER = "展示会のブースに立つ二人", "展示会のブースで名刺を交換する二人"


@pytest.fixture
def asset(author: Person) -> Asset:
    """A picture of the author's."""
    return add_picture(picture(), name="朝.jpg", uploaded_by=author.pk)


def form_of(by: Client, made: Post) -> dict[str, Any]:
    """Return what the form holds when it is opened."""
    form = by.get(f"/posts/{made.pk}/edit/").context["form"]
    return {each.name: each.value() or "" for each in form}


def alts(made: Post) -> list[str]:
    """Return what readers are told that the picture shows, from the first version on."""
    versions = ModuleVersion.objects.filter(module=made.module_id).order_by("number")
    documents = versions.values_list("document", flat=True)
    return [block["data"]["alt"] for each in documents for block in each["blocks"][:1]]


def test_what_a_picture_shows_is_told_anew(author: Person, asset: Asset) -> None:
    made, by = post(author, title="展示会", asset_id=asset.pk, alt=ALT), browser(author)
    form = form_of(by, made)
    assert form["alt"] == ALT
    address = f"/posts/{made.pk}/edit/"
    assert by.post(address, {**form, "alt": f" {BETTER} "}).status_code == 302
    page = browser(make_person(make_partner(), roles=["rep"])).get(f"/modules/{made.module_id}/")
    assert f'alt="{BETTER}"' in page.content.decode()
    answer = by.post(address, {**form, "alt": "三人"})
    assert answer.status_code == 422, "it was corrected since this form was opened"
    assert 'value="三人"' in answer.content.decode()
    assert alts(made) == [ALT, BETTER]


def test_left_empty_the_title_tells_it_whatever_that_becomes(author: Person, asset: Asset) -> None:
    made, by = post(author, title="展示会", asset_id=asset.pk), browser(author)
    address = f"/posts/{made.pk}/edit/"
    form = form_of(by, made)
    assert form["alt"] == ""
    by.post(address, {**form, "alt": "展示会"})
    assert alts(made) == ["展示会"], "its title says so already"
    by.post(address, {**form, "title": "展示会の朝"})
    by.post(address, {**form_of(by, made), "alt": ALT})
    by.post(address, {**form_of(by, made), "title": "展示会の夜"})
    by.post(address, {**form_of(by, made), "alt": ""})
    assert alts(made) == ["展示会", "展示会の朝", ALT, ALT, "展示会の夜"]


def test_a_post_without_a_picture_asks_for_no_description(author: Person) -> None:
    made, by = post(author), browser(author)
    assert 'name="alt"' not in by.get(f"/posts/{made.pk}/edit/").content.decode()
    now = standing.of(Post.objects.get(pk=made.pk)).said
    told = {"title": now.title, "text": now.text, "base": now.base, "alt": "空"}
    assert not correcting.correct(post_id=made.pk, by=author.pk, **told)


@pytest.mark.parametrize("kind", ["picture", "video"])
def test_what_was_taken_back_is_still_seen_by_its_writer(
    author: Person, asset: Asset, kind: str
) -> None:
    if kind == "video":
        asset = waiting_video(author)
        ready(asset)
    made, by = post(author, asset_id=asset.pk), browser(author)
    managing.take_back(post_id=made.pk, archived=True)
    page = by.get(f"/posts/{made.pk}/edit/").content.decode()
    assert "新機能が出ました" in page
    tag = "img" if kind == "picture" else "source"
    shown = re.search(rf'<{tag} src="(/media/[^"]+)"', page)
    assert shown
    if kind == "picture":
        assert by.get(shown[1].replace("&amp;", "&")).status_code == 200
    other = make_person(author.organisation, roles=["ace"])
    assert browser(other).get(f"/posts/{made.pk}/edit/").status_code == 404
