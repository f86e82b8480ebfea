"""Pictures that people give us, kind and hostile ones."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from PIL import Image, ImageCms

from core.mediafiles import actions, errors, pictures, storage
from core.mediafiles.errors import MediaError
from core.models import Asset, Rendition
from tests.core import media_samples


def opened(encoded: pictures.Encoded) -> Image.Image:
    return Image.open(io.BytesIO(encoded.data))


def refusal(data: bytes) -> str:
    with pytest.raises(MediaError) as caught:
        pictures.render(data)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_back_as_webp_in_three_sizes(kind: str):
    made = pictures.render(media_samples.picture((2000, 1000), kind))
    assert [(each.name, each.width, each.height) for each in made] == [
        ("large", 1280, 640),
        ("medium", 640, 320),
        ("small", 160, 80),
    ]
    assert {opened(each).format for each in made} == {"WEBP"}


def test_a_small_picture_is_not_enlarged():
    assert [each.width for each in pictures.render(media_samples.picture((300, 200)))] == [
        300,
        300,
        160,
    ]


def test_a_picture_is_turned_upright_and_tells_nobody_where_it_was_taken():
    source = media_samples.located_picture()
    assert b"SECRET" in source
    for made in pictures.render(source):
        assert made.height > made.width
        image = opened(made)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert b"SECRET" not in made.data
        # Red was at the left, so it is at the top now.
        red = image.getchannel("R").getpixel((image.width // 2, 5))
        assert isinstance(red, int)
        assert red > 200


def test_colours_of_another_profile_are_translated():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    made = pictures.render(media_samples.picture(icc_profile=profile))
    assert opened(made[0]).info.get("icc_profile") is None


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_pictures_are_taken(mode: str):
    image = Image.new(mode, (40, 30))
    out = io.BytesIO()
    image.save(out, "JPEG")
    assert opened(pictures.render(out.getvalue())[0]).mode == "RGB"


def test_a_grey_picture_of_16_bits_keeps_its_shades():
    image = Image.new("I;16", (40, 30), 0x8000)
    out = io.BytesIO()
    image.save(out, "PNG")
    shade = opened(pictures.render(out.getvalue())[0]).convert("L").getpixel((20, 15))
    assert isinstance(shade, int)
    assert 110 < shade < 145


def test_transparency_is_kept():
    made = pictures.render(media_samples.picture(kind="PNG", mode="RGBA"))[0]
    assert made.width == 400
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(pictures.render(out.getvalue())[0]).mode == "RGBA"


@pytest.mark.parametrize("size", [(400, 200), (200, 400), (200, 200)])
def test_a_face_is_cut_square(size: tuple[int, int]):
    made = pictures.render(media_samples.picture(size), square=True)
    assert {(each.width, each.height) for each in made[:2]} == {(200, 200)}


def test_a_tall_picture_is_cut_above_its_middle():
    tall = Image.new("RGB", (100, 300), "blue")
    tall.paste("red", (0, 0, 100, 120))
    square = pictures.square_crop(tall)
    assert square.getpixel((50, 50)) == (255, 0, 0)


def test_a_bomb_of_900_million_pixels_is_refused_by_its_header():
    data = media_samples.bomb()
    assert len(data) < 200_000
    assert refusal(data) == "picture_pixels"


def test_just_more_than_25_million_pixels_are_refused():
    assert refusal(media_samples.bomb(5001)) == "picture_pixels"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture_type"),
        (b"%PDF-1.7\n", "picture_type"),
        (b"GIF89a" + b"\x00" * 60, "picture_type"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture_type"),
        (b"\x00" * (10 * 1024 * 1024 + 1), "picture_bytes"),
        (media_samples.picture()[:-400], "picture_broken"),
        (media_samples.picture(kind="PNG")[:-60], "picture_broken"),
        (media_samples.picture()[:20], "picture_broken"),
    ],
    ids=["empty", "svg", "pdf", "gif", "eps", "11 MB", "cut jpeg", "cut png", "only a head"],
)
def test_what_is_no_fit_picture_is_refused(data: bytes, code: str):
    found = refusal(data)
    assert found == code or (code == "picture_broken" and found == "picture_type")


def test_every_refusal_has_words_in_both_languages():
    for code in errors.codes():
        values = {"line": 3} if code in {"captions_time", "captions_order"} else {}
        with translation.override("en"):
            english = MediaError(code, **values).message
        with translation.override("ja"):
            japanese = MediaError(code, **values).message
        assert english != japanese, code


@pytest.mark.django_db
def test_a_stored_picture_lies_under_the_hash_of_its_content():
    asset = actions.add_picture(media_samples.picture(), name="C:\\me\\holiday.jpg", alt="a beach")
    assert (asset.kind, asset.state, asset.name) == ("image", "ready", "holiday")
    for rendition in asset.renditions.all():
        file = Path(settings.MEDIA_ROOT) / rendition.path
        assert rendition.path == f"{rendition.sha256[:2]}/{rendition.sha256}.webp"
        assert file.stat().st_size == rendition.size
        assert rendition.content_type == "image/webp"


@pytest.mark.django_db
def test_the_wrong_ending_does_not_matter_the_content_does():
    asset = actions.add_picture(ContentFile(media_samples.picture(), "face.exe"))
    assert asset.renditions.count() == 3


@pytest.mark.django_db
def test_a_refused_picture_leaves_nothing_behind():
    temporary = Path(settings.MEDIA_ROOT) / "tmp"
    before = set(temporary.glob("*"))  # of a worker that another test has killed
    with pytest.raises(MediaError):
        actions.add_picture(media_samples.picture()[:200])
    assert not Asset.objects.exists()
    assert not Rendition.objects.exists()
    assert set(temporary.glob("*")) <= before


def test_the_same_content_is_stored_once():
    first, second = storage.put(b"same", "txt"), storage.put(b"same", "txt")
    assert first == second


def test_a_file_that_a_crash_left_short_is_written_anew():
    stored = storage.put(b"the whole of it", "txt")
    storage.absolute(stored.path).write_bytes(b"the wh")
    storage.put(b"the whole of it", "txt")
    assert storage.absolute(stored.path).read_bytes() == b"the whole of it"


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "ab/../x.txt", "", "ab/x.mp4"])
def test_only_paths_of_stored_files_are_opened(path: str):
    with pytest.raises(ValueError, match="Not the path"):
        storage.absolute(path)


def test_a_full_disk_is_told_in_words_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch):
    incoming = storage.Incoming()
    with Path("/dev/full").open("wb") as full:
        incoming.file.close()
        monkeypatch.setattr(incoming, "file", full)
        with pytest.raises(MediaError, match="no_space"):
            incoming.write(b"x" * 100_000)
    incoming.close()
    assert not incoming.place.exists()


def test_what_crashes_left_behind_is_deleted_after_a_day():
    storage.forget_temporary(older_than=-1)
    incoming = storage.Incoming()
    incoming.file.close()
    assert storage.forget_temporary() == 0
    assert storage.forget_temporary(older_than=-1) == 1
    assert not incoming.place.exists()
