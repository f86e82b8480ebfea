"""Resumable uploads: cut anywhere, sent twice, sent wrongly; always the same bytes or a clear answer."""

import base64
import datetime as dt
import errno
import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from core.mediafiles import limits, processing, resumable, storage
from core.mediafiles.spool import Spool
from core.models import Asset, Upload
from core.views import tus
from tests.core import media_samples
from tests.core.broker import bells, quiet_broker
from tests.partners.factories import make_client, make_partner, make_person, sign_in

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]

DOOR = "/media/uploads/"
BYTES = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def a_disk_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Keep the files of these tests apart."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def author(client: Client) -> Client:
    """The browser of an author of the client, in English."""
    return sign_in(client, make_person(make_client(), roles=["author"], language="en"))


def told(headers: dict[str, str]) -> dict[str, str]:
    return {"Tus-Resumable": "1.0.0", "Accept": "application/json", **headers}


def begin(browser: Client, size: int, **words: str) -> Any:
    pairs = [f"{key} {base64.b64encode(word.encode()).decode()}" for key, word in words.items()]
    headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
    return browser.post(DOOR, headers=told(headers))


def place_of(browser: Client, size: int, **words: str) -> str:
    return str(begin(browser, size, **words)["Location"])


def patch(browser: Client, place: str, data: bytes, at: int, **headers: str) -> Any:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.patch(
        place,
        data,
        content_type=BYTES,
        headers=told({"Upload-Offset": str(at), **more}),
        CONTENT_TYPE=BYTES,
        CONTENT_LENGTH=str(len(data)),
    )


def standing(browser: Client, place: str) -> int:
    return int(browser.head(place, headers=told({}))["Upload-Offset"])


def sent(browser: Client, data: bytes, **words: str) -> Any:
    return patch(browser, place_of(browser, len(data), **words), data, 0)


def spooled() -> list[Path]:
    return list((Path(live.MEDIA_ROOT) / "tmp").glob("up-*"))


def test_what_is_possible_is_told(author: Client):
    answer = author.options(DOOR)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert "creation" in answer["Tus-Extension"]
    assert int(answer["Tus-Max-Size"]) >= 200 * limits.MIB


@pytest.mark.django_db(transaction=True)
def test_a_video_sent_in_one_piece_becomes_an_asset_and_rings_the_worker(author: Client):
    data = media_samples.video(1)
    answer = sent(author, data, filename="商談の始め方.mp4")
    assert answer.status_code == 204
    asset = Asset.objects.get()
    assert answer["Upload-Asset"] == str(asset.pk)
    assert (asset.name, asset.state, asset.organisation_id) == ("商談の始め方", "waiting", None)
    assert storage.absolute(asset.source_path).read_bytes() == data
    assert bells("media") == [("core.process_media", [])]
    assert not spooled()


def test_a_picture_is_checked_and_sized_at_once(author: Client):
    answer = sent(author, media_samples.picture((2000, 1000)), title="Shop", alt="The shop")
    asset = Asset.objects.get(pk=answer["Upload-Asset"])
    assert (asset.kind, asset.state, asset.name, asset.alt) == (
        "image",
        "ready",
        "Shop",
        "The shop",
    )
    assert asset.renditions.get(name="large").width == 1280


@hypothesis(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.lists(st.integers(0, 60_000), min_size=5, max_size=5), block=st.integers(500, 9000))
def test_an_upload_cut_five_times_comes_out_whole(
    author: Client, monkeypatch: pytest.MonkeyPatch, cuts: list[int], block: int
):
    """The line breaks after so many bytes: what has come stays, and the rest follows."""
    data = media_samples.video(1)
    monkeypatch.setattr(tus, "_PIECE", block)
    monkeypatch.setattr(limits, "UPLOADS_AN_HOUR", 10_000)
    place = place_of(author, len(data))
    for cut in cuts:
        at = standing(author, place)
        with monkeypatch.context() as broken:
            broken.setattr(HttpRequest, "read", breaking(cut))
            patch(author, place, data[at:], at)
        if standing(author, place) == len(data):
            break
        assert standing(author, place) == min(at + cut, len(data))
    at = standing(author, place)
    answer = patch(author, place, data[at:], at)
    asset = Asset.objects.get(pk=answer["Upload-Asset"])
    assert asset.source_sha256 == hashlib.sha256(data).hexdigest()
    assert storage.absolute(asset.source_path).read_bytes() == data


