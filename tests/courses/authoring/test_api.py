"""The editor's doors: what is saved, what conflicts, and what is refused without a trace."""

import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image

from core.models import Asset, Caption
from courses.authoring.models import Draft, Snapshot
from courses.catalog.models import Block, Module, Term
from tests.courses.authoring.writing import (
    browser_of,
    check_nothing_changed,
    draft,
    make_author,
    paragraph,
    put,
    quiz_block,
    text_block,
)
from tests.courses.factories import make_course, make_module, single
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def module() -> Module:
    """An empty module."""
    return Module.objects.create(course=make_course(), title="")


@pytest.fixture
def author(module: Module) -> Browser:
    """An author's browser."""
    return browser_of(make_author(family_name="野村", given_name="亜紀"))


def _rows(module: Module) -> list[Any]:
    return list(module.blocks.values_list("pk", "key", "kind", "data", "position"))


def test_a_saved_draft_is_what_the_editor_gets_back(author: Browser, module: Module) -> None:
    answer = put(author, module.pk, {"base": 0, "document": draft()})
    assert answer.status_code == 200
    assert answer.json()["revision"] == 1
    island = author.get(f"/api/authoring/modules/{module.pk}/draft/").json()
    assert island["document"] == draft()
    assert (island["revision"], island["saved_by"]) == (1, "野村 亜紀")
    assert island["saved_at"] == answer.json()["saved_at"]
    assert set(island) >= {"module", "media", "problems", "urls"}
    assert (module.blocks.count(), Draft.objects.get().revision) == (2, 1)


def test_the_same_document_again_changes_nothing(author: Browser, module: Module) -> None:
    body = {"base": 0, "document": draft()}
    first, again = put(author, module.pk, body).json(), put(author, module.pk, body).json()
    assert (first["revision"], again["revision"]) == (1, 1)
    assert again["saved_at"] == first["saved_at"]
    assert Snapshot.objects.count() == 1


def test_a_save_over_another_revision_writes_nothing_and_shows_what_stands_there(
    author: Browser, module: Module
) -> None:
    put(author, module.pk, {"base": 0, "document": draft()})
    before = _rows(module)
    other = browser_of(make_author())
    answer = put(other, module.pk, {"base": 0, "document": draft(title="別の題")})
    assert answer.status_code == 409
    told = answer.json()
    assert (told["code"], told["revision"], told["by"]) == ("conflict", 1, "野村 亜紀")
    assert told["document"] == draft()
    assert told["at"]
    assert not told["own"]
    again = put(author, module.pk, {"base": 0, "document": draft(title="別の題")})
    assert (again.status_code, again.json()["own"]) == (409, True)
    for browser, own in ((author, True), (other, False)):
        island = browser.get(f"/api/authoring/modules/{module.pk}/draft/").json()
        assert island["saved_by_oneself"] is own
    assert _rows(module) == before
    assert Draft.objects.get().revision == 1


def test_only_what_changed_is_written(author: Browser, module: Module) -> None:
    put(author, module.pk, {"base": 0, "document": draft()})
    untouched = Block.objects.get(key="quiz0001").pk
    changed = draft(text_block(text="聞いてから話します。"), quiz_block())
    put(author, module.pk, {"base": 1, "document": changed})
    assert Block.objects.get(key="quiz0001").pk == untouched
    assert Block.objects.get(key="quiz0001").events.count() == 1  # type: ignore[attr-defined]
    assert Block.objects.get(key="text0001").events.count() == 2  # type: ignore[attr-defined]


def test_moved_and_removed_blocks_keep_their_keys(author: Browser, module: Module) -> None:
    put(author, module.pk, {"base": 0, "document": draft()})
    put(author, module.pk, {"base": 1, "document": draft(quiz_block(), text_block())})
    assert [row[1] for row in _rows(module)] == ["quiz0001", "text0001"]
    put(author, module.pk, {"base": 2, "document": draft(quiz_block())})
    assert [row[1] for row in _rows(module)] == ["quiz0001"]


