"""The library of videos: uploads that arrive, uploads that don't, and captions."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.mediafiles import limits, processing
from core.mediafiles.forms import VideoForm
from core.mediafiles.uploads import receives
from core.models import Asset, Caption
from tests.core import media_samples
from tests.core.broker import bells, quiet_broker
from tests.partners.factories import make_client, make_partner, make_person, sign_in

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]

VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


@pytest.fixture
def author(client: Client) -> Client:
    """The browser of an author of the client, in English."""
    sign_in(client, make_person(make_client(), roles=["author"], language="en"))
    return client


def upload(browser: Client, data: bytes, name: str = "film.mp4", **fields: str) -> Any:
    file = SimpleUploadedFile(name, data, "video/mp4")
    return browser.post("/media/library/", {"file": file, **fields})


def temporary() -> list[Path]:
    return list((Path(live.MEDIA_ROOT) / "tmp").glob("in-*"))


@pytest.fixture(autouse=True)
def _nothing_of_others() -> None:
    """Begin without what a worker that another test ended left behind on its way in."""
    for path in temporary():
        path.unlink()


def text(response: Any) -> str:
    return str(response.content.decode())


def test_an_empty_library_says_what_it_will_hold(author: Client):
    assert "No videos yet" in text(author.get("/media/library/"))


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_kept_named_after_its_file_and_rings_the_worker(author: Client):
    response = upload(author, media_samples.video(), "商談の始め方.mp4")
    assert response.status_code == 302
    asset = Asset.objects.get()
    assert (asset.name, asset.state, asset.organisation_id) == ("商談の始め方", "waiting", None)
    assert bells("media") == [("core.process_media", [])]
    assert not temporary()
    page = text(author.get("/media/library/"))
    assert "Waiting to be prepared" in page
    assert "every 3s" in page


def test_a_title_wins_over_the_file_s_name(author: Client):
    upload(author, media_samples.video(), title="First meeting")
    assert Asset.objects.get().name == "First meeting"


def test_a_large_upload_goes_to_disk_and_comes_out_whole(author: Client):
    data = media_samples.video() + bytes(3 * 1024 * 1024)
    upload(author, data)
    source = Path(live.MEDIA_ROOT) / Asset.objects.get().source_path
    assert source.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file is empty"),
        (b"#EXTM3U\nfile:///etc/passwd", "list of links"),
        (b"%PDF-1.7", "MP4, MOV and WebM"),
    ],
)
def test_what_is_no_video_is_explained_and_the_title_kept(author: Client, data: bytes, words: str):
    response = upload(author, data, title="My title")
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="My title"' in text(response)
    assert not Asset.objects.exists()
    assert not temporary()


def test_no_file_at_all_is_explained(author: Client):
    response = author.post("/media/library/", {"title": "My title"})
    assert response.status_code == 422
    assert "choose a video" in text(response)


def test_a_title_that_is_too_long_loses_no_words(author: Client):
    response = upload(author, media_samples.video(), title="x" * 300)
    assert response.status_code == 422
    assert "x" * 300 in text(response)
    assert not temporary()


@receives(file=100_000)
def small_door(request: HttpRequest) -> HttpResponse:
    """A door of this test alone, for files of at most 100,000 bytes, so that nobody sends 500 MB."""
    form = VideoForm(request.POST, request.FILES)
    errors = [str(error) for error in form.errors.get("file", [])]
    return JsonResponse({"errors": errors, "title": form.data.get("title")})


@pytest.mark.parametrize(("size", "refused"), [(100_000, False), (100_001, True), (900_000, True)])
def test_an_upload_that_is_too_large_is_read_to_its_end_and_explained(
    rf: RequestFactory, size: int, refused: bool
):
    file = SimpleUploadedFile("film.mp4", bytes(size), "video/mp4")
    request = rf.post("/", {"title": "My title", "file": file})
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    with translation.override("en"):
        answer = json.loads(small_door(request).content)
    assert answer["title"] == "My title"
    assert bool(answer["errors"]) is refused
    assert not refused or "larger than 500 MB" in answer["errors"][0]
    request.close()
    assert not temporary()


def test_an_upload_that_announces_far_too_much_is_not_read(author: Client):
    response = author.post("/media/library/", {}, CONTENT_LENGTH=str(3 * limits.VIDEO_BYTES))
    assert response.status_code == 413
    assert response["Connection"] == "close"
    assert "500 MB" in text(response)


def test_an_upload_is_refused_without_the_form_s_token():
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, make_person(make_client(), roles=["author"]))
    assert upload(browser, media_samples.video()).status_code == 403
    assert not temporary()
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', text(browser.get("/media/library/"))
    )
    assert token is not None
    done = upload(browser, media_samples.video(), csrfmiddlewaretoken=token[1])
    assert done.status_code == 302


def test_an_upload_that_was_cut_off_leaves_nothing(author: Client):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    body += media_samples.video()[:500]
    author.post("/media/library/", body, content_type="multipart/form-data; boundary=x")
    assert not temporary()


def test_a_file_in_a_field_that_nobody_asked_for_is_dropped(author: Client):
    sneaked = SimpleUploadedFile("a.bin", bytes(2 * 1024 * 1024))
    response = author.post("/media/library/", {"other": sneaked})
    assert response.status_code == 422
    assert not temporary()


def test_a_prepared_video_is_shown_with_its_player_and_a_failed_one_with_its_reason(author: Client):
    upload(author, media_samples.video(1), title="Good")
    upload(author, media_samples.video(4)[:5000], title="Bad")
    assert processing.process_waiting()
    assert processing.process_waiting()
    page = text(author.get("/media/library/"))
    assert "every 3s" not in page
    assert "can&#x27;t be read to its end" in page
    good = Asset.objects.get(name="Good")
    shown = text(author.get(f"/media/library/{good.pk}/"))
    assert "<video" in shown
    address = re.search(r'<source src="([^"]+)"', shown)
    assert address is not None
    assert author.get(address[1]).status_code == 200
    bad = Asset.objects.get(name="Bad")
    assert "Prepare it once more" in text(author.get(f"/media/library/{bad.pk}/"))
    author.post(f"/media/library/{bad.pk}/retry/")
    bad.refresh_from_db()
    assert bad.state == "waiting"


def test_the_list_alone_is_sent_where_the_page_asks_for_it(author: Client):
    page = text(author.get("/media/library/", headers={"HX-Request": "true"}))
    assert page.lstrip().startswith("<section")
    assert "<html" not in page


def captioned(browser: Client, data: bytes, language: str = "ja") -> Any:
    asset = Asset.objects.get()
    file = SimpleUploadedFile("c.vtt", data, "text/vtt")
    return browser.post(f"/media/library/{asset.pk}/", {"file": file, "language": language})


def test_captions_of_a_file_replace_others_once_that_is_answered(author: Client):
    upload(author, media_samples.video(1))
    assert captioned(author, VTT).status_code == 302
    asked = captioned(author, VTT.replace(b"Hello", b"<b>Good</b> day &lt;3"))
    page = text(asked)
    assert "There is 1 caption now: “Hello”" in page
    assert "There is 1 caption in the file: “Good day &lt;3”" in page
    assert "Hello" in Caption.objects.get().text, "nothing is replaced by asking"
    address = f"/media/library/{Asset.objects.get().pk}/"
    assert author.post(address, {"kept": asked.context["kept"]}).status_code == 302
    assert "<b>Good</b> day" in Caption.objects.get().text


def test_captions_that_somebody_changed_meanwhile_are_asked_about_again(author: Client):
    upload(author, media_samples.video(1))
    captioned(author, VTT)
    asked = captioned(author, VTT.replace(b"Hello", b"Hi"))
    changed = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nOurs\n"
    Caption.objects.update(text=changed)
    address = f"/media/library/{Asset.objects.get().pk}/"
    again = author.post(address, {"kept": asked.context["kept"]})
    assert "There is 1 caption now: “Ours”" in text(again)
    assert Caption.objects.get().text == changed
    author.post(address, {"kept": again.context["kept"]})
    assert "Hi" in Caption.objects.get().text


def test_an_answer_that_we_never_asked_for_replaces_nothing(author: Client):
    upload(author, media_samples.video(1))
    captioned(author, VTT)
    kept = captioned(author, VTT.replace(b"Hello", b"Hi")).context["kept"]
    upload(author, media_samples.video(1))
    other = Asset.objects.exclude(captions__isnull=False).get()
    for address, sent in ((other.pk, kept), (Caption.objects.get().asset_id, f"{kept}x")):
        answer = author.post(f"/media/library/{address}/", {"kept": sent, "language": "ja"})
        assert answer.status_code == 422
        assert "choose the file once more" in text(answer)
    assert "Hello" in Caption.objects.get().text


def test_captions_are_taken_away_once_that_is_answered(author: Client):
    upload(author, media_samples.video(1))
    captioned(author, VTT)
    asset = Asset.objects.get()
    address = f"/media/library/{asset.pk}/captions/ja/remove/"
    assert "There is 1 caption now: “Hello”" in text(author.get(address))
    assert Caption.objects.exists()
    assert author.post(address).status_code == 302
    assert not Caption.objects.exists()
    assert author.get(address).status_code == 302, "there is nothing to ask about"


def test_a_caption_after_the_end_of_its_video_is_refused_with_its_line_and_time(author: Client):
    upload(author, media_samples.video(1))
    Asset.objects.update(duration_ms=44_000)
    late = b"\n00:43.000 --> 00:50.000\nBye\n\n10:00.000 --> 10:02.000\nLate\n"
    answer = captioned(author, VTT + late)
    assert answer.status_code == 422
    assert "Line 9: this caption begins at 10:00, but the video ends at 0:44." in text(answer)
    assert not Caption.objects.exists()


@pytest.mark.parametrize(
    ("data", "language", "words"),
    [
        (b"WEBVTT\n\nwhen? --> later\nHello", "ja", "Line 3"),
        (b"no captions", "ja", "look like captions"),
        (VTT, "fr", "Select"),
        (bytes(limits.CAPTION_BYTES + 10), "ja", "too large"),
    ],
)
def test_captions_that_can_not_be_read_are_explained(
    author: Client, data: bytes, language: str, words: str
):
    upload(author, media_samples.video(1))
    response = captioned(author, data, language)
    assert response.status_code == 422
    assert words in text(response)
    assert not Caption.objects.exists()


def test_each_partner_has_a_library_of_its_own(client: Client):
    partner = make_partner()
    sign_in(client, make_person(partner, roles=["author"]))
    upload(client, media_samples.video(1), title="Ours")
    ours = Asset.objects.get()
    assert ours.organisation_id == partner.pk
    rival = sign_in(Client(), make_person(make_partner(), roles=["author"]))
    assert "Ours" not in text(rival.get("/media/library/"))
    for address in (f"/media/library/{ours.pk}/", f"/media/library/{uuid.uuid4()}/"):
        assert rival.get(address).status_code == 404
    assert rival.post(f"/media/library/{ours.pk}/retry/").status_code == 404
    assert rival.post(f"/media/library/{ours.pk}/captions/ja/remove/").status_code == 404


def test_a_rep_has_no_library(client: Client):
    sign_in(client, make_person(make_partner(), roles=["rep"]))
    assert client.get("/media/library/").status_code == 404
    assert upload(client, media_samples.video(1)).status_code == 404
    assert not temporary()


def test_the_library_needs_as_many_queries_for_20_as_for_1(author: Client):
    def one_more() -> None:
        asset = Asset.objects.create(kind="video", state="ready", name="x")
        Caption.objects.create(asset=asset, language="ja", text="WEBVTT\n")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            author.get("/media/library/")
        return len(captured)

    one_more()
    queries()
    first = queries()
    for _ in range(19):
        one_more()
    assert queries() == first
