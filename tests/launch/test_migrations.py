"""The database that migrations make is the one that the models describe."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    told = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told)
    except SystemExit:
        pytest.fail(f"Run manage.py makemigrations:\n{told.getvalue()}")
