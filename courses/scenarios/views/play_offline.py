"""What a page tells its script: where the run stands, and what is noted of what was read and watched."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.scenarios.fold import State
from courses.scenarios.played import Place
from courses.scenarios.views.play_shown import MOODS, OUTCOMES, QUALITIES, WATCHED
from partners.requests import PersonRequest

_OF_STATE = ("seq", "turn", "scene", "status", "attempt", "values", "visits", "chosen")


def known(state: State) -> dict[str, Any]:
    """Return of a practice run's state what going on without network needs: no points, nothing that was judged."""
    raw = state.to_json()
    return {name: raw[name] for name in _OF_STATE}


def page(request: PersonRequest, place: Place) -> dict[str, Any]:
    """Return what the script of a scene's page has to know; no state of an exam, which is played online only."""
    run, scenario = place.running, place.scenario
    return {
        "scenario": scenario.pk,
        "module": scenario.module_id,
        "title": place.document.title,
        "version": run.version_id if run else scenario.version_id,
        "run": run.pk if run else "",
        "state": json.dumps(known(State.of_json(run.folded))) if run and not place.is_exam else "",
        "attempt": run.attempt if run else place.next_attempt,
        "pace": run.pace if run else "normal",
        "package": ""
        if place.is_exam
        else reverse("scenarios:api_package", args=[scenario.module_id]),
        "rendered": timezone.now().isoformat(),
        "words": () if place.is_exam else _words(),
    }


def _words() -> list[tuple[str, str]]:
    """Return the words that the script puts together; what it fills in stands in square brackets."""
    gaps = {name: f"[{name}]" for name in ("number", "title", "name", "was", "now", "most")}
    found = {
        "number": _("Scene %(number)s"),
        "titled": _("Scene %(number)s: %(title)s"),
        "thinks": _("How %(name)s would think"),
        "brought": _("What it brought"),
        "change": _("from %(was)s to %(now)s"),
        "pips": _("%(name)s: %(now)s of %(most)s"),
        "seconds": _("%(seconds)s seconds left"),
        "no-limit": _("The time limit is off. Take the time that you need."),
        "late": _("The time was over"),
        "nothing-said": _("Nothing was said in time."),
        "mine": _("Your choice"),
        "best": _("The best move here"),
        "ace": _("What the ace would have done"),
    }
    words = {name: text % {**gaps, "seconds": "[seconds]"} for name, text in found.items()}
    words |= {f"mood-{name}": str(text) for name, text in MOODS.items()}
    words |= {f"outcome-{name}": str(text) for name, text in OUTCOMES.items()}
    words |= {f"is-{name}": str(text) for name, text in QUALITIES.items()}
    return list(words.items())


def notes(
    run_id: uuid.UUID, seq: int, scene: str, consequence: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return where and under which keys it is noted that an explanation was opened and watched; None without one.

    The keys follow from the decision, so that opening the page again notes nothing.
    """
    if consequence["why"] is None:
        return None
    return {
        "url": reverse("scenarios:api_note", args=[run_id]),
        "about": consequence["choice"] or scene,
        "opened": uuid.uuid5(run_id, f"{seq} opened"),
        "watched": " ".join(f"{part}:{uuid.uuid5(run_id, f'{seq} {part}')}" for part in WATCHED),
    }
