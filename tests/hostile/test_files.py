"""Files that are something else than they say: refused in words, or taken without what they hide."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.mediafiles import sniff
from core.mediafiles.errors import MediaError
from core.models import Asset
from core.tables.reading import read
from core.tables.rows import Limits
from tests.core import media_samples
from tests.core.tables.samples import SHEET, altered, cell, sheet, workbook
from tests.hostile.people import People, fault_of, unchanged, wrong_with

SCRIPT = b"/*<script>alert('SECRET-PAYLOAD')</script>*/"
DOOR = "/api/authoring/pictures/"


def frames(number: int, kind: str = "WEBP") -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (2, 2), (n % 250, n // 250, n % 7)) for n in range(number)]
    first.save(out, kind, save_all=True, append_images=others, duration=1)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("SECRET-PAYLOAD.html", SCRIPT)
    return out.getvalue()


GIF_JS = b"GIF89a/*" + b"\0" * 20 + b"*/=1;" + SCRIPT
PDF_ZIP = b"%PDF-1.7\n" + SCRIPT + archive()
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 200
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a bomb": ("a.png", media_samples.bomb(), "picture_pixels"),
    "SVG": ("a.svg", SVG, "picture_type"),
    "SVG called PNG": ("a.png", SVG, "picture_type"),
    "SVG behind a mark": ("a.png", b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, "picture_type"),
    "GIF and script": ("a.gif", GIF_JS, "picture_type"),
    "GIF called PNG": ("a.png", GIF_JS, "picture_type"),
    "a moving GIF": ("a.gif", frames(3, "GIF"), "picture_type"),
    "PDF and ZIP": ("a.pdf", PDF_ZIP, "picture_type"),
    "PDF called JPEG": ("a.jpg", PDF_ZIP, "picture_type"),
    "HEIC": ("a.heic", HEIC, "picture_type"),
    "HEIC called JPEG": ("a.jpg", HEIC, "picture_type"),
    "a program": ("a.jpg", b"MZ\x90\x00" + b"\0" * 500, "picture_type"),
    "a film of 1,000 frames": ("a.webp", frames(1000), "picture_frames"),
    "cut": ("a.jpg", media_samples.picture()[:-500], "picture_broken"),
    "a head alone": ("a.png", media_samples.picture(kind="PNG")[:30], "picture_type"),
    "empty": ("a.png", b"", "picture_empty"),
    "HTML": ("a.png", b"<!doctype html>" + SCRIPT, "picture_type"),
}


def sent(people: People, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content, content_type="image/png")
    return people.browser("author").post(DOOR, {"file": file, "alt": "x\x00\u202e"})


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_at_each_door(people: People, what: str) -> None:
    name, content, code = REFUSED[what]
    with unchanged():
        answer = sent(people, name, content)
        assert answer.status_code == 422, fault_of(answer)
        assert wrong_with(answer) == ""
        told = json.loads(answer.content)
        assert told["field"] == "file"
        assert told["code"] == code
        file = SimpleUploadedFile(name, content, content_type="image/png")
        page = people.browser("rep").post("/profile/picture/", {"picture": file})
        assert page.status_code == 422, fault_of(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg.exe", media_samples.picture()),
        ("photo.exe", media_samples.picture(kind="PNG")),
        ("photo\u202egpj.exe", media_samples.picture()),
        ("..\\..\\evil.php", media_samples.picture()),
        ("a\r\nX-Evil: 1.png", media_samples.picture()),
        ("x" * 5000 + ".png", media_samples.picture()),
        ("a.jpg", media_samples.picture() + archive()),
        ("a.jpg", media_samples.picture() + SCRIPT),
        ("a.png", media_samples.picture(kind="PNG") + SCRIPT),
        ("a.webp", frames(50)),
        ("a.jpg", media_samples.picture(comment=SCRIPT)),
        ("a.jpg", media_samples.located_picture()),
    ],
    ids=[
        "two endings",
        "wrong ending",
        "turned name",
        "a way up",
        "a line",
        "long name",
        "JPEG and ZIP",
        "JPEG and script",
        "PNG and script",
        "50 frames",
        "comment",
        "place",
    ],
)
def test_a_picture_is_kept_without_what_it_hides(people: People, name: str, content: bytes) -> None:
    answer = sent(people, name, content)
    assert answer.status_code == 201, fault_of(answer)
    asset = Asset.objects.get(pk=answer.json()["id"])
    assert not set("\u202e\r\n\x00") & set(asset.name)
    assert len(asset.name) <= 200
    for rendition in asset.renditions.all():
        kept = Path(live.MEDIA_ROOT, rendition.path)
        assert kept.suffix == ".webp"
        data = kept.read_bytes()
        assert b"SECRET" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "WEBP"
            assert not image.getexif()
            assert getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "head",
    [
        b'#EXTM3U\n#EXT-X-MEDIA:URI="http://169.254.169.254/"\n',
        b"\x00#EXTM3U\n",
        b"  \n#EXTM3U\n",
        b"#EXTM3U".decode().encode("utf-16"),
        b"concat:a.mp4|b.mp4",
        b"subfile,,start,0,end,0,,:/etc/passwd",
        b"file '/etc/passwd'",
        b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>",
        b"<SMIL>",
        b"[playlist]\nFile1=/etc/passwd",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1",
        b"http://169.254.169.254/",
        b"",
        b"\0" * 100,
        GIF_JS,
        PDF_ZIP,
        HEIC,
        b"RIFF\0\0\0\0AVI ",
        b"OggS",
        b"FLV\x01",
        b"\x47" * 188,
    ],
)
def test_what_names_other_files_or_is_no_video_is_never_opened(head: bytes) -> None:
    with pytest.raises(MediaError):
        sniff.container_of(head)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "xl/externalLinks/externalLink1.xml",
            '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        ),
        (
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            '<Relationships><Relationship Target="http://169.254.169.254/" TargetMode="External"/></Relationships>',
        ),
        (
            "xl/connections.xml",
            '<connections><dbPr connection="http://169.254.169.254/"/></connections>',
        ),
        ("../../evil.xml", "<x/>"),
        ("inner.zip", "PK\x03\x04"),
    ],
)
def test_a_workbook_is_read_without_following_anything(
    monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    link = (
        '<c r="A1" t="str"><f>[1]Sheet1!A1+WEBSERVICE("http://169.254.169.254/")</f><v>12</v></c>'
    )
    book = altered(workbook(), {name: content, SHEET: sheet(f'<row r="1">{link}</row>')})
    found = read(book, Limits())
    assert [row.cells for row in found.rows] == [("12",)]


@pytest.mark.parametrize(
    "text", ["=1+1", "＝HYPERLINK(1)", "+1", "@x", "\u202e=1", "0012", "1.0E+5"]
)
def test_what_looks_like_a_formula_is_read_as_text(text: str) -> None:
    inside = f'<row r="1">{cell("A1", f"<t>{text}</t>")}</row>'
    found = read(altered(workbook(), {SHEET: sheet(inside)}), Limits())
    assert found.rows[0].cells == (text,)
    assert read(f"a\n{text}\n".encode(), Limits()).rows[1].cells == (text,)
