"""Every way in, with a rival in the world and without it: a partner learns nothing of it and changes nothing of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.isolation import registry
from tests.isolation.plan import Plan
from tests.isolation.scene import Scene, stage
from tests.isolation.walk import Walked, undeclared_bodies, walk

pytestmark = pytest.mark.timeout(900)  # every request twice, and nothing of it may be left out


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walked]:
    """The walk through all doors, once."""
    with django_db_blocker.unblock(), stage(Path(tmp_path_factory.mktemp("media"))):
        scene, plan = Scene(), Plan.of_product()
        found = walk(scene, plan)
        found.unsaid = undeclared_bodies(scene, plan)
        yield found


def test_a_partner_learns_and_changes_nothing_of_a_rival(walked: Walked) -> None:
    assert not [str(each) for each in walked.findings]


def test_every_door_that_takes_a_body_has_a_sample(walked: Walked) -> None:
    assert not walked.unsaid, "Say in tests/isolation/samples what can be sent there."


def test_as_much_was_tried_as_before(walked: Walked) -> None:
    assert walked.counts() == {
        what: max(found, registry.LEAST[what]) for what, found in walked.counts().items()
    }
