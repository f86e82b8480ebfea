"""One world for all tests of a file: each begins with it as it was built."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from core.scope import CLIENT, enter
from tests.architecture import world
from tests.hostile.people import People


@pytest.fixture(scope="module")
def built(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[People]:
    """A client, a partner and its rival, with a browser for everybody."""
    apart = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"), API_REQUESTS_A_MINUTE=1_000_000
    )
    with apart, django_db_blocker.unblock(), transaction.atomic():
        enter(CLIENT)
        yield People(*world.build())
        transaction.set_rollback(True)


@pytest.fixture
def people(built: People) -> Iterator[People]:
    """The world as it was built: what a test changes is taken back."""
    with transaction.atomic(), built.remembered():
        yield built
        transaction.set_rollback(True)
