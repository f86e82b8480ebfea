"""Courses and modules for tests, in one line each.

>>> module = make_module(items=[single("q001"), multiple("q002")])
>>> answer_all(person, module, right=1)
"""

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

from core.scope import CLIENT, scoped
from courses.catalog import markdown
from courses.catalog.models import Block, Course, Module
from courses.progress.publishing import publish
from courses.quizzes.actions import Delivered, GivenAnswer, Receipt, take_answers
from courses.quizzes.models import Quiz, QuizVersion
from partners.models import Person

_numbers = itertools.count(1)


def make_course(title: str = "はじめての商談", **fields: Any) -> Course:
    """Make a course."""
    return Course.objects.create(title=title, **fields)


def single(key: str, *, right: str = "a", options: int = 4, **fields: Any) -> dict[str, Any]:
    """Return a single-choice question whose right option is `right` of a, b, c, …"""
    return _item(key, "single", {right}, options, fields)


def multiple(key: str, *, right: str = "ab", options: int = 4, **fields: Any) -> dict[str, Any]:
    """Return a multiple-choice question; each letter of `right` is a right option."""
    return _item(key, "multiple", set(right), options, fields)


def truefalse(key: str, *, right: bool = True) -> dict[str, Any]:
    """Return a true/false question."""
    options = [
        {
            "key": name,
            "text": name,
            "correct": (name == "true") is right,
            "explanation": f"why {name}",
        }
        for name in ("true", "false")
    ]
    return {
        "key": key,
        "kind": "truefalse",
        "stem": f"{key}?",
        "weight": 1,
        "options": options,
        "explanation": f"because {key}",
    }


def _item(
    key: str, kind: str, right: set[str], count: int, fields: dict[str, Any]
) -> dict[str, Any]:
    letters = "abcdefgh"[:count]
    options = [
        {
            "key": each,
            "text": f"{key} {each}",
            "correct": each in right,
            "explanation": f"why {each}",
        }
        for each in letters
    ]
    base = {
        "key": key,
        "kind": kind,
        "stem": f"{key}?",
        "weight": 1,
        "options": options,
        "explanation": f"because {key}",
    }
    return base | fields


def make_module(
    *,
    items: Sequence[dict[str, Any]] | None = None,
    blocks: Sequence[tuple[str, dict[str, Any]]] = (),
    course: Course | None = None,
    published: bool = True,
    **fields: Any,
) -> Module:
    """Make a module with a text, the given blocks and a quiz of four questions (or `items`), published."""
    number = next(_numbers)
    module = Module.objects.create(
        course=course or make_course(),
        **{"title": f"モジュール{number}", "minutes": 3, "position": number, **fields},
    )
    questions = (
        [single("q001"), single("q002", right="b"), multiple("q003"), truefalse("q004")]
        if items is None
        else list(items)
    )
    text = {
        "doc": markdown.to_doc(
            "## 比べる相手を聞く\n\n値引きの前に、**何と**比べているかを聞きます。"
        )
    }
    contents = [("text", text), *blocks, *([("quiz", {"items": questions})] if questions else [])]
    for position, (kind, data) in enumerate(contents):
        Block.objects.create(
            module=module, key=f"blk{position:03}", kind=kind, data=data, position=position
        )
    if published:
        with scoped(CLIENT):
            publish(module_id=module.pk, by=None)
        module.refresh_from_db()
    return module


def quiz_of(module: Module) -> Quiz:
    """Return the module's quiz."""
    return Quiz.objects.get(module=module)


def version_of(module: Module) -> QuizVersion:
    """Return the published version of the module's quiz."""
    return QuizVersion.objects.get(module_version_id=module.version_id)


def answers_for(module: Module, *, right: int | None = None, seq: int = 1) -> list[GivenAnswer]:
    """Return an answer to each question: the first `right` of them right (all by default), the others wrong."""
    items = version_of(module).document["items"]
    count = len(items) if right is None else right
    given = []
    for index, item in enumerate(items):
        keys = [o["key"] for o in item["options"] if o["correct"] is (index < count)]
        chosen = keys if index < count else keys[:1]
        given.append(GivenAnswer(item["key"], tuple(chosen), seq + index, dt.datetime.now(dt.UTC)))
    return given


def hand_in(
    person: Person,
    module: Module,
    *,
    right: int | None = None,
    attempt_id: uuid.UUID | None = None,
    retry: bool = False,
) -> Receipt:
    """Answer every question of the module's quiz and hand the attempt in."""
    return take_answers(
        person=person,
        delivered=Delivered(
            attempt_id=attempt_id or uuid.uuid4(),
            answers=answers_for(module, right=right),
            submit=True,
            module_id=module.pk,
            retry=retry,
        ),
    )
