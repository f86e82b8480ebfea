"""A video is uploaded and prepared for phones, while a quiz is scored as quickly as ever."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.models import Asset
from courses.quizzes.models import Attempt
from tests.browser.learner import RIGHT, answer, expect_result, go, quiz_address
from tests.browser.people import error_of, says, send
from tests.core.media_samples import video
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.plugin.processes import Processes, Site, product_environment
from tools.launch import programs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]


@pytest.fixture
def queues_apart(site: Site, processes: Processes) -> Iterator[None]:
    """Have workers of their own for scores and for videos, as `./run` has."""
    wanted = [
        each
        for each in programs.workers(product_environment())
        if each.name in {"worker-score", "worker-media"}
    ]
    processes.supervisor.end(site.worker.name)
    for program in wanted:
        processes.supervisor.start(program)
    yield
    for program in wanted:
        processes.supervisor.end(program.name, for_good=True)


@pytest.fixture
def library(page: Page, sign_in: SignIn, site: Site) -> Page:
    """The library of videos, as an author of the client sees it."""
    author = make_person(make_client(), roles=["author"])
    sign_in(page.context, author.account)
    page.goto("/media/library/")
    return page


def began(identifier: uuid.UUID) -> float:
    """Return the moment that an id of version 7 was made at, in seconds as `datetime.timestamp()` has them."""
    return (identifier.int >> 80) / 1000


@pytest.mark.timeout(600)  # makes a video, starts two workers, and waits until it is prepared
@pytest.mark.usefixtures("queues_apart")
@pytest.mark.parametrize("device", ["desktop"])
def test_a_quiz_is_scored_while_a_video_is_prepared(
    library: Page,
    new_context: Callable[..., BrowserContext],
    sign_in: SignIn,
    axe: Axe,
    device: str,
    tmp_path: Path,
) -> None:
    rep = make_person(make_partner())
    clip = tmp_path / "visit.mp4"
    clip.write_bytes(video(24, "1280x720"))
    theirs = new_context()
    sign_in(theirs, rep.account)
    phone = theirs.new_page()
    phone.goto(quiz_address(make_module()))
    answer(phone, RIGHT)

    library.locator('[name="file"]').set_input_files(clip)
    library.locator('[name="title"]').fill("お客さまの声")
    send(library)
    says(library, "お客さまの声")
    expect(library.locator("#videos progress")).to_be_visible()
    go(phone).click()
    expect_result(phone)
    attempt = Attempt.objects.get(person=rep)
    assert attempt.scored_at is not None

    expect(library.locator("#videos img.still")).to_be_visible()
    prepared = Asset.objects.get().renditions.order_by("pk")[0].pk
    assert attempt.scored_at.timestamp() < began(prepared), "the video was too short for this test"
    library.locator("#videos .rowlink").click()
    expect(library.get_by_role("heading", level=1)).to_have_text("お客さまの声")
    axe(library)
    playing = "(v) => v.play().then(() => v.duration)"
    assert 23 < library.locator("video").evaluate(playing) < 25


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "中身が空"),
        (b"#EXTM3U\nhttp://127.0.0.1/secret.ts\n", "動画そのもの"),
        (b"<svg onload='alert(1)'/>", "MP4・MOV・WebM"),
    ],
    ids=["empty", "playlist", "no video"],
)
def test_what_is_no_video_is_explained(library: Page, axe: Axe, content: bytes, words: str) -> None:
    library.locator('[name="title"]').fill("お客さまの声")
    library.locator('[name="file"]').set_input_files(
        {"name": "visit.mp4", "mimeType": "video/mp4", "buffer": content}
    )
    send(library)
    expect(error_of(library, "file")).to_contain_text(words)
    expect(library.locator('[name="title"]')).to_have_value("お客さまの声")
    assert not Asset.objects.exists()
    axe(library)