def breaking(after: int) -> Any:
    """Return a `read` of a line that breaks after so many bytes."""
    whole = HttpRequest.read
    left = after

    def read(request: HttpRequest, most: int) -> bytes:
        nonlocal left
        if not left:
            raise ConnectionResetError
        found = whole(request, min(most, left))
        left -= len(found)
        return found

    return read


def test_the_last_piece_may_be_sent_again(author: Client):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    patch(author, place, data[:1000], 0)
    first = patch(author, place, data[1000:], 1000)
    again = patch(author, place, data[1000:], 1000)
    asked = author.head(place, headers=told({}))
    assert first["Upload-Asset"] == again["Upload-Asset"] == asked["Upload-Asset"]
    assert Asset.objects.count() == 1


def test_an_upload_whose_last_step_was_lost_is_finished_by_an_empty_piece(author: Client):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    upload = Upload.objects.get()
    resumable.append(upload_id=upload.pk, offset=0, piece=data)
    assert standing(author, place) == len(data)
    assert patch(author, place, b"", len(data))["Upload-Asset"]


def test_a_wrong_place_is_refused_and_the_right_one_told(author: Client):
    place = place_of(author, 5000)
    patch(author, place, bytes(100), 0)
    for at in (0, 99, 101, 4999):
        answer = patch(author, place, b"x", at)
        assert answer.status_code == 409
        assert answer["Upload-Offset"] == "100"
    assert standing(author, place) == 100


def test_more_than_was_announced_is_refused(author: Client):
    place = place_of(author, 100)
    assert patch(author, place, bytes(101), 0).status_code == 413
    assert standing(author, place) == 0


def test_two_senders_of_one_upload_can_not_mix_their_bytes(author: Client):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    upload = Upload.objects.get()
    resumable.append(upload_id=upload.pk, offset=0, piece=data[:3000])
    late = resumable.append(upload_id=upload.pk, offset=0, piece=bytes(2000))
    assert late is not None
    assert late.received == 3000
    patch(author, place, data[3000:], 3000)
    assert storage.absolute(Asset.objects.get().source_path).read_bytes() == data


def test_two_uploads_at_once_don_t_disturb_each_other(author: Client):
    one, two = media_samples.video(1), media_samples.video(1, sound=False)
    first, second = place_of(author, len(one)), place_of(author, len(two))
    patch(author, first, one[:999], 0)
    patch(author, second, two[:1500], 0)
    done = [
        patch(author, first, one[999:], 999)["Upload-Asset"],
        patch(author, second, two[1500:], 1500)["Upload-Asset"],
    ]
    for pk, data in zip(done, (one, two), strict=True):
        assert storage.absolute(Asset.objects.get(pk=pk).source_path).read_bytes() == data


def test_a_disk_that_was_put_back_is_caught_up_with(author: Client):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    patch(author, place, data[:2000], 0)
    os.truncate(Spool(Upload.objects.get().pk).place, 500)
    assert patch(author, place, data[2000:], 2000).status_code == 409
    assert standing(author, place) == 500
    assert patch(author, place, data[500:], 500)["Upload-Asset"]
    assert storage.absolute(Asset.objects.get().source_path).read_bytes() == data


# --- What can't be taken ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"#EXTM3U\nfile:///etc/passwd", "", "list of links"),
        (b"%PDF-1.7" + bytes(9000), "", "MP4, MOV and WebM"),
        (b"%PDF-1.7", "image", "JPEG, PNG and WebP"),
        (media_samples.picture()[:300], "image", "damaged or incomplete"),
        (media_samples.picture(), "video", "MP4, MOV and WebM"),
        (media_samples.bomb(8000), "", "25 million pixels"),
    ],
    ids=["playlist", "pdf", "no picture", "half a picture", "a picture as video", "bomb"],
)
def test_what_it_is_decides_its_content(author: Client, data: bytes, kind: str, words: str):
    place = place_of(author, len(data), filename="visit.mp4", kind=kind)
    for _ in range(2):
        answer = patch(author, place, data, 0)
        assert answer.status_code == 422
        assert words in answer.json()["message"]
    assert not Asset.objects.exists()
    assert not spooled()


