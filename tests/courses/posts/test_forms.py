"""The forms of posts: with and without script, and with what nobody should send."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.catalog.models import Module
from courses.posts.models import Post
from partners.models import Person
from tests.core.media_samples import picture
from tests.courses.factories import make_module
from tests.courses.posts.factories import browser, post
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


def test_an_empty_form_says_what_to_do_and_keeps_what_was_typed(author: Person) -> None:
    fields = {"title": "のこる", "audience": "everybody", "lasts": "0", "key": str(uuid.uuid4())}
    answer = browser(author).post("/posts/new/", fields)
    assert answer.status_code == 422
    assert "のこる" in answer.content.decode()


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
