"""The demo people: there for everybody in the demo world, and nowhere else."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image

from core.mediafiles.actions import add_picture
from partners.models import Person
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def misaki(settings, tmp_path: Path) -> Person:
    """One of the demo people, with a face."""
    settings.MEDIA_ROOT = tmp_path
    make_client(is_demo=True)
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    partner = make_partner("みらい営業")
    asset = add_picture(out.getvalue(), organisation_id=partner.pk)
    return make_person(
        partner,
        family_name="高橋",
        given_name="美咲",
        login_name="takahashi.m",
        is_demo=True,
        picture_id=asset.pk,
    )


def test_a_stranger_meets_the_demo_people(misaki: Person, client: Browser) -> None:
    assert client.get("/").headers["Location"] == "/demo/"
    body = client.get("/demo/").content.decode()
    assert "みらい営業" in body
    assert "高橋 美咲" in body
    face = client.get(reverse("partners:demo_face", args=[misaki.pk]))
    assert face.headers["Content-Type"] == "image/webp"


def test_one_tap_signs_in(misaki: Person, client: Browser) -> None:
    url = reverse("partners:demo_sign_in", args=[misaki.pk])
    client.get(url)
    assert SESSION_KEY not in client.session
    assert client.post(url).headers["Location"] == "/"
    assert client.session[SESSION_KEY] == str(misaki.account_id)


def test_only_demo_people_with_a_log_in_are_there(misaki: Person, client: Browser) -> None:
    partner = misaki.organisation
    others = [
        make_person(partner, family_name="本物", login_name="honmono"),
        make_person(partner, family_name="本物", is_demo=True, sign_in=False),
        make_person(partner, family_name="本物", is_demo=True),
        make_person(partner, family_name="本物", login_name="moto", is_demo=True, is_active=False),
    ]
    assert "本物" not in client.get("/demo/").content.decode()
    for person in others:
        assert client.post(reverse("partners:demo_sign_in", args=[person.pk])).status_code == 404


def test_who_removes_their_picture_stays_in_the_list(misaki: Person, client: Browser) -> None:
    Person.objects.filter(pk=misaki.pk).update(picture_id=None)
    body = client.get("/demo/").content.decode()
    assert "高橋 美咲" in body
    assert "/face/" not in body
    url = reverse("partners:demo_sign_in", args=[misaki.pk])
    assert client.post(url).headers["Location"] == "/"


@pytest.mark.parametrize("real", ["client", "server"])
def test_a_real_installation_has_no_such_page(
    misaki: Person, client: Browser, settings, real: str
) -> None:
    if real == "client":
        make_client(is_demo=False)
    else:
        settings.TESTING = settings.EMBEDDED = False
    assert client.get("/demo/").status_code == 404
    for name in ("demo_sign_in", "demo_face"):
        assert client.post(reverse(f"partners:{name}", args=[misaki.pk])).status_code == 404
    assert "/accounts/login/" in client.get("/").headers["Location"]
