"""Each request leaves one line, which says what the other lines about it are named by."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser

from core import logs
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Return what stands in the log of requests."""
    shown, heard = StringIO(), logging.getLogger("django_structlog")
    handler = logging.StreamHandler(shown)
    described: dict[str, Any] = settings.LOGGING
    formatter = {**described["formatters"]["json"]}
    assert formatter.pop("()") is logs.Formatter
    handler.setFormatter(logs.Formatter(**formatter))
    level = heard.level
    heard.addHandler(handler)
    heard.setLevel(logging.INFO)
    yield shown
    heard.removeHandler(handler)
    heard.setLevel(level)


def lines(written: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_that_went_well_leaves_one_line(client: Browser, written: StringIO):
    make_client()
    rep = make_person(make_partner())
    sign_in(client, rep)
    client.get("/notices/?q=now")
    [line] = lines(written)
    assert line.pop("timestamp")
    assert line.pop("request_id")
    assert line == {
        "event": "request_finished",
        "request": "GET /notices/?q=now",
        "code": 200,
        "person": str(rep.pk),
        "level": "info",
        "logger": "django_structlog.middlewares.request",
    }


def test_each_request_has_an_id_of_its_own_and_nobody_else_s_person(
    client: Browser, written: StringIO
):
    make_client()
    sign_in(client, make_person(make_partner()))
    client.get("/notices/")
    Browser().get("/healthz")
    first, second = lines(written)
    assert first["request_id"] != second["request_id"]
    assert "person" not in second


def test_a_request_that_failed_says_so_in_one_line(client: Browser, written: StringIO):
    make_client()
    client.get("/nowhere/")
    [line] = lines(written)
    assert (line["code"], line["level"], line["event"]) == (404, "warning", "request_finished")


def test_a_line_holds_no_secret_and_no_more_than_its_share(client: Browser, written: StringIO):
    make_client()
    client.get("/healthz?" + "a" * 500)
    client.get("/i/" + "x" * 43 + "/")
    long, invitation = lines(written)
    assert len(str(long["request"])) == 201
    assert "xxx" not in str(invitation["request"])
