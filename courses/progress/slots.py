"""What progress shows in lower apps' pages, its place in the navigation, and what a phone keeps of it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core import nav, serviceworker
from core.access import ROLES
from core.api import scopes
from core.slots import fill
from courses.progress import queries, webhooks
from courses.quizzes.models import Attempt
from courses.scenarios.models import Run
from partners.requests import PersonRequest

scopes.register("learning:read", _("Read courses, assignments, progress and results"))

nav.register("learn", _("Learn"), "learn", "courses:learn", roles=ROLES, order=20)

nav.name("catalog:words", _("Glossary"))

webhooks.declare_all()

serviceworker.register("progress/sw.js")
serviceworker.precache(
    "catalog/learn.css",
    "catalog/network.js",
    "catalog/phone.js",
    "catalog/store.js",
    "core/img/calm.svg",
    "progress/keep.js",
    "progress/module.js",
    "progress/offline.js",
    "progress/shelf.js",
    "quizzes/quiz.js",
    "quizzes/waiting.js",
    "scenarios/machine.js",
    "scenarios/offline.js",
    "scenarios/play.css",
    "scenarios/play.js",
)


@fill("attempt.next")
def next_module(request: PersonRequest, *, attempt: Attempt, second: bool) -> str:
    """Offer the module that comes after the one whose quiz was just handed in; `second`: after something else."""
    way = queries.following(request.person, attempt.quiz.module_id)
    return render_to_string("progress/next.html", {"way": way, "second": second}, request)


@fill("run.next")
def next_after_run(request: PersonRequest, *, run: Run) -> str:
    """Offer the module that comes after the one whose scenario has just been played."""
    way = queries.following(request.person, run.scenario.module_id)
    return render_to_string("progress/next.html", {"way": way}, request)
