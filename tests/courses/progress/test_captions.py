"""Captions that come, change or go after a module was published: they hold at once for whoever reads it."""

import pytest
from django.test import Client as Browser

from core.models import Asset, Caption, Rendition
from core.scope import CLIENT, scoped
from courses.catalog.models import Block
from courses.progress.publishing import publish
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def video() -> Asset:
    make_client()
    with scoped(CLIENT):
        asset = Asset.objects.create(kind="video", name="動画", state="ready", duration_ms=60_000)
        file = {"size": 10, "content_type": "video/mp4", "width": 640, "height": 360}
        Rendition.objects.create(asset=asset, name="main", path="x.mp4", sha256="0" * 64, **file)
    return asset


def test_captions_of_today_are_those_of_a_published_module(video: Asset) -> None:
    with scoped(CLIENT):
        module = make_module()
        Block.objects.create(
            module=module, key="video001", kind="video", position=0, data={"asset": str(video.pk)}
        )
        publish(module_id=module.pk, by=None)
    browser = sign_in(Browser(), make_person(make_partner()))

    def tracks() -> list[str]:
        page = browser.get(f"/modules/{module.pk}/").content.decode()
        return [each for each in ("ja", "en") if f'srclang="{each}"' in page]

    assert tracks() == []
    with scoped(CLIENT):
        said = Caption.objects.create(asset=video, language="ja", text="WEBVTT")
    assert tracks() == ["ja"]
    with scoped(CLIENT):
        Caption.objects.create(asset=video, language="en", text="WEBVTT")
        said.delete()
    assert tracks() == ["en"]
