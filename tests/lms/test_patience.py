"""Slow senders hold up nobody: a request gets a thread once it is there."""

import uuid
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.patience import SMALL, wanted
from tests.plugin.processes import Site
from tests.plugin.slowsenders import KINDS, Senders
from tools.launch.programs import LONGEST_ADDRESS, ask

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"
ENOUGH = 60
"""More senders than a web server has threads: eight."""


@pytest.mark.parametrize(
    ("request_", "size"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27),
        (HEAD + b"Content-Length: 5\r\n\r\n12345", 53),
        (HEAD + b"content-length:\t5 \r\nX: y\r\n\r\n", 60),
        (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n", 76),
        (HEAD + b"X-Content-Length: 5\r\n\r\n", 50),
        (HEAD + b"Content-Length: x\r\n\r\n", 48),
        (HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", 77),
        (HEAD + b"\r\nContent-Length: 5\r\n\r\n", 29),
    ],
)
def test_how_much_a_request_wants_stands_in_its_head(request_: bytes, size: int):
    assert wanted(request_) == size


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_request_is_there_with_its_last_byte_and_not_before(body: bytes, cut: int):
    whole = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    size = wanted(whole[:cut])
    assert size in {None, len(whole)}
    assert wanted(whole) == len(whole)
    assert len(whole) < SMALL


@pytest.mark.django_db(transaction=True)
def test_a_hundred_ids_fit_into_an_address(site: Site):
    asked = "&".join(f"id={uuid.UUID(int=n)}" for n in range(100))
    assert len(asked) < LONGEST_ADDRESS // 2
    assert ask(f"{site.url}/healthz?{asked}&{'x' * 3900}").status == HTTPStatus.OK
    assert (
        ask(f"{site.url}/healthz?{'x' * LONGEST_ADDRESS}").status == HTTPStatus.REQUEST_URI_TOO_LONG
    )


@pytest.mark.django_db(transaction=True)
def test_more_slow_senders_than_threads_leave_the_pages_open(site: Site):
    address = ("127.0.0.1", int(site.url.rpartition(":")[2]))
    for kind in KINDS:
        with Senders(address, kind, ENOUGH):
            answers = [ask(f"{site.url}/healthz").status for _ in range(5)]
            assert answers == [HTTPStatus.OK] * 5, kind
