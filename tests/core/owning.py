"""The database as its owner, who migrates."""

import copy
import os
from collections.abc import Iterator
from typing import Any

import dj_database_url
import pytest
from django.db import connections

from core.postgres.base import DatabaseWrapper


@pytest.fixture
def owner(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A second connection, `connections["owner"]`, as the role that owns the tables."""
    ours = copy.deepcopy(connections["default"].settings_dict)
    address: Any = dj_database_url.parse(os.environ["DATABASE_OWNER_URL"], engine="core.postgres")
    connections["owner"] = DatabaseWrapper({**ours, "USER": address["USER"]}, alias="owner")
    yield connections["owner"]
    connections["owner"].close()
    del connections["owner"]
