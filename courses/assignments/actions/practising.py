"""Asking people to practise again what they have finished and not understood."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from core import mail
from core.ids import uuid7
from core.models import Notice
from core.notices.actions import notify_many
from core.scope import CLIENT, scoped
from courses.assignments import words
from courses.assignments.actions.telling import sender
from courses.assignments.queries import practising
from courses.catalog.models import Module
from courses.catalog.naming import public_title
from courses.progress.models import ModuleProgress
from courses.quizzes.models import QuizVersion
from partners.models import Person
from partners.queries.client import client, zone


@transaction.atomic
def ask_to_practise(*, actor: Person, module: Module, people: "QuerySet[Any]") -> int:
    """Ask those of these people to practise a module who have finished it and not understood it, once a week each.

    `people` are ids of persons, lazy; whom the actor may not ask, or who hasn't signed up, is left out. Returns how
    many were asked now.
    """
    today = timezone.now().astimezone(zone(client())).date()
    url, title = _way(module), public_title(module)
    with scoped(CLIENT):
        found = practising.to_ask(actor, people, module.pk).select_related("person__account")
        rows = list(found.order_by("pk"))
        notices = [_notice(actor, row, title, url, today) for row in rows]
        notify_many(notices)
        told = zip(rows, notices, strict=True)
        letters = [
            _letter(row.person.email, row.person, one) for row, one in told if row.person.email
        ]
        if letters:
            mail.post_many(letters)
    return len(notices)


def _letter(address: str, person: Person, notice: Notice) -> mail.Letter:
    home = client()
    usual = home.language if home else settings.LANGUAGE_CODE
    with translation.override(person.language or usual):
        subject, text = words.letter(
            words.PRACTISE,
            notice.data,
            name=person.name,
            client=home.name if home else "",
            url=settings.PUBLIC_URL + notice.url,
        )
    return mail.Letter(notice.key, address, subject, text)


def _notice(actor: Person, row: ModuleProgress, title: str, url: str, today: dt.date) -> Notice:
    home = row.person.organisation_id
    return Notice(
        id=uuid7(),
        key=practising.key_of(row.module_id, row.person_id, today),
        person_id=row.person_id,
        organisation_id=home,
        kind=f"assignments.{words.PRACTISE}",
        url=url,
        data={"title": title, **sender(actor, home)},
    )


def _way(module: Module) -> str:
    """Return where a module is practised: its quiz, with what was missed, or the page where its scenario begins."""
    if QuizVersion.objects.filter(module_version=module.version_id).exists():
        return reverse("quizzes:quiz", args=[module.pk]) + "?retry=1"
    return reverse("courses:module", args=[module.pk])
