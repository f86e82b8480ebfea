"""The example of docs/api.md is true: it is run as it stands there, against a web server."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.api import scopes
from sales.models import Activity
from tests.api.programs import make_token
from tests.partners.factories import make_client, make_partner, make_person
from tests.sales.factories import make_crm, make_product

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def _example() -> str:
    found = re.search(r"```python\n(.+?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def _run(url: str, token: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "TOMONI_URL": url, "TOMONI_TOKEN": token}
    command = [sys.executable, "-c", _example()]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, timeout=250
    )


def test_the_example_is_short() -> None:
    assert len([line for line in _example().splitlines() if line.strip()]) <= 30


@pytest.mark.django_db(transaction=True)
def test_the_example_runs(live_server: Any) -> None:
    client, partner = make_client(), make_partner()
    admin = make_person(client, roles=["admin"])
    product, _ = make_product(), make_crm()
    type(product).objects.filter(pk=product.pk).update(code="CHECK")
    reps = [make_person(partner), make_person(partner)]
    done = _run(live_server.url, make_token(admin, "people:read", "sales:read", "sales:write"))
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "2 new, 0 unchanged, 0 refused",
        "0 new, 2 unchanged, 0 refused",
        f"2 reps, first: {reps[0].name}",
    ]
    assert Activity.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_example_says_what_is_in_the_way(live_server: Any) -> None:
    admin = make_person(make_client(), roles=["admin"], language="en")
    done = _run(live_server.url, make_token(admin, "people:read"))
    assert done.stderr.strip() == "missing_scope : This token lacks the scope sales:read."


def test_every_scope_is_explained() -> None:
    assert not {scope for scope in scopes.known() if f"`{scope}`" not in TEXT}
