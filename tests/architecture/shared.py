"""The small world, built once for all tests of a file: each begins with it as it was built.

Use it by `from tests.architecture.shared import built, sides`. No test of such a file may have a database of its own.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from core.scope import CLIENT, enter
from tests.architecture import world
from tests.architecture.world import Side

Sides = tuple[Side, Side, Side]


@contextmanager
def standing(blocker: DjangoDbBlocker, media: Path) -> Iterator[Sides]:
    """Build the world in a transaction that is never committed; nobody's requests are held back by their number."""
    apart = override_settings(MEDIA_ROOT=media, API_REQUESTS_A_MINUTE=1_000_000)
    with apart, blocker.unblock(), transaction.atomic():
        enter(CLIENT)
        yield world.build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sides]:
    """The client, a partner, and its rival."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("media")) as sides:
        yield sides


@pytest.fixture
def sides(built: Sides) -> Iterator[Sides]:
    """The client, a partner, and its rival, as they were built: what a test changes is taken back."""
    with transaction.atomic():
        yield copy.deepcopy(built)
        transaction.set_rollback(True)
