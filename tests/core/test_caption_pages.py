"""Captions edited beside their video, and what scripts are told of media."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.mediafiles import queries
from core.models import Asset, Caption
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nHello\n"
ROW = {"begins": "0:01", "ends": "0:02.5", "text": "Good morning"}


@pytest.fixture
def author(client: Client) -> Client:
    """The browser of an author of the client, in English."""
    return sign_in(client, make_person(make_client(), roles=["author"], language="en"))


@pytest.fixture
def video() -> Asset:
    """A video of the client's that is ready."""
    return Asset.objects.create(kind="video", state="ready", name="Visit", duration_ms=60_000)


def page_of(asset: Asset) -> str:
    return f"/media/library/{asset.pk}/captions/ja/"


def put(browser: Client, asset: Asset, rows: Any, base: str = "") -> Any:
    return browser.put(
        f"/api/media/{asset.pk}/captions/ja/",
        {"rows": rows, "base": base},
        content_type="application/json",
    )


def base_of(browser: Client, asset: Asset) -> str:
    return str(browser.get(page_of(asset)).context["base"])


def test_captions_are_written_without_any_file(author: Client, video: Asset):
    answer = put(author, video, [ROW], base_of(author, video))
    assert answer.json()["count"] == 1
    assert "00:00:01.000 --> 00:00:02.500\nGood morning" in Caption.objects.get().text


def test_what_is_to_be_mended_is_told_row_by_row_and_nothing_is_saved(author: Client, video: Asset):
    answer = put(author, video, [ROW, {**ROW, "ends": "soon"}], base_of(author, video))
    assert answer.status_code == 422
    assert [(each["row"], each["field"]) for each in answer.json()["problems"]] == [(1, "ends")]
    assert "1:02.5" in answer.json()["problems"][0]["message"]
    assert not Caption.objects.exists()


def test_without_a_script_the_form_keeps_what_was_typed(author: Client, video: Asset):
    typed = {"begins": ["soon", "0:03"], "ends": ["0:02", "0:04"], "text": ["One", "Two"]}
    answer = author.post(page_of(video), {**typed, "base": base_of(author, video)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="soon"' in page
    assert "Two" in page
    good = {**typed, "begins": ["0:01", "0:03"], "base": base_of(author, video)}
    assert author.post(page_of(video), good).status_code == 302
    assert Caption.objects.get().text.count("-->") == 2


def test_two_people_don_t_overwrite_each_other_unseen(author: Client, video: Asset):
    base = base_of(author, video)
    put(author, video, [ROW], base)
    late = put(author, video, [{**ROW, "text": "Good evening"}], base)
    assert late.status_code == 409
    assert "Good morning" in Caption.objects.get().text
    again = put(author, video, [{**ROW, "text": "Good evening"}], late.json()["base"])
    assert again.status_code == 200
    assert "Good evening" in Caption.objects.get().text


def test_a_save_whose_answer_was_lost_may_be_sent_again(author: Client, video: Asset):
    base = base_of(author, video)
    first, again = (put(author, video, [ROW], base) for _ in range(2))
    assert first.json() == again.json()


@pytest.mark.parametrize(
    "rows", [[], [{"begins": "", "ends": "", "text": ""}], None, "x", [1], [{"text": 1}]]
)
def test_no_captions_are_no_captions(author: Client, video: Asset, rows: Any):
    Caption.objects.create(asset=video, language="ja", text=VTT)
    assert put(author, video, rows, base_of(author, video)).status_code in {400, 422}
    assert Caption.objects.get().text == VTT


def test_captions_can_be_taken_along_as_files(author: Client, video: Asset):
    Caption.objects.create(asset=video, language="ja", text=VTT)
    assert author.get(page_of(video) + "export.vtt").content.decode() == VTT
    srt = author.get(page_of(video) + "export.srt")
    assert srt.content.decode().startswith("1\n00:00:00,000 --> 00:00:01,000\nHello")
    assert "attachment" in srt["Content-Disposition"]
    assert author.get(page_of(video) + "export.exe").status_code == 404


def test_a_language_that_we_don_t_speak_and_a_video_that_isn_t_ready_have_no_page(
    author: Client, video: Asset
):
    assert author.get(f"/media/library/{video.pk}/captions/fr/").status_code == 404
    Asset.objects.update(state="working")
    assert author.get(page_of(video)).status_code == 404


def test_a_partner_s_author_does_not_reach_the_client_s_captions(client: Client, video: Asset):
    sign_in(client, make_person(make_partner(), roles=["author"]))
    assert client.get(page_of(video)).status_code == 404
    assert put(client, video, [ROW]).status_code == 404
    assert client.get(f"/api/media/{video.pk}/").status_code == 404


def test_missing_captions_are_pointed_out(author: Client, video: Asset):
    spoken = Asset.objects.create(kind="video", state="ready", name="With")
    picture = Asset.objects.create(kind="image", state="ready")
    Caption.objects.create(asset=spoken, language="ja", text=VTT)
    everything = [video.pk, spoken.pk, picture.pk, uuid.uuid4()]
    assert queries.lacking_captions(everything, "ja") == {video.pk}
    assert queries.lacking_captions(everything, "en") == {video.pk, spoken.pk}
    page = author.get("/media/library/").content.decode()
    assert "No captions yet: 日本語, English" in page
    assert "No captions yet: English" in page


def test_a_script_is_told_how_far_a_video_is(author: Client, video: Asset):
    told = author.get(f"/api/media/{video.pk}/").json()
    assert (told["state"], told["name"], told["captions"]) == ("ready", "Visit", [])
    Asset.objects.update(state="failed", error="video_broken", source_path="sources/x")
    told = author.get(f"/api/media/{video.pk}/").json()
    assert "can't be read to its end" in told["error"]
    retried = author.post(told["retry_url"], headers={"Accept": "application/json"}).json()
    assert (retried["state"], retried["retry_url"]) == ("waiting", "")


def test_media_are_found_by_words_and_kind(author: Client, video: Asset):
    Asset.objects.create(kind="image", state="ready", name="Shop", alt="The shop at noon")

    def found(**query: str) -> list[str]:
        return [each["name"] for each in author.get("/api/media/", query).json()["assets"]]

    assert found() == ["Shop", "Visit"]
    assert found(kind="video") == ["Visit"]
    assert found(q="noon shop") == ["Shop"]
    assert found(q=" ", kind="evil") == ["Shop", "Visit"]
    assert found(q="nothing") == []


def test_a_partner_finds_none_of_its_people_s_faces(client: Client):
    partner = make_partner()
    me = make_person(partner, roles=["author"])
    for name, by in (("face", uuid.uuid4()), ("mine", me.pk)):
        Asset.objects.create(
            kind="image", state="ready", name=name, organisation_id=partner.pk, uploaded_by=by
        )
    sign_in(client, me)
    assert [each["name"] for each in client.get("/api/media/").json()["assets"]] == ["mine"]


def test_finding_media_needs_as_many_queries_for_30_as_for_1(author: Client, video: Asset):
    def queries_of_it() -> int:
        with CaptureQueriesContext(connection) as captured:
            author.get("/api/media/")
        return len(captured)

    queries_of_it()
    first = queries_of_it()
    for _ in range(29):
        Asset.objects.create(kind="video", state="ready", name="x")
    assert queries_of_it() == first
