"""The draft as its editor gets it: in the page as a data island, and by the API."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from courses.authoring import advice
from courses.authoring.queries import drafts
from courses.authoring.queries.drafts import Editing
from partners.models import Person


def of(editing: Editing, person: Person) -> dict[str, Any]:
    """Return what the editor's scripts need to know of a module. One query: the name of who saved last."""
    current = editing.current
    return {
        "module": str(editing.module.pk),
        "revision": current.revision,
        "saved_at": current.saved_at.isoformat(),
        "saved_by": drafts.names([current.saved_by]).get(current.saved_by, ""),
        "saved_by_oneself": current.saved_by == person.pk,
        "document": current.document.to_json(),
        "media": {str(pk): each.to_json() for pk, each in editing.media.items()},
        "problems": advice.as_json(editing.problems),
        "warnings": advice.as_json(editing.warnings),
        "urls": addresses(editing),
    }


def addresses(editing: Editing) -> dict[str, str]:
    """Return where the editor sends and leads to; empty where nothing stands yet."""
    module = editing.module.pk
    return {
        "list": reverse("authoring:courses"),
        "save": reverse("authoring:api_draft", args=[module]),
        "media": reverse("authoring:api_media"),
        "pictures": reverse("authoring:api_pictures"),
        "publish": reverse("authoring:publish", args=[module]),
        "preview": reverse("authoring:preview", args=[module]),
        "history": reverse("authoring:history", args=[module]),
        "terms": _address("catalog:terms"),
        "term_list": _address("catalog:word_list"),
        "bank": _address("quizzes:bank"),
        "scenario": reverse("scenario_desk:of_module", args=[module]),
    }


def _address(name: str) -> str:
    """Return the address of another app's page, empty where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
