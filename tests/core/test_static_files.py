"""Static files are answered before everything else, and bound to their kind all the same."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from core.staticfiles import HashedStaticFilesStorage, OwnStaticFiles


@pytest.mark.django_db  # the end of a response looks after the connection
def test_a_static_file_is_bound_to_its_kind(
    settings: Any, tmp_path: Path, rf: RequestFactory
) -> None:
    (tmp_path / "sheet.css").write_text("p {}", encoding="ascii")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = tmp_path, False

    def nobody(request: HttpRequest) -> HttpResponse:
        raise AssertionError(request.path)

    response = WhiteNoiseMiddleware(nobody)(rf.get("/static/sheet.css"))
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()
    assert settings.MIDDLEWARE[0].endswith("WhiteNoiseMiddleware")


def test_what_pages_ask_for_is_compressed_and_its_twin_is_not(tmp_path: Path) -> None:
    (tmp_path / "sheet.css").write_text("p {}\n" * 99, encoding="ascii")
    storage = HashedStaticFilesStorage(location=tmp_path)
    done = list(storage.post_process({"sheet.css": (storage, "sheet.css")}))
    hashed = storage.stored_name("sheet.css")
    assert ("sheet.css", hashed, True) in done
    assert {path.name for path in tmp_path.glob("sheet.*")} == {
        *("sheet.css", hashed, f"{hashed}.br", f"{hashed}.gz")
    }


def test_only_files_of_pages_that_we_have_are_collected() -> None:
    own = apps.get_app_config("staticfiles")
    assert isinstance(own, OwnStaticFiles)
    found = {name for finder in get_finders() for name, _ in finder.list(own.ignore_patterns)}
    assert {"core/tomoni.css", "authoring/editor.js"} <= found
    assert not {name for name in found if name.startswith("rest_framework/")}
