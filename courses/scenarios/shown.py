"""What a phone receives. Before a choice is made nothing tells what is right: no points, targets, quality or why.

Plain values for pages and JSON; media stay ids, which a door describes and signs. No Django.
"""

from typing import Any

from courses.scenarios import conditions, fold, writing
from courses.scenarios.debrief import best_of
from courses.scenarios.document import Choice, Document, Explanation, Scene
from courses.scenarios.fold import State


def scene(document: Document, state: State) -> dict[str, Any]:
    """Return the present scene as a phone may know it, with the choices that are offered now."""
    here = document.by_key[state.scene]
    found = {**_look(here), "seq": state.turn, "status": state.status}
    if here.is_ending:
        return found | {"outcome": here.outcome, "message": here.message}
    offered = fold.available(document, state)
    found["choices"] = [{"key": each.key, "text": each.text} for each in offered]
    found["seconds"] = here.limit.seconds if here.limit else None
    return found


def _look(here: Scene) -> dict[str, Any]:
    return {
        "key": here.key,
        "kind": here.kind,
        "title": here.title,
        "chapter": here.chapter,
        "speaker": here.speaker,
        "mood": here.mood,
        "face": here.face,
        "text": here.text,
        "picture": here.picture,
        "alt": here.alt,
        "video": here.video,
    }


def consequence(document: Document, before: State, choice_key: str) -> dict[str, Any]:
    """Return what may be told once a choice is made: reaction, quality, why, and the best answer beside it.

    `before` is the state in which it was made; an empty key is a time-out. `best` is empty where nothing better was
    offered: another answer that is as good would read as a correction.
    """
    offered = fold.available(document, before)
    made = next((each for each in offered if each.key == choice_key), None)
    best = best_of(offered)
    by_key = {each.key: each for each in offered}
    return {
        "scene": before.scene,
        "choice": choice_key,
        "text": made.text if made else "",
        "reaction": made.reaction if made else "",
        "quality": made.quality if made else "poor",
        "why": why(document, choice_key) or why(document, before.scene),
        "best": [] if choice_key in best else [_beside(document, by_key[key]) for key in best],
    }


def _beside(document: Document, choice: Choice) -> dict[str, Any]:
    return {"key": choice.key, "text": choice.text, "why": why(document, choice.key)}


def why(document: Document, key: str) -> dict[str, Any] | None:
    """Return the explanation of a choice or scene, as JSON; None where there is nothing to say."""
    found: Explanation | None = document.explanations.get(key)
    if found is None or not found.says_something:
        return None
    return writing.dump_explanation(found)


def package(document: Document) -> dict[str, Any]:
    """Return what a phone needs to play a practice run without network: targets and whys, never points.

    Raises ValueError for an exam, which is played online only.
    """
    if document.settings.mode == "exam":
        raise ValueError("An exam is played online only")
    return {
        "schema": 1,
        "title": document.title,
        "language": document.language,
        "start": document.start,
        "back": document.settings.back,
        "variables": [writing.dump_variable(each) for each in document.variables],
        "scenes": [_carried(each) for each in document.scenes if not each.parked],
        "explanations": {key: why(document, key) for key in document.explanations},
    }


def _carried(each: Scene) -> dict[str, Any]:
    found = _look(each)
    if each.is_ending:
        return found | {"outcome": each.outcome, "message": each.message}
    return found | {
        "limit": {"seconds": each.limit.seconds, "to": each.limit.to} if each.limit else None,
        "choices": [_carried_choice(choice) for choice in each.choices],
    }


def _carried_choice(choice: Choice) -> dict[str, Any]:
    return {
        "key": choice.key,
        "text": choice.text,
        "reaction": choice.reaction,
        "quality": choice.quality,
        "condition": conditions.dump(choice.condition),
        "effects": [writing.dump_effect(each) for each in choice.effects],
        "routes": [writing.dump_route(each) for each in choice.routes],
        "to": choice.to,
    }
