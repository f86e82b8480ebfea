"""Media are handed out to whom they belong, whole or in parts."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.mediafiles import actions, links, ranges, storage
from core.mediafiles.captions import Cue
from core.models import Asset, Caption, Rendition
from tests.core import media_samples
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

BODY = bytes(range(256)) * 40


@pytest.fixture
def file() -> Rendition:
    """A file of the client's content."""
    return stored(None)


def stored(organisation_id: uuid.UUID | None, state: str = "ready") -> Rendition:
    asset = Asset.objects.create(kind="video", state=state, organisation_id=organisation_id)
    kept = storage.put(BODY, "mp4")
    row = actions.rendition(asset, "main", kept, "video/mp4", (1280, 720))
    row.save()
    return row


@pytest.fixture
def person():
    """A rep of a partner."""
    make_client()
    return make_person(make_partner())


@pytest.fixture
def rep(client: Client, person) -> Client:
    """The rep's browser."""
    return sign_in(client, person)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_is_handed_out_with_headers_that_bind_it(rep: Client, person, file: Rendition):
    response = rep.get(links.url(person.pk, file.pk, "main"))
    assert response.status_code == 200
    assert content(response) == BODY
    expected = {
        "Content-Type": "video/mp4",
        "Content-Length": str(len(BODY)),
        "ETag": f'"{file.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": 'inline; filename="main.mp4"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: response[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(BODY) - 1),
        ("bytes=-50", len(BODY) - 50, len(BODY) - 1),
        ("bytes=0-99999999", 0, len(BODY) - 1),
        (f"bytes=-{len(BODY) * 2}", 0, len(BODY) - 1),
        (f"bytes={len(BODY) - 1}-", len(BODY) - 1, len(BODY) - 1),
    ],
)
def test_a_part_is_handed_out(rep: Client, person, file, asked: str, first: int, last: int):
    response = rep.get(links.url(person.pk, file.pk, "main"), headers={"Range": asked})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert content(response) == BODY[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={len(BODY)}-", "bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_416(rep: Client, person, file, asked: str):
    response = rep.get(links.url(person.pk, file.pk, "main"), headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(BODY)}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=0-1,4-5", "bytes=-", "items=0-5", "bytes=a-b", "bytes=١-٢", ""]
)
def test_what_is_no_single_part_gets_the_whole(rep: Client, person, file, asked: str):
    response = rep.get(links.url(person.pk, file.pk, "main"), headers={"Range": asked})
    assert response.status_code == 200
    assert content(response) == BODY


def test_a_part_of_an_older_file_gets_the_whole_new_one(rep: Client, person, file):
    address = links.url(person.pk, file.pk, "main")
    old = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert rep.get(address, headers=old).status_code == 200
    same = {"Range": "bytes=0-9", "If-Range": f'"{file.sha256}"'}
    assert rep.get(address, headers=same).status_code == 206


@pytest.mark.parametrize("shape", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_who_has_it_already_gets_304(rep: Client, person, file, shape: str):
    known = {"If-None-Match": shape.format(file.sha256)}
    response = rep.get(links.url(person.pk, file.pk, "main"), headers=known)
    assert response.status_code == 304
    assert response["ETag"] == f'"{file.sha256}"'


def test_a_head_request_gets_the_headers_alone(rep: Client, person, file):
    response = rep.head(links.url(person.pk, file.pk, "main"))
    assert response["Content-Length"] == str(len(BODY))
    assert content(response) == b""


def test_a_proxy_in_front_is_told_which_file_to_send(rep: Client, person, file, settings):
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    response = rep.get(links.url(person.pk, file.pk, "main"))
    assert response["X-Accel-Redirect"] == f"/protected/{file.path}"
    assert response.content == b""
    assert response["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    "token",
    ["", "x", "ffffffffff.abc", ".", "-1.x", "١.x", "0x10.x", "9" * 500, "😀"],
)
def test_a_made_up_token_opens_nothing(rep: Client, file, token: str):
    assert rep.get(f"/media/{file.pk}/main", {"t": token}).status_code == 403


def test_somebody_else_s_token_opens_nothing(client: Client, person, file):
    other = make_person(person.organisation)
    address = links.url(other.pk, file.pk, "main")
    assert sign_in(client, person).get(address).status_code == 403


def test_a_token_is_for_one_file_only(rep: Client, person, file):
    token = links.url(person.pk, uuid.uuid4(), "main").partition("?t=")[2]
    assert rep.get(f"/media/{file.pk}/main", {"t": token}).status_code == 403


def test_a_token_lives_for_11_to_12_hours(rep: Client, person, file):
    begins = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
    with time_machine.travel(begins, tick=False):
        address = links.url(person.pk, file.pk, "main")
        token = address.partition("?t=")[2]
    for hours, good in ((11, True), (12, False)):
        with time_machine.travel(begins + dt.timedelta(hours=hours), tick=False):
            assert links.is_good(token, person.pk, str(file.pk)) is good


def test_a_link_stays_the_same_within_the_hour(person, file):
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 1, tzinfo=dt.UTC), tick=False):
        first = links.url(person.pk, file.pk, "main")
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 59, tzinfo=dt.UTC), tick=False):
        assert links.url(person.pk, file.pk, "main") == first


