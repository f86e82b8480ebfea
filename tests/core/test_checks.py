"""A production that would be unsafe says why, and doesn't start."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from core import checks
from core.management.commands import provision
from tests.plugin import children

ROOT = Path(__file__).resolve().parents[2]
SAFE: dict[str, Any] = {
    "TOMONI_ENV": "production",
    "DEBUG": False,
    "SECRET_KEY": "nTq3Zx8LwPz5Vb1Kc7Mf0Jd2Hg9Rs4Yt6Ue-Wa_Xo.Qi:Bl;Cv",
    "PUBLIC_URL": "https://learn.example.com",
    "ALLOWED_HOSTS": ["learn.example.com"],
    "EMAIL_HOST": "smtp.example.com",
    "REDIS_URL": "redis://redis/1",
    "BROKER_URL": "redis://redis/0",
    "DATABASE_URLS": {
        "app": "postgresql://tomoni_app:a@db/tomoni",
        "owner": "postgresql://tomoni_owner:b@db/tomoni",
        "worker": "postgresql://tomoni_worker:c@db/tomoni",
    },
}


@pytest.fixture
def production(settings: Any) -> Any:
    """Settings of a safe production, to be spoilt in one place."""
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def ids() -> set[str]:
    return {str(message.id) for message in run_checks(tags=[checks.TAG])}


def test_a_safe_production_has_nothing_to_mend(production: Any):
    assert ids() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", True, "core.E001"),
        ("SECRET_KEY", "insecure-only-for-builds-and-tests", "core.E002"),
        ("SECRET_KEY", "x" * 60, "core.E002"),
        ("SECRET_KEY", "short-but-random-8Kd", "core.E002"),
        (
            "DATABASE_URLS",
            {**SAFE["DATABASE_URLS"], "app": "postgresql://tomoni_app@%2Ftmp%2Ftomoni-0-ab%2Fpg/t"},
            "core.E003",
        ),
        ("REDIS_URL", "unix:///tmp/tomoni-0-abcdef/redis.sock?db=1", "core.E003"),
        ("BROKER_URL", "redis+socket:///tmp/tomoni-0-ab/redis.sock?virtual_host=0", "core.E003"),
        ("EMAIL_HOST", "", "core.E004"),
        ("PUBLIC_URL", "http://learn.example.com", "core.E005"),
        ("ALLOWED_HOSTS", ["learn.example.com", "*"], "core.E006"),
        (
            "DATABASE_URLS",
            {**SAFE["DATABASE_URLS"], "app": "postgresql://tomoni_owner:b@db/tomoni"},
            "core.E009",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_each_unsafe_setting_is_found(production: Any, name: str, value: Any, expected: str):
    setattr(production, name, value)
    assert ids() == {expected}
    with pytest.raises(ImproperlyConfigured, match=expected):
        checks.enforce()


def test_sockets_of_real_servers_are_fine(production: Any):
    production.REDIS_URL = "unix:///run/redis/redis.sock?db=1"
    production.DATABASE_URLS = {
        role: f"postgresql://tomoni_{role}@%2Frun%2Fpostgresql/tomoni"
        for role in ("app", "owner", "worker")
    }
    assert ids() == set()


@pytest.mark.parametrize("environment", ["embedded", "test"])
def test_outside_of_production_nothing_is_refused(settings: Any, environment: str):
    settings.TOMONI_ENV = environment
    settings.DEBUG = True
    assert ids() == set()
    checks.enforce()


@pytest.mark.django_db
def test_the_careless_database_of_these_tests_is_refused(production: Any):
    found = {str(m.id) for m in run_checks(tags=[checks.TAG], databases=["default"])}
    assert found == {"core.E007", "core.E010"}


@pytest.mark.django_db
def test_a_superuser_as_the_web_s_role_is_refused(production: Any):
    production.DATABASE_URLS = {**SAFE["DATABASE_URLS"], "app": "postgresql://postgres@db/tomoni"}
    found = [m for m in run_checks(tags=[checks.TAG], databases=["default"]) if m.id == "core.E008"]
    assert len(found) == 1
    assert "postgres" in str(found[0].msg)


def test_every_check_has_an_id_a_hint_and_a_line_in_the_operations_page():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    source = (ROOT / "core" / "checks.py").read_text(encoding="utf-8")
    numbers = [f"core.E{number:03}" for number in range(1, 11)]
    assert all(f'"{number}"' in source for number in numbers)
    assert all(f"`{number}`" in page for number in numbers)
    assert source.count("hint=") == len(numbers)


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-c", "import lms.wsgi"],
        [sys.executable, "-m", "celery", "-A", "lms", "worker", "--queues=none", "--pool=solo"],
        [sys.executable, "manage.py", "check"],
    ],
    ids=["web", "worker", "manage.py check"],
)
def test_neither_web_nor_worker_starts_in_an_unsafe_production(command: list[str]):
    environment = {**os.environ, "TOMONI_ENV": "production", "EMAIL_HOST": "", "C_FORCE_ROOT": "1"}
    environment.pop("TOMONI_ROLE", None)
    done = children.run(command, env=environment, timeout=250)
    assert done.returncode != 0
    assert "core.E004" in done.stderr


def test_the_roles_that_provision_makes_are_the_bound_ones():
    assert set(provision.ROLES) == {"tomoni_owner", "tomoni_app", "tomoni_worker"}
