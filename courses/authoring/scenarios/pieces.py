"""The desk in pieces, each of which can be drawn anew alone: outline, form, side."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from courses.authoring.queries import drafts, media
from courses.authoring.scenarios import mapping, naming_aces, queries, words
from courses.authoring.scenarios.showing import Shown
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest

TEMPLATES = {
    "outline": "scenarios/desk/_outline.html",
    "form": "scenarios/desk/_form.html",
    "side": "scenarios/desk/_side.html",
}


def context(
    request: PersonRequest, drafted: Drafted, scene: str = "", panel: str = ""
) -> dict[str, Any]:
    """Return what the desk is drawn from. Seven queries at most, whatever the scenario's size."""
    shown = Shown(drafted.document, drafted.report, scene)
    scenario, draft = drafted.scenario, drafted.draft
    address = reverse("scenario_desk:desk", args=[scenario.pk])
    files = media.described(request.person.pk, _files(shown))
    picked = naming_aces.options(request.person)
    states = queries.history(scenario.pk, request.person.pk)
    return {
        "drafted": drafted,
        "document": drafted.document,
        "shown": shown,
        "panel": panel if panel == "settings" else "",
        "address": address,
        "edit_url": reverse("scenario_desk:edit", args=[scenario.pk]),
        "links": links(scenario.pk),
        "map": mapping.draw(
            drafted.document,
            drafted.report,
            link=lambda key: f"{address}?scene={key}",
            current=shown.key,
        ),
        "media": {str(pk): each.to_json() for pk, each in files.items()},
        "face": files.get(uuid.UUID(shown.scene.face))
        if shown.scene and shown.scene.face
        else None,
        "saved_by": drafts.names([draft.saved_by]).get(draft.saved_by, ""),
        "can_undo": "done" in states,
        "can_redo": "undone" in states,
        "aces": picked,
        "ace_ids": {key for key, _said in picked},
        "words": words,
        "languages": settings.LANGUAGES,
    }


def _files(shown: Shown) -> set[uuid.UUID]:
    """Return the files that this scene's form shows."""
    scene = shown.scene
    if scene is None:
        return set()
    whys = [shown.why, *(each.why for each in shown.choices)]
    named = [scene.face, scene.picture, scene.video, *(why.video for why in whys)]
    return {uuid.UUID(each) for each in named if each}


def links(scenario_id: uuid.UUID) -> dict[str, str]:
    """Return where the desk leads to; empty where nothing stands yet."""
    names = ("map", "preview", "publish", "versions", "paste", "bring", "export", "aces")
    return {name: _address(f"scenario_desk:{name}", scenario_id) for name in names}


def _address(name: str, scenario_id: uuid.UUID) -> str:
    try:
        return reverse(name, args=[scenario_id])
    except NoReverseMatch:
        return ""


def wanted(request: HttpRequest) -> bool:
    """Say whether the desk's script asks, which takes pieces; a form without scripts takes pages."""
    return request.headers.get("Accept") == "application/json"


def drawn(request: HttpRequest, found: dict[str, Any], *names: str) -> dict[str, str]:
    """Return these pieces as markup."""
    return {name: render_to_string(TEMPLATES[name], found, request) for name in names}