def test_a_draft_may_be_unfinished_and_says_what_is_missing(
    author: Browser, module: Module
) -> None:
    blocks = [
        {"key": "vid00001", "kind": "video", "data": {}},
        {"key": "img00001", "kind": "image", "data": {"asset": None, "alt": ""}},
        {"key": "sto00001", "kind": "story", "data": {"name": "", "picture": ""}},
        {"key": "say00001", "kind": "phrases", "data": {"lines": []}},
        quiz_block(single("q001", stem="")),
    ]
    answer = put(author, module.pk, {"base": 0, "document": draft(*blocks, title="")})
    assert answer.status_code == 200
    named = {(problem["block"], problem["field"]) for problem in answer.json()["problems"]}
    assert named >= {
        ("", "title"),
        ("vid00001", "asset"),
        ("img00001", "alt"),
        ("sto00001", "name"),
        ("say00001", "lines"),
        ("quiz0001", "items.1.stem"),
    }
    assert all(problem["message"] for problem in answer.json()["problems"])


def test_a_full_sized_module_fits(author: Browser, module: Module) -> None:
    long = [text_block(f"text{n:04}", "あ" * 3000) for n in range(40)]
    quiz = quiz_block(*[single(f"q{n:03}", stem="問" * 400, options=8) for n in range(30)])
    answer = put(author, module.pk, {"base": 0, "document": draft(*long, quiz)})
    assert answer.status_code == 200, answer.content


def test_what_somebody_else_sends_under_this_session_is_refused(
    author: Browser, module: Module
) -> None:
    answer = author.put(
        f"/api/authoring/modules/{module.pk}/draft/",
        json.dumps({"base": 0, "document": draft()}),
        content_type="application/json",
        headers={"X-Person": str(uuid.uuid4())},
    )
    assert answer.status_code == 401
    check_nothing_changed(module)


@pytest.mark.parametrize("role", ["author", "admin", "rep", "manager"])
def test_people_of_a_partner_find_nothing(module: Module, role: str) -> None:
    make_author()
    theirs = browser_of(make_person(make_partner(), roles=[role]))
    assert put(theirs, module.pk, {"base": 0, "document": draft()}).status_code == 404
    for address in (
        f"/api/authoring/modules/{module.pk}/draft/",
        f"/authoring/modules/{module.pk}/",
        "/api/authoring/media/",
    ):
        assert theirs.get(address).status_code == 404
    assert theirs.post("/api/authoring/pictures/").status_code == 404
    check_nothing_changed(module)


def test_an_unknown_module_is_not_found(author: Browser) -> None:
    unknown = uuid.uuid4()
    assert author.get(f"/authoring/modules/{unknown}/").status_code == 404
    assert put(author, unknown, {"base": 0, "document": draft()}).status_code == 404


def test_the_editor_page_holds_the_draft_and_a_template_for_each_kind(author: Browser) -> None:
    module = make_module()
    page = author.get(f"/authoring/modules/{module.pk}/").content.decode()
    island = json.loads(page.split('id="draft" type="application/json">')[1].split("</script>")[0])
    assert island["revision"] == 0
    assert [block["key"] for block in island["document"]["blocks"]] == ["blk000", "blk001"]
    for kind in Block.Kind.values:
        assert f'<template data-kind="{kind}"' in page
    assert "<template data-words>" in page
    assert author.cookies["csrf"].value


def test_the_editor_takes_the_same_number_of_queries_for_any_number_of_blocks(
    author: Browser, django_assert_num_queries: Any
) -> None:
    few, many = make_module(), make_module()
    for number in range(20):
        Block.objects.create(
            module=many, key=f"more{number:04}", kind="text", data={"doc": paragraph("x")}
        )
    author.get(f"/authoring/modules/{few.pk}/")
    for module in (few, many):
        with django_assert_num_queries(EDITOR_QUERIES):
            author.get(f"/authoring/modules/{module.pk}/")


EDITOR_QUERIES = 8


