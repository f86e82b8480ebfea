"""Filters and tags that say imports in the reader's language: see `sales.imports.words`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from sales.imports import words
from sales.imports.models import Import, Match, Name

register = template.Library()


@register.filter
def grain(file: Import) -> Any:
    """Say what a file's rows are about."""
    return words.GRAINS[file.grain]


@register.filter
def kind(name: Name | Match) -> Any:
    """Say what a word of a file stands for."""
    return words.KINDS[name.kind]


@register.filter
def meaning(match: Match) -> Any:
    """Say whom or what a remembered word means."""
    if match.rep is not None:
        return format_html("<bdi>{}</bdi> · {}", match.rep.name, match.rep.organisation.name)
    return match.product.name if match.product is not None else words.meaning(match)


@register.filter
def state_chip(file: Import) -> SafeString:
    """Draw how far a file is."""
    label, tone = words.state(file)
    return format_html('<span class="chip{}">{}</span>', f" chip-{tone}" if tone else "", label)


@register.filter
def good_rows(counts: Mapping[str, int]) -> int:
    """Return how many rows have no problems."""
    return counts["new"] + counts["changed"] + counts["same"]


@register.inclusion_tag("components/steps.html")
def import_steps(current: int) -> dict[str, Any]:
    """Draw the steps of an import."""
    labels = [
        pgettext("import step", "Columns"),
        pgettext("import step", "Look at it"),
        pgettext("import step", "Take it in"),
        pgettext("import step", "Done"),
    ]
    return {"labels": labels, "current": current}


@register.inclusion_tag("imports/_bare.html")
def bare_field(bound: BoundField) -> dict[str, Any]:
    """Draw a field whose label stands elsewhere: the control, and its errors."""
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={"class": "input input-s"}),
        "error_id": f"{bound.auto_id}_error",
    }
