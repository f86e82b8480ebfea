"""A broker of a test's own, in the real Redis, where no worker listens: so a test sees what was rung.

Use its fixture by `from tests.core.broker import bells, quiet_broker` and
`pytestmark = pytest.mark.usefixtures("quiet_broker")`.
"""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import Celery, current_app

from core import bell

_APART = 40
"""How far from the tests' own databases these brokers are."""


def _address() -> tuple[str, int]:
    path, _, number = os.environ["BROKER_URL"].partition("?virtual_host=")
    return path.removeprefix("redis+socket://"), _APART + int(number) // 2


def _broker() -> redis.Redis:
    path, number = _address()
    return redis.Redis(unix_socket_path=path, db=number)


@pytest.fixture
def quiet_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ring where nobody hears it, and forget the bells afterwards."""
    path, number = _address()
    quiet = Celery("quiet", set_as_current=False)
    quiet.conf.update(
        broker_url=f"redis+socket://{path}?virtual_host={number}",
        broker_transport_options=current_app.conf.broker_transport_options,
    )
    monkeypatch.setattr(bell, "current_app", quiet)
    yield
    quiet.close()
    forget_bells()


def forget_bells() -> None:
    """Let all that was rung be lost."""
    with _broker() as broker:
        broker.flushdb()


def bells(queue: str) -> list[tuple[str, list[Any]]]:
    """Return name and arguments of the tasks that wait in this queue, the oldest first."""
    with _broker() as broker:
        raw = broker.lrange(queue, 0, -1)
    found = []
    for message in reversed([json.loads(each) for each in raw]):
        arguments = json.loads(base64.b64decode(message["body"]))[0]
        found.append((message["headers"]["task"], arguments))
    return found