def _png(side: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_taken_in_and_found_again(
    author: Browser, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("点検表.png", _png(), "image/png")
    answer = author.post("/api/authoring/pictures/", {"file": file, "alt": "紙の点検表"})
    assert answer.status_code == 201, answer.content
    asset = answer.json()
    assert (asset["kind"], asset["state"], asset["alt"]) == ("image", "ready", "紙の点検表")
    assert author.get(asset["src"]).status_code == 200
    for words in ("点検表", "紙の", ""):
        found = author.get("/api/authoring/media/", {"q": words, "kind": "image"}).json()["assets"]
        assert [each["id"] for each in found] == [asset["id"]]
    assert author.get("/api/authoring/media/", {"q": "無い"}).json()["assets"] == []
    assert author.get("/api/authoring/media/", {"kind": "video"}).json()["assets"] == []


@pytest.mark.parametrize("data", [b"", b"not a picture", _png()[:60]])
def test_a_broken_picture_is_refused_with_what_to_do(
    author: Browser, settings: Any, tmp_path: Any, data: bytes
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("x.png", data, "image/png")
    answer = author.post("/api/authoring/pictures/", {"file": file})
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"
    assert answer.json()["message"]
    assert not Asset.objects.exists()


def test_a_post_without_a_picture_is_refused(author: Browser) -> None:
    answer = author.post("/api/authoring/pictures/", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_file")


def test_pictures_of_a_partner_are_not_in_the_library(author: Browser) -> None:
    partner = make_partner()
    Asset.objects.create(kind="image", state="ready", name="顔", organisation_id=partner.pk)
    assert author.get("/api/authoring/media/").json()["assets"] == []


def test_words_that_a_newcomer_may_not_know_are_pointed_out(
    author: Browser, module: Module
) -> None:
    Term.objects.create(word="稟議", reading="りんぎ", meaning="社内の承認", language="ja")
    block = text_block(text="稟議の前に、KPIを聞きます。")
    answer = put(author, module.pk, {"base": 0, "document": draft(block, quiz_block())}).json()
    told = {each["message"].split("：")[0] for each in answer["warnings"] if each["block"]}
    assert {"稟議", "KPI"} <= told
    assert answer["problems"] == []


def test_only_questions_without_any_why_are_pointed_out(author: Browser, module: Module) -> None:
    right, wrong, none = single("q001"), single("q002"), single("q003")
    for item, explains in ((right, [True]), (wrong, [False]), (none, [])):
        item["explanation"] = ""
        for option in item["options"]:
            if option["correct"] not in explains:
                option["explanation"] = ""
    body = {"base": 0, "document": draft(quiz_block(right, wrong, none))}
    answer = put(author, module.pk, body).json()
    (told,) = [each for each in answer["warnings"] if each["code"] == "no_why"]
    assert told["message"].startswith("2問"), "what is said of the right one is read by everybody"


def test_a_video_without_captions_is_pointed_out(author: Browser, module: Module) -> None:
    video = Asset.objects.create(kind="video", state="ready", name="動画")
    block = {"key": "video001", "kind": "video", "data": {"asset": str(video.pk)}}
    body = {"base": 0, "document": draft(block, quiz_block())}
    answer = put(author, module.pk, body).json()
    assert ("video001", "no_captions") in {(e["block"], e["code"]) for e in answer["warnings"]}
    Caption.objects.create(asset=video, language="ja", text="WEBVTT")
    again = put(author, module.pk, body).json()
    assert not [each for each in again["warnings"] if each["code"] == "no_captions"]


def test_a_file_that_is_gone_unfinished_or_a_partners_keeps_the_draft_back(
    author: Browser, module: Module
) -> None:
    theirs = Asset.objects.create(
        kind="image", state="ready", name="顔", organisation_id=make_partner().pk
    )
    waiting = Asset.objects.create(kind="video", state="waiting", name="動画")
    blocks = [
        {"key": "imga0001", "kind": "image", "data": {"asset": str(theirs.pk), "alt": "x"}},
        {"key": "imgb0001", "kind": "image", "data": {"asset": str(uuid.uuid4()), "alt": "x"}},
        {"key": "imgc0001", "kind": "image", "data": {"asset": str(waiting.pk), "alt": "x"}},
        {"key": "vide0001", "kind": "video", "data": {"asset": str(waiting.pk)}},
    ]
    answer = put(author, module.pk, {"base": 0, "document": draft(*blocks)}).json()
    named = {(each["block"], each["field"]) for each in answer["problems"]}
    assert named == {(block["key"], "asset") for block in blocks}
