"""Large files from a phone: the line breaks, the page is closed, and the video arrives all the same."""

import contextlib
import http.client
import random
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from core.mediafiles import storage
from core.models import Asset, Upload
from core.scope import CLIENT, scoped
from tests.browser.people import send
from tests.core.media_samples import video
from tests.partners.factories import make_client, make_person
from tests.plugin.patience import PATIENCE
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

DOOR = re.compile(r"/media/uploads/[0-9a-f-]+/$")


def heavy(megabytes: int = 6) -> bytes:
    """Return a video of this weight: two seconds of film, and a box that players skip."""
    weight = megabytes * 1024 * 1024
    return video(2) + weight.to_bytes(4) + b"free" + bytes(weight - 8)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """The file that is uploaded."""
    place = tmp_path / "商談.mp4"
    place.write_bytes(heavy())
    return place


@pytest.fixture
def library(page: Page, sign_in: SignIn, site: Site, language: str) -> Page:
    """The library of videos, as an author of the client sees it."""
    author = make_person(make_client(), roles=["author"], language=language)
    sign_in(page.context, author.account)
    page.goto("/media/library/")
    return page


def arrived() -> list[int]:
    """Return how many bytes of each upload the server has."""
    with scoped(CLIENT):
        return list(Upload.objects.values_list("received", flat=True))


def choose(page: Page, film: Path) -> None:
    page.locator('form[data-upload] [name="file"]').set_input_files(film)


def shown(page: Page, name: str) -> Locator:
    return page.locator(f"[data-upload-{name}]")


def breaking(times: int) -> Callable[[Route], None]:
    """Return a line that lets one piece through and then breaks so many times."""
    count = 0

    def handle(route: Route) -> None:
        nonlocal count
        if route.request.method != "PATCH":
            route.continue_()
            return
        count += 1
        if 1 < count <= 1 + times:
            route.abort("connectionreset")
        else:
            route.continue_()

    return handle


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone ja", "desktop en"]
)
def test_an_upload_goes_on_after_the_line_broke_and_the_video_plays(
    library: Page, film: Path, axe: Axe
) -> None:
    library.route(DOOR, breaking(2))
    choose(library, film)
    send(library)
    expect(shown(library, "progress")).to_be_visible()
    expect(shown(library, "waiting")).to_be_visible()
    axe(library)
    expect(shown(library, "done")).to_be_visible()
    asset = Asset.objects.get()
    assert storage.absolute(asset.source_path).read_bytes() == film.read_bytes()
    expect(library.locator("#videos img.still")).to_be_visible()
    axe(library)
    library.locator("#videos .rowlink").click()
    playing = "(v) => v.play().then(() => v.duration)"
    assert 1.5 < library.locator("video").evaluate(playing) < 2.5
    axe(library)


def test_without_network_it_waits_and_goes_on_by_itself(library: Page, film: Path) -> None:
    library.route(DOOR, breaking(1))
    choose(library, film)
    send(library)
    expect(shown(library, "waiting")).to_be_visible()
    library.context.set_offline(True)
    library.wait_for_timeout(1500)
    expect(shown(library, "waiting")).to_be_visible()
    library.context.set_offline(False)
    expect(shown(library, "done")).to_be_visible()
    assert Asset.objects.count() == 1


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(library: Page, film: Path) -> None:
    library.route(DOOR, breaking(1000))
    choose(library, film)
    send(library)
    expect(shown(library, "waiting")).to_be_visible()
    before = arrived()[0]
    assert before > 0
    library.unroute(DOOR)
    library.once("dialog", lambda dialog: dialog.accept())
    library.goto("/media/library/")
    starts: list[str] = []
    library.on(
        "request",
        lambda r: starts.append(r.headers["upload-offset"]) if r.method == "PATCH" else None,
    )
    choose(library, film)
    send(library)
    expect(shown(library, "done")).to_be_visible()
    assert starts[0] == str(before)
    assert len(arrived()) == 1


def test_an_upload_can_be_cancelled(library: Page, film: Path) -> None:
    library.route(DOOR, breaking(1000))
    choose(library, film)
    send(library)
    expect(shown(library, "waiting")).to_be_visible()
    library.unroute(DOOR)
    shown(library, "cancel").click()
    expect(shown(library, "progress")).to_be_hidden()
    library.wait_for_timeout(300)
    assert not arrived()
    assert not Asset.objects.exists()


def test_a_session_that_ended_is_told_and_nothing_is_lost(library: Page, film: Path) -> None:
    library.route(DOOR, breaking(1))
    choose(library, film)
    send(library)
    expect(shown(library, "waiting")).to_be_visible()
    library.context.clear_cookies()
    expect(shown(library, "refused").or_(shown(library, "signed_out")).first).to_be_visible()
    assert arrived()[0] > 0


# --- The real server, with a line that breaks in the middle of a piece ---------------------------------------
class Line:
    """A connection of somebody signed in, which may break at any byte."""

    def __init__(self, site: Site) -> None:
        browser = Client()
        browser.force_login(make_person(make_client(), roles=["author"]).account)
        browser.get("/media/library/")
        self.host = urlsplit(site.url).netloc
        cookies = "; ".join(f"{key}={morsel.value}" for key, morsel in browser.cookies.items())
        self.headers = {
            "Tus-Resumable": "1.0.0",
            "Cookie": cookies,
            "X-CSRFToken": browser.cookies[settings.CSRF_COOKIE_NAME].value,
            "Content-Type": "application/offset+octet-stream",
        }

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Return the answer to a whole request."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(http.client.HTTPConnection(self.host, timeout=PATIENCE)) as line:
            line.request(method, path, body, {**self.headers, **more})
            answer = line.getresponse()
            answer.read()
            return answer

    def break_after(self, count: int, path: str, body: bytes, at: int) -> None:
        """Send so many bytes of a piece and hang up."""
        head = {**self.headers, "Host": self.host, "Upload-Offset": str(at)}
        lines = [f"PATCH {path} HTTP/1.1", *(f"{key}: {value}" for key, value in head.items())]
        request = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(request + body[:count])
            time.sleep(0.2)


def stands_still(line: Line, path: str) -> int:
    """Return where an upload stands, once the server has heard that nobody is there any more."""
    before = -1
    while (now := int(line.ask("HEAD", path).headers["Upload-Offset"])) != before:
        before = now
        time.sleep(0.3)
    return now


def test_a_line_that_breaks_five_times_costs_nothing_that_has_arrived(site: Site) -> None:
    data = heavy(8)
    chance = random.Random(7)
    line = Line(site)
    begun = line.ask("POST", "/media/uploads/", Upload_Length=str(len(data)))
    path = begun.headers["Location"]
    at = 0
    for _ in range(5):
        count = chance.randrange(1, 1_500_000)
        line.break_after(count, path, data[at:], at)
        now = stands_still(line, path)
        assert now == at + count
        at = now
    done = line.ask("PATCH", path, data[at:], Upload_Offset=str(at))
    assert done.status == 204
    asset = Asset.objects.get(pk=done.headers["Upload-Asset"])
    assert storage.absolute(asset.source_path).read_bytes() == data
    again = line.ask("PATCH", path, data[at:], Upload_Offset=str(at))
    assert again.headers["Upload-Asset"] == done.headers["Upload-Asset"]
    late = line.ask("PATCH", path, b"x" * 10, Upload_Offset="5")
    assert late.headers["Upload-Asset"] == done.headers["Upload-Asset"]