def test_nobody_gets_anything_without_signing_in(client: Client, person, file):
    response = client.get(links.url(person.pk, file.pk, "main"))
    assert response.status_code == 302


def test_who_was_deactivated_gets_nothing_with_the_very_same_link(rep: Client, person, file):
    address = links.url(person.pk, file.pk, "main")
    assert rep.get(address).status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert rep.get(address).status_code == 302


def test_what_belongs_to_another_partner_does_not_exist(rep: Client, person):
    other = stored(make_partner().pk)
    address = links.url(person.pk, other.pk, "main")
    missing = links.url(person.pk, uuid.uuid4(), "main")
    answers = [rep.get(each) for each in (address, missing)]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_what_the_client_has_seen_is_not_remembered_for_a_partner(person):
    other = stored(make_partner().pk)
    admin = make_person(make_client(), roles=["admin"])
    seen = sign_in(Client(), admin).get(links.url(admin.pk, other.pk, "main"))
    assert seen.status_code == 200
    refused = sign_in(Client(), person).get(links.url(person.pk, other.pk, "main"))
    assert refused.status_code == 404


def test_one_s_own_organisation_s_files_are_open(rep: Client, person):
    own = stored(person.organisation_id)
    assert rep.get(links.url(person.pk, own.pk, "main")).status_code == 200


def test_what_is_not_ready_is_not_handed_out(rep: Client, person):
    waiting = stored(None, state="working")
    assert rep.get(links.url(person.pk, waiting.pk, "main")).status_code == 404


def test_a_missing_file_is_404_and_not_an_error(rep: Client, person, file):
    Rendition.objects.filter(pk=file.pk).update(path=f"00/{'0' * 64}.mp4")
    assert rep.get(links.url(person.pk, file.pk, "main")).status_code == 404


def test_the_second_part_of_a_video_needs_no_query_for_the_file(
    rep: Client, person, file, django_assert_max_num_queries
):
    address = links.url(person.pk, file.pk, "main")
    rep.get(address)
    with django_assert_max_num_queries(8) as first:
        cache.clear()
        rep.get(address)
    with django_assert_max_num_queries(len(first) - 1):
        rep.get(address)


def test_a_picture_is_handed_out_in_the_asked_size(rep: Client, person):
    asset = actions.add_picture(ContentFile(media_samples.picture()))
    response = rep.get(links.picture_url(person.pk, asset.pk, "small"))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert rep.get(links.picture_url(person.pk, asset.pk, "huge")).status_code == 404


def test_a_token_for_the_small_picture_does_not_open_the_large_one(rep: Client, person):
    asset = actions.add_picture(media_samples.picture())
    token = links.picture_url(person.pk, asset.pk, "small").partition("?t=")[2]
    assert rep.get(f"/media/picture/{asset.pk}/large/", {"t": token}).status_code == 403


def captioned(asset: Asset, words: str) -> Caption:
    cue = Cue(0, 1000, words)
    base = actions.captions_base("")
    return actions.write_captions(asset=asset, language="ja", cues=[cue], base=base)


def test_captions_are_handed_out_as_webvtt(rep: Client, person, file):
    row = captioned(file.asset, "はい")
    response = rep.get(links.caption_url(person.pk, row.pk, "ja"))
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert "はい" in response.content.decode()
    assert rep.get(links.caption_url(person.pk, row.pk, "en")).status_code == 404


def test_captions_of_another_partner_do_not_exist(rep: Client, person):
    other = stored(make_partner().pk)
    row = captioned(other.asset, "secret")
    assert rep.get(links.caption_url(person.pk, row.pk, "ja")).status_code == 404


@given(first=st.integers(0, 300), length=st.integers(1, 300), size=st.integers(1, 200))
def test_every_part_lies_inside_the_file(first: int, length: int, size: int):
    header = f"bytes={first}-{first + length - 1}"
    try:
        part = ranges.requested(header, size)
    except ranges.UnsatisfiableError:
        assert first >= size
        return
    assert part is not None
    assert 0 <= part.first <= part.last < size
    assert part.size <= length