def test_what_is_no_video_is_refused_before_all_of_it_has_come(author: Client):
    place = place_of(author, 300_000)
    assert patch(author, place, b"%PDF-1.7" + bytes(5000), 0).status_code == 422


def test_a_truncated_video_is_taken_and_then_explained(author: Client):
    sent(author, media_samples.video(4)[:5000])
    assert processing.process_waiting()
    assert Asset.objects.get().error == "video_broken"


@pytest.mark.parametrize(
    ("size", "kind", "status"),
    [
        (0, "video", 422),
        (limits.VIDEO_BYTES + 1, "", 413),
        (limits.PICTURE_BYTES + 1, "image", 413),
    ],
)
def test_an_announced_size_that_can_not_be_taken_is_refused_at_once(
    author: Client, size: int, kind: str, status: int
):
    answer = begin(author, size, kind=kind)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "x"}, 400),
        ({"Upload-Length": "１２"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({}, 400),
        ({"Upload-Length": "9" * 30}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "filename ?"}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "kind Zm9v"}, 400),
        ({"Upload-Length": "10", "Tus-Resumable": "0.2.2"}, 412),
    ],
)
def test_an_announcement_that_is_none_is_refused(
    author: Client, headers: dict[str, str], status: int
):
    assert author.post(DOOR, headers=told(headers)).status_code == status
    assert not Upload.objects.exists()


def test_bytes_have_to_be_called_bytes(author: Client):
    place = place_of(author, 10)
    answer = author.patch(
        place, b"x", content_type="text/plain", headers=told({"Upload-Offset": "0"})
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_its_checksum_counts_only_if_it_is_right(author: Client, algorithm: str):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    right = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
    wrong = patch(author, place, data[:-1] + b"?", 0, Upload_Checksum=f"{algorithm} {right}")
    assert wrong.status_code == 460
    assert standing(author, place) == 0
    assert patch(author, place, data, 0, Upload_Checksum=f"{algorithm} {right}")["Upload-Asset"]
    assert patch(author, place, data, 0, Upload_Checksum="crc32 AAAA").status_code in {204, 400}


def test_a_full_disk_is_told_and_the_upload_goes_on_when_there_is_room(
    author: Client, monkeypatch: pytest.MonkeyPatch
):
    data = media_samples.video(1)
    place = place_of(author, len(data))
    patch(author, place, data[:1000], 0)

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "pwrite", full)
        answer = patch(author, place, data[1000:], 1000)
    assert answer.status_code == 507
    assert "no room" in answer.json()["message"]
    assert standing(author, place) == 1000
    assert patch(author, place, data[1000:], 1000)["Upload-Asset"]


def test_a_disk_without_room_is_told_before_anything_is_sent(
    author: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resumable, "_SPARE", 2**60)
    assert begin(author, 1000).status_code == 507
    assert not Upload.objects.exists()


# --- Whose, how many, how long ---------------------------------------------------------------------
def test_somebody_else_s_upload_is_not_there(author: Client):
    place = place_of(author, 100)
    colleague = sign_in(Client(), make_person(make_client(), roles=["author"]))
    rival = sign_in(Client(), make_person(make_partner(), roles=["author"]))
    for browser in (colleague, rival):
        for address in (place, f"{DOOR}{uuid.uuid4()}/"):
            assert browser.head(address, headers=told({})).status_code == 404
            assert patch(browser, address, b"x", 0).status_code == 404
            assert browser.delete(address, headers=told({})).status_code == 404
    assert standing(author, place) == 0


def test_an_upload_needs_the_page_s_token():
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, make_person(make_client(), roles=["author"]))
    assert begin(browser, 100).status_code == 403
    browser.get("/media/library/")
    token = browser.cookies[live.CSRF_COOKIE_NAME].value
    answer = browser.post(DOOR, headers=told({"Upload-Length": "100", "X-CSRFToken": token}))
    assert answer.status_code == 201


