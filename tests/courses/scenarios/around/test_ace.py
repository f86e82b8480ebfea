"""An ace's link: it opens one moment without an account, takes words and a video, and nothing else."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from core.models import Upload
from core.scope import CLIENT, scoped
from courses.authoring.scenarios.models import AceLink
from courses.scenarios import editing, reading
from courses.scenarios.actions.drafting import edit
from courses.scenarios.document import Document
from courses.scenarios.models import Scenario, ScenarioDraft
from partners.models import Person
from tests.courses.authoring.writing import browser_of, make_author
from tests.courses.scenarios.factories import make_scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Person:
    return make_author()


@pytest.fixture
def scenario() -> Scenario:
    return make_scenario(published=False)


@pytest.fixture
def address(author: Person, scenario: Scenario) -> str:
    door = reverse("scenario_desk:aces", args=[scenario.pk])
    page = browser_of(author).post(door, {"about": "cut1", "name": "田中"}).content.decode()
    return re.search(r'value="[^"]*(/ace/[^"]+/)"', page).group(1)


def draft_of(scenario: Scenario) -> Document:
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


def answered(address: str, scenario: Scenario, **said: object) -> int:
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    return Browser().post(address, {"name": "田中", "base": base} | said).status_code


def test_it_shows_this_moment_and_nothing_else(address: str) -> None:
    page = Browser().get(address).content.decode()
    for words in ("高いですね。", "5%引きます。", "何と比べて?"):
        assert words in page
    for words in ("では?", "契約書です。", "値引きの要求", "もっと引ける?", "比べる相手が分かる。"):
        assert words not in page


def test_what_the_ace_writes_stands_in_the_draft_and_the_author_sees_it(
    address: str, author: Person, scenario: Scenario
) -> None:
    before = draft_of(scenario)
    assert answered(address, scenario, why="値引きは癖になる。", words="何と比べて?") == 302
    after = draft_of(scenario)
    assert after.explanations["cut1"].why == "値引きは癖になる。"
    assert after.scenes == before.scenes
    assert AceLink.objects.get().answered_at
    page = browser_of(author).get(reverse("scenario_desk:aces", args=[scenario.pk]))
    assert "田中" in page.content.decode()


def test_somebody_who_wrote_meanwhile_is_not_overwritten_unseen(
    address: str, scenario: Scenario
) -> None:
    base = ScenarioDraft.objects.get(pk=scenario.pk).revision
    edit(
        scenario_id=scenario.pk,
        base=base,
        change=lambda d: editing.put_explanation(d, "cut1", {"why": "作者の言葉"}),
        by=None,
        op="explain",
    )
    data = {"name": "田中", "why": "エースの言葉", "base": base}
    answer = Browser().post(address, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "作者の言葉" in page
    assert "エースの言葉" in page
    assert draft_of(scenario).explanations["cut1"].why == "作者の言葉"
    assert answered(address, scenario, why="エースの言葉") == 302


@pytest.mark.parametrize("state", ["expired", "ended", "unknown", "gone"])
def test_a_link_that_is_over_opens_nothing(
    address: str, author: Person, scenario: Scenario, state: str
) -> None:
    link = AceLink.objects.get()
    if state == "expired":
        past = timezone.now() - dt.timedelta(days=1)
        AceLink.objects.update(made_at=past - dt.timedelta(days=1), expires_at=past)
    elif state == "ended":
        browser_of(author).post(reverse("scenario_desk:revoke_ace", args=[scenario.pk, link.pk]))
    elif state == "gone":
        AceLink.objects.update(about="gone")
    else:
        address = f"/ace/{'x' * 43}/"
    assert Browser().get(address).status_code == 404
    assert answered(address, scenario, why="x") == 404
    if state != "gone":
        assert Browser().post(f"{address}uploads/").status_code == 404


def test_the_video_is_sent_in_pieces_through_this_link_only(
    address: str, author: Person, scenario: Scenario
) -> None:
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}
    begun = Browser().post(
        f"{address}uploads/",
        **tus,
        HTTP_UPLOAD_LENGTH="100000",
        HTTP_UPLOAD_METADATA="kind dmlkZW8=",
    )
    assert begun.status_code == 201
    place = begun["Location"]
    assert place.startswith(address)
    assert Browser().head(place, **tus)["Upload-Offset"] == "0"
    with scoped(CLIENT):
        other = Upload.objects.create(
            person_id=author.pk,
            organisation_id=author.organisation_id,
            size=9,
            expires_at=timezone.now() + dt.timedelta(days=1),
        )
    for stranger in (other.pk, uuid.uuid4()):
        assert Browser().head(f"{address}uploads/{stranger}/", **tus).status_code == 404
    piece = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 50_000
    sent = Browser().patch(
        place, piece, content_type="application/offset+octet-stream", **tus, HTTP_UPLOAD_OFFSET="0"
    )
    assert sent.status_code == 204
    assert Browser().head(place, **tus)["Upload-Offset"] == str(len(piece))
    rest = Browser().patch(
        place,
        b"\x00" * (100_000 - len(piece)),
        content_type="application/offset+octet-stream",
        **tus,
        HTTP_UPLOAD_OFFSET=str(len(piece)),
    )
    assert rest.status_code == 204
    assert draft_of(scenario).explanations["cut1"].video == rest["Upload-Asset"]
    assert Browser().get(address).status_code == 200
