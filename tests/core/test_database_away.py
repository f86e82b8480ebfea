"""While PostgreSQL restarts, people and phones are asked to come back in a moment."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser


@pytest.fixture
def away(django_db_blocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that nobody reaches: its socket is gone."""
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        yield
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/accounts/login/", "/learn/", "/"])
def test_a_page_answers_503_and_says_when_to_come_back(away: None, path: str) -> None:
    browser = Browser(raise_request_exception=False)
    browser.cookies["session"] = "x" * 32
    response = browser.get(path)
    assert (response.status_code, response["Retry-After"]) == (503, "3")


@pytest.mark.django_db(transaction=True)
def test_a_phone_gets_it_as_json(away: None) -> None:
    browser = Browser(raise_request_exception=False)
    response = browser.post("/api/heartbeats/", data="{}", content_type="application/json")
    assert response.status_code == 503
    assert response.json()["code"] == "try_again"
