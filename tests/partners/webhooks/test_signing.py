"""Signatures: what we sign is taken by the specification's library and by our documented example, and nothing else."""

import base64
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from partners.webhooks import signing
from tests.partners.webhooks.documented import verify

SECRET = signing.new_secret()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def signed(body: str, at: dt.datetime | None = None, secrets: tuple[str, ...] = (SECRET,)):
    at = at or dt.datetime.now(dt.UTC)
    return signing.headers(message_id="msg_1", at=at, body=body, secrets=secrets)


def takes(body: str, headers: dict[str, str], secret: str = SECRET) -> bool:
    """Say whether both verifiers take it; fails where they differ."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except WebhookVerificationError:
        theirs = False
    else:
        theirs = True
    ours = verify(body.encode(), headers, secret)
    assert ours == theirs
    return ours


def test_a_secret_is_fresh_and_of_the_specified_form():
    assert SECRET.startswith("whsec_")
    assert 24 <= len(base64.b64decode(SECRET.removeprefix("whsec_"))) <= 64
    assert signing.new_secret() != SECRET


@given(TEXT)
def test_what_is_signed_is_taken(text: str):
    body = json.dumps({"text": text}, ensure_ascii=False)
    assert takes(body, signed(body))


@given(TEXT, TEXT)
def test_an_altered_body_is_refused(text: str, other: str):
    if text != other:
        assert not takes(other, signed(text))


@given(st.integers(0, 200), st.integers(0, 7))
def test_one_bit_changed_is_refused(place: int, bit: int):
    body = json.dumps({"person": "0193", "count": 12, "of": "x" * 120})
    raw = bytearray(body.encode())
    raw[place % len(raw)] ^= 1 << bit
    assert not verify(bytes(raw), signed(body), SECRET)


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
def test_an_old_or_future_message_is_refused(minutes: int):
    at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
    assert not takes("{}", signed("{}", at))


def test_a_message_with_another_time_or_id_than_was_signed_is_refused():
    headers = signed("{}")
    later = str(int(headers["webhook-timestamp"]) + 1)
    assert not takes("{}", headers | {"webhook-timestamp": later})
    assert not takes("{}", headers | {"webhook-id": "msg_2"})


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_message_without_one_of_its_headers_is_refused(name: str):
    headers = signed("{}")
    del headers[name]
    assert not takes("{}", headers)


def test_a_signature_by_another_secret_is_refused():
    assert not takes("{}", signed("{}"), signing.new_secret())


def test_while_a_secret_rotates_both_are_good():
    new = signing.new_secret()
    headers = signed("{}", secrets=(new, SECRET))
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert takes("{}", headers, SECRET)
    assert takes("{}", headers, new)


def test_the_time_is_in_whole_seconds_whatever_the_zone():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    at = dt.datetime.now(tokyo)
    headers = signed("{}", at)
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    assert takes("{}", headers)