def test_a_rep_can_not_upload(client: Client):
    sign_in(client, make_person(make_partner(), roles=["rep"]))
    assert begin(client, 100).status_code == 404


def test_a_partner_s_video_belongs_to_the_partner(client: Client):
    partner = make_partner()
    sign_in(client, make_person(partner, roles=["ace"]))
    sent(client, media_samples.video(1))
    assert Asset.objects.get().organisation_id == partner.pk


def test_a_cancelled_upload_leaves_nothing(author: Client):
    place = place_of(author, 5000)
    patch(author, place, bytes(100), 0)
    assert spooled()
    assert author.delete(place, headers=told({})).status_code == 204
    assert author.head(place, headers=told({})).status_code == 404
    assert not Upload.objects.exists()
    assert not spooled()


def test_too_many_unfinished_uploads_are_refused_but_an_idle_one_makes_way(author: Client):
    places = [place_of(author, 100) for _ in range(limits.UPLOADS_OPEN)]
    answer = begin(author, 100)
    assert answer.status_code == 429
    assert answer["Retry-After"]
    idle = timezone.now() + limits.UPLOAD_LIVES - dt.timedelta(minutes=20)
    Upload.objects.filter(pk=places[2].split("/")[-2]).update(expires_at=idle)
    assert begin(author, 100).status_code == 201
    assert author.head(places[2], headers=told({})).status_code == 404
    assert author.head(places[0], headers=told({})).status_code == 200


def test_a_day_s_uploads_are_limited(author: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "UPLOADS_DAY_BYTES", 1000)
    assert begin(author, 900).status_code == 201
    assert begin(author, 101).status_code == 429
    assert begin(author, 100).status_code == 201


def test_forgetting_what_is_over_gives_nothing_of_the_day_back(
    author: Client, monkeypatch: pytest.MonkeyPatch
):
    taken, refused = media_samples.picture(), bytes(storage.HEAD)
    monkeypatch.setattr(limits, "UPLOADS_DAY_BYTES", len(taken) + len(refused) + 100)
    places = [place_of(author, len(data)) for data in (taken, refused)]
    assert patch(author, places[0], taken, 0).status_code == 204
    assert patch(author, places[1], refused, 0).status_code == 422
    for place in places:
        assert author.delete(place, headers=told({})).status_code == 204
        author.post(f"{place}cancel/")
    assert begin(author, 101).status_code == 429
    assert "Upload-Asset" in author.head(places[0], headers=told({}))
    cancelled = place_of(author, 100)
    assert author.delete(cancelled, headers=told({})).status_code == 204
    assert begin(author, 100).status_code == 201
    Upload.objects.update(expires_at=timezone.now())
    assert resumable.forget_expired() == 3


def test_a_flood_of_uploads_is_stopped(author: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "UPLOADS_AN_HOUR", 3)
    for _ in range(3):
        author.delete(place_of(author, 100), headers=told({}))
    assert begin(author, 100).status_code == 429


def test_what_nobody_went_on_with_is_gone_after_a_day(author: Client):
    place = place_of(author, 5000)
    patch(author, place, bytes(100), 0)
    assert resumable.forget_expired() == 0
    Upload.objects.update(expires_at=timezone.now())
    assert author.head(place, headers=told({})).status_code == 404
    assert resumable.forget_expired() == 1
    assert not spooled()


def test_what_stands_still_is_shown_with_its_way_on_and_can_be_cancelled(author: Client):
    place = place_of(author, 4000, filename="visit.mp4")
    patch(author, place, media_samples.video(1)[:1000], 0)
    assert "visit" not in author.get("/media/library/").content.decode()
    still = timezone.now() + limits.UPLOAD_LIVES - dt.timedelta(minutes=5)
    Upload.objects.update(expires_at=still)
    page = author.get("/media/library/").content.decode()
    assert "25% of" in page
    assert "Choose the same file again" in page
    author.post(f"{place}cancel/")
    assert not Upload.objects.exists()
    assert not spooled()
