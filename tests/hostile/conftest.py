"""One world for all tests of a file: each begins with it as it was built."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.architecture.shared import standing
from tests.hostile.people import People


@pytest.fixture(scope="module")
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[People]:
    """A client, a partner and its rival, with a browser for everybody."""
    with standing(django_db_blocker, tmp_path_factory.mktemp("media")) as sides:
        yield People(*sides)


@pytest.fixture
def people(built: People) -> Iterator[People]:
    """The world as it was built: what a test changes is taken back."""
    with transaction.atomic(), built.remembered():
        yield built
        transaction.set_rollback(True)
