"""A form that is sent after its session has ended loses nothing that was typed."""

import html
import re

import pytest
from django.test import Client as Browser

from partners.models import Organisation
from tests.partners.factories import make_client, make_person, sign_in

pytestmark = pytest.mark.django_db

TYPED = {"name": 'みらい "営業" <b>', "area": "東北"}


def test_what_was_typed_can_be_sent_again_after_signing_in() -> None:
    admin = make_person(make_client(), roles=["admin"])
    browser = Browser()
    answer = browser.post("/partners/new/", TYPED | {"password": "secret"})
    assert answer.status_code == 401
    page = answer.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    kept = {name: html.unescape(value) for name, value in hidden.items() if name in TYPED}
    assert kept == TYPED
    assert "secret" not in page
    assert not Organisation.objects.filter(area="東北").exists()
    again = sign_in(browser, admin).post("/partners/new/", kept)
    assert again.status_code == 302
    assert Organisation.objects.get(area="東北").name == TYPED["name"]


def test_a_forged_form_is_not_kept() -> None:
    make_client()
    answer = Browser(enforce_csrf_checks=True).post("/partners/new/", TYPED)
    assert answer.status_code == 403
    assert "東北" not in answer.content.decode()


def test_a_page_that_is_only_looked_at_leads_to_sign_in_and_back() -> None:
    make_client()
    answer = Browser().get("/partners/new/")
    assert answer["Location"] == "/accounts/login/?next=/partners/new/"
