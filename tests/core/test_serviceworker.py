"""The service worker is handed out at the root, and a deploy makes it another one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core import serviceworker

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_worker(tmp_path: Path, settings) -> Iterator[Path]:
    """A worker and a script of this test alone, among the static files."""
    script, kept = serviceworker._script[:], serviceworker._kept[:]
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "sw.js").write_text("self.addEventListener('fetch', () => {});")
    (tmp_path / "toy" / "page.js").write_text("export const one = 1;")
    settings.STATICFILES_DIRS = [tmp_path]
    serviceworker.register("toy/sw.js")
    serviceworker.precache("toy/")
    yield tmp_path
    serviceworker._script[:], serviceworker._kept[:] = script, kept
    serviceworker._forget()


def assets(text: str) -> dict[str, Any]:
    first = text.partition("\n")[0]
    head, _, rest = first.partition("Object.freeze(")
    assert head == "self.TOMONI_ASSETS = "
    found: dict[str, Any] = json.loads(rest.removesuffix(");"))
    return found


def test_it_may_answer_for_every_page_and_is_asked_for_each_time(client: Client, own_worker):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Cache-Control"] == "no-cache"
    assert "addEventListener" in response.content.decode()


def test_it_begins_with_all_that_it_shall_keep(client: Client, own_worker):
    urls = assets(client.get("/sw.js").content.decode())["urls"]
    assert {"/static/toy/sw.js", "/static/toy/page.js", "/static/core/tomoni.css"} <= set(urls)


def test_a_changed_file_makes_it_another_worker(client: Client, own_worker: Path):
    before = client.get("/sw.js")
    again = client.get("/sw.js", headers={"If-None-Match": before["ETag"]})
    assert again.status_code == 304
    (own_worker / "toy" / "page.js").write_text("export const one = 2;")
    serviceworker._forget()  # as the next process has
    after = client.get("/sw.js", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    first, second = assets(before.content.decode()), assets(after.content.decode())
    assert first["version"] != second["version"]


def test_without_a_worker_there_is_none(client: Client, own_worker):
    serviceworker._script.clear()
    serviceworker._forget()
    assert client.get("/sw.js").status_code == 404
