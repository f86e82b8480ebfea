"""One's own profile: picture, name, language, look."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from core.models import Asset, Rendition
from partners.models import Person
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

URL = "/profile/"


@pytest.fixture
def misaki(client: Browser, settings, tmp_path: Path) -> Person:
    """A rep, signed in."""
    settings.MEDIA_ROOT = tmp_path
    make_client()
    person = make_person(make_partner(), family_name="高橋", given_name="美咲")
    sign_in(client, person)
    return person


def _picture(size: tuple[int, int] = (400, 300), kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return SimpleUploadedFile(f"me.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


def test_a_picture_is_cut_to_a_square(misaki: Person, client: Browser) -> None:
    response = client.post(reverse("partners:profile_picture"), {"picture": _picture()})
    assert response.headers["Location"] == URL
    misaki.refresh_from_db()
    asset = Asset.objects.get(pk=misaki.picture_id)
    assert (asset.organisation_id, asset.uploaded_by) == (misaki.organisation_id, misaki.pk)
    sizes = Rendition.objects.filter(asset=asset).values_list("width", "height")
    assert all(width == height for width, height in sizes)
    assert misaki.picture_url in client.get(URL).content.decode().replace("&amp;", "&")
    client.post(reverse("partners:profile_picture"), {"remove": "1"})
    misaki.refresh_from_db()
    assert misaki.picture_id is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a\x01\x00\x01\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n123",
    ],
)
def test_what_is_no_picture_changes_nothing(misaki: Person, client: Browser, data: bytes) -> None:
    file = SimpleUploadedFile("me.png", data, "image/png")
    response = client.post(reverse("partners:profile_picture"), {"picture": file})
    assert response.status_code == 422
    assert "残っています" not in response.content.decode()
    misaki.refresh_from_db()
    assert misaki.picture_id is None
    assert client.post(reverse("partners:profile_picture"), {}).status_code == 422


def test_what_is_wrong_with_ones_own_name_is_told_together(misaki: Person, client: Browser) -> None:
    wrong = {"family_name": "高" * 61, "family_reading": "漢字", "language": "ja"}
    answer = client.post(reverse("partners:profile"), wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"family_name", "family_reading"}


def test_name_reading_and_language_are_ones_own(misaki: Person, client: Browser) -> None:
    form = {"family_name": "\u202e髙橋", "family_reading": "ﾀｶﾊｼ", "language": "en"}
    response = client.post(URL, {**form, "email": "evil@example.com", "roles": "admin"})
    assert response.cookies["language"].value == "en"
    before = (misaki.email, misaki.roles)
    misaki.refresh_from_db()
    assert (misaki.family_name, misaki.given_name, misaki.family_reading) == (
        "髙橋",
        "",
        "たかはし",
    )
    assert (misaki.email, misaki.roles) == before
    assert misaki.language == "en"
    assert "About you" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "typed", [{"family_name": ""}, {"family_name": "高" * 10_000}, {"language": "xx"}]
)
def test_what_cant_be_kept_changes_nothing(
    misaki: Person, client: Browser, typed: dict[str, str]
) -> None:
    form = {"family_name": "高橋", "given_name": "今は違う名", "language": "ja", **typed}
    response = client.post(URL, form)
    assert response.status_code == 422
    assert "今は違う名" in response.content.decode()
    misaki.refresh_from_db()
    assert misaki.given_name == "美咲"


def test_the_look_is_kept_in_a_cookie(misaki: Person, client: Browser) -> None:
    look = reverse("partners:profile_look")
    assert client.post(look, {"theme": "dark"}).cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get(URL).content.decode()
    client.post(look, {"theme": "neon"})
    assert client.cookies["theme"].value == "dark"
    client.post(look, {"theme": ""})
    assert "data-theme=" not in client.get(URL).content.decode().split("<head>")[0]


def test_a_language_chosen_anywhere_is_remembered(misaki: Person, client: Browser) -> None:
    client.post(reverse("core:set_language"), {"language": "en", "next": URL})
    misaki.refresh_from_db()
    assert misaki.language == "en"
    elsewhere = sign_in(Browser(), misaki)
    assert "About you" in elsewhere.get(URL).content.decode()
