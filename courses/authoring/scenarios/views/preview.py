"""A scenario's draft on a phone, as a rep would play it, from any scene and with any values. Nothing is stored."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.mediafiles import links
from courses.authoring.doors import authors
from courses.authoring.scenarios import told, trying, words
from courses.authoring.scenarios.naming import Names
from courses.authoring.scenarios.trying import Asked, Play
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.scenarios import aces
from courses.scenarios.debrief import Fork
from courses.scenarios.document import Document, Variable
from courses.scenarios.views import play_shown
from partners.requests import PersonRequest

_VALUE = "v-"
"""What stands before a variable's key in an address."""


@dataclass(frozen=True)
class Address:
    """What an address says of a play: in which language, how it begins, what was chosen."""

    language: str
    wanted: Asked
    document: Document
    choices: Sequence[str]

    @cached_property
    def begins(self) -> list[tuple[str, str]]:
        """How the play begins, as an address says it."""
        said = [("language", self.language), ("scene", self.wanted.scene)]
        if self.wanted.attempt > 1:
            said.append(("attempt", str(self.wanted.attempt)))
        for each in self.document.variables:
            value = self.wanted.values[each.key]
            if value != each.initial:
                said.append((f"{_VALUE}{each.key}", _as_said(value)))
        return said

    def after(self, choices: Sequence[str], *, is_told: bool = False) -> str:
        """Return the query of a play after these choices; `is_told`: of what the last one brought."""
        tail = [("c", each) for each in choices] + ([("told", "1")] if is_told else [])
        return "?" + urlencode([*self.begins, *tail])


def _as_said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _address(request: PersonRequest, document: Document) -> Address:
    language = request.GET.get("language", "")
    said = {
        name.removeprefix(_VALUE): value
        for name, value in request.GET.items()
        if name.startswith(_VALUE)
    }
    wanted = trying.asked(
        document,
        scene=request.GET.get("scene", ""),
        values={name: str(value) for name, value in said.items()},
        attempt=request.GET.get("attempt", ""),
    )
    known = language in dict(settings.LANGUAGES)
    return Address(
        language if known else get_language() or "ja", wanted, document, request.GET.getlist("c")
    )


@never_cache
@csp_replace({"frame-src": ["'self'"]})
@authors
@require_safe
def preview(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Show the draft in a phone's frame, beside a form that says from where and with which values."""
    drafted = draft_or_404(request, scenario_id)
    document = drafted.document
    address = _address(request, document)
    names = Names(document)
    context = {
        "phone": address.after([]),
        "scene": address.wanted.scene,
        "begins": names.scene(address.wanted.scene, 24),
        "scenes": [(each.key, names.scene(each.key)) for each in document.scenes],
        "variables": [(each, _field(each, address)) for each in document.variables],
        "attempt": address.wanted.attempt if trying.asks_attempt(document) else None,
        "language": address.language,
        "languages": settings.LANGUAGES,
        "yes_no": words.YES_NO,
        **told.both(document, drafted.report),
    }
    return shown(request, "preview", drafted, context)


def _field(variable: Variable, address: Address) -> dict[str, str]:
    value = _as_said(address.wanted.values[variable.key])
    return {"name": f"{_VALUE}{variable.key}", "value": value}


@never_cache
@csp_replace({"frame-ancestors": ["'self'"]})
@xframe_options_sameorigin
@authors
@require_safe
def phone(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """What is inside the phone's frame: a scene, what a choice brought, or the end."""
    drafted = draft_or_404(request, scenario_id)
    address = _address(request, drafted.document)
    document = trying.begun_so(drafted.document, address.wanted)
    with translation.override(address.language):
        play = Play(document, address.choices, address.wanted.attempt)
        found = play.told() if request.GET.get("told") else None
        context = {
            "document": document,
            "place": {"document": document},
            "play": play,
            "begins": address.begins,
            "again": address.after([]),
            "kept": _kept(play),
            "unasked": not play.made,
        }
        if play.stopped:
            context |= {"errors": told.findings(document, drafted.report.errors)}
            return render(request, "scenarios/preview/stopped.html", context)
        if found is not None and not play.changed:
            context |= play_shown.told(request.person, found, _face_for(request))
            context |= {"on": address.after(play.made), "back": address.after(play.made[:-1])}
            return render(request, "scenarios/preview/told.html", context)
        if play.is_over:
            context |= play_shown.ended(request.person.pk, play.ended(), _way(play, address))
            return render(request, "scenarios/preview/ended.html", context)
        context |= {"look": play_shown.look(request.person.pk, document, play.state)}
        return render(request, "scenarios/preview/scene.html", context)


def _face_for(request: PersonRequest) -> Callable[[str, uuid.UUID], str]:
    return lambda _ace, asset: links.picture_url(request.person.pk, asset, aces.SIZE)


def _way(play: Play, address: Address) -> Any:
    """Return where the why of a fork is told: with the choices up to it."""
    turns = [each.seq for each in play.log if each.kind in {"choice_made", "timed_out"}]

    def url(fork: Fork) -> str:
        return address.after(play.made[: turns.index(fork.seq) + 1], is_told=True)

    return url


def _kept(play: Play) -> list[tuple[str, str]]:
    """Return what the play remembers now: each variable with its value."""
    values = play.state.values
    yes_no = dict(words.YES_NO)
    return [
        (
            each.name,
            str(yes_no[_as_said(values[each.key])])
            if each.kind == "bool"
            else str(values[each.key]),
        )
        for each in play.document.variables
        if each.key in values
    ]
