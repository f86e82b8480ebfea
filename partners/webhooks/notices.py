"""The kinds of notices that webhooks bring."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.notices.kinds import declare

DISABLED = "webhooks.disabled"


def declare_all() -> None:
    """Say how our notices read."""
    declare(DISABLED, "alert", disabled_notice)


def disabled_notice(data: Mapping[str, Any]) -> str:
    """Say that an endpoint was switched off."""
    return _(
        "“%(name)s” got no webhook for days and was switched off. What it missed is kept and can be sent again."
    ) % {"name": data.get("name", "")}
