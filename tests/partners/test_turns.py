"""The web server knows whose a request is once the product has found its person."""

import pytest
from django.test import Client as Browser

from core import callers
from tests.api.programs import make_token
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


def _head(line: str) -> bytes:
    return f"GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n".encode()


def test_a_session_stands_for_its_person_s_organisation(client: Browser):
    make_client()
    rep = make_person(make_partner())
    sign_in(client, rep)
    shown = _head(f"Cookie: language=en; session={client.cookies['session'].value}")
    assert callers.whose(shown) == callers.STRANGER
    client.get("/")
    assert callers.whose(shown) == str(rep.organisation_id)


def test_a_token_does_too_and_a_wrong_one_for_nobody(client: Browser):
    admin = make_person(make_client(), roles=["admin"])
    right = f"Bearer {make_token(admin)}"
    for shown in (right, right[:-1] + "#"):
        client.get("/api/v1/people", headers={"authorization": shown})
    assert callers.whose(_head(f"Authorization: {right}")) == str(admin.organisation_id)
    assert callers.whose(_head(f"Authorization: {right[:-1]}#")) == callers.STRANGER


def test_a_stranger_s_request_is_nobody_s(client: Browser):
    make_client()
    client.get("/accounts/login/", headers={"cookie": "session=" + "a" * 32})
    assert callers.whose(_head("Cookie: session=" + "a" * 32)) == callers.STRANGER
