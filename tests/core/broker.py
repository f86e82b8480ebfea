"""Looks into the real broker: which bells were rung and not heard yet."""

import base64
import json
import os
from typing import Any

import redis


def bells(queue: str) -> list[tuple[str, list[Any]]]:
    """Return name and arguments of the tasks that wait in this queue, the oldest first."""
    path, _, number = os.environ["BROKER_URL"].partition("?virtual_host=")
    address = f"unix://{path.removeprefix('redis+socket://')}?db={number}"
    with redis.Redis.from_url(address) as broker:
        raw = broker.lrange(queue, 0, -1)
    found = []
    for message in reversed([json.loads(each) for each in raw]):
        arguments = json.loads(base64.b64decode(message["body"]))[0]
        found.append((message["headers"]["task"], arguments))
    return found
