"""Pages of learning: the shelf, a module, and what this phone holds."""

import itertools
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from core import ids, nav
from core.access import allow
from courses.catalog import reading
from courses.catalog.keeping import keepable
from courses.progress import queries
from courses.scenarios import played
from partners.requests import PersonRequest

MOST_LETTERS = 100
"""What is longer is no search."""


@allow("person")
@keepable
def learn(request: PersonRequest) -> HttpResponse:
    """The modules by course, each with how far this person is; what is asked stands on the first page."""
    page = queries.ways_page(
        request.person, request.GET.get("page"), _uuid(request.GET.get("course", ""))
    )
    courses = [
        (course_id, name, list(group))
        for (course_id, name), group in itertools.groupby(
            page.object_list, lambda way: (way.course_id, way.course)
        )
    ]
    asked = queries.asked_ways(request.person) if page.number == 1 else []
    context = {"asked": asked, "courses": courses, "page": page}
    return render(request, "progress/learn.html", context)


@allow("person")
def find(request: PersonRequest) -> HttpResponse:
    """The lessons and posts that hold the words somebody looks for, also misspelt ones."""
    wanted = request.GET.get("q", "").strip()[:MOST_LETTERS]
    context = {"q": wanted, "found": queries.find_ways(request.person, wanted)}
    return render(request, "progress/find.html", context)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return ids.parse(text)
    except ValueError:
        return None


@allow("person")
@keepable
def module(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """One module: video, words, its scenario, and the way to its quiz."""
    person = request.person
    way = queries.way(person, module_id)
    if way is None:
        raise Http404
    document = queries.document(way.version_id)
    finished = way.state in {queries.FINISHED, queries.UNDERSTOOD}
    blocks = reading.blocks(document, person.pk, get_language() or "ja", way.resume_ms)
    asks_scenario = any(block.kind == "scenario" for block in blocks)
    leads = bool(blocks) and blocks[0].kind == "video"
    place = played.place(person, module_id) if asks_scenario else None
    is_revised = asks_scenario and place is None
    context = {
        "way": way,
        "blocks": blocks,
        "top": blocks[0] if leads else None,
        "rest": [block for block in blocks[leads:] if block.kind not in {"quiz", "scenario"}],
        "steps": reading.steps(
            document, watched=way.at_quiz, finished=finished, plays=not is_revised
        ),
        "finished": finished,
        "place": place,
        "is_revised": is_revised,
    }
    return render(request, "progress/module.html", context)


@allow("anyone")
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows without network; it is the same for everybody."""
    return render(request, "progress/offline.html", {"person": None, "places": nav.names()})
