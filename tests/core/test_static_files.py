"""Static files are answered before everything else, and bound to their kind all the same."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware


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
