"""PostgreSQL's files: made whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.launch.places import Places
from tools.launch.postgres import Postgres
from tools.launch.pytest_services import bed


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    name = f"cluster-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    places = Places(bed.places.state / name).make()
    made = Postgres(places, careless=True)
    yield made
    places.forget_sockets()
    for folder in {places.state, made.home}:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_cluster_that_was_cut_short_is_made_anew(postgres: Postgres) -> None:
    for folder in (postgres.data, postgres.data.with_suffix(".partial")):
        folder.mkdir(parents=True)
        (folder / "half").write_text("half", encoding="utf-8")
    assert postgres.prepare()
    assert _files(postgres.data) >= {"PG_VERSION", "postgresql.conf"}
    assert "half" not in _files(postgres.data)
    assert not postgres.data.with_suffix(".partial").exists()
    assert not postgres.prepare(), "it is there now"


def _files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}
