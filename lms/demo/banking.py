"""The item bank of the demo: the questions of the modules, kept to be used again, with their skills as tags."""

import uuid
from collections.abc import Iterator

from courses.quizzes.bank.actions import put
from courses.quizzes.bank.items import Draft, Option
from courses.quizzes.bank.models import BankItem
from lms.demo import script
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import Content


def items(content: Content, calendar: Calendar, seed: int, client: uuid.UUID) -> Iterator[BankItem]:
    """Return each question as an item of the client's bank, dated as its module: unsaved rows."""
    for module in content.modules:
        published = script.published(module.key, calendar)
        rng = stream(seed, "bank", module.key)
        for number, raw in enumerate(module.items, start=1):
            row = BankItem(
                id=uuid_at(rng, published),
                organisation_id=client,
                is_demo=True,
                created_at=published,
            )
            draft = Draft(
                code=f"{module.key}-{number}",
                kind=raw["kind"],
                stem=raw["stem"],
                options=tuple(
                    Option(each["text"], each["correct"], each["explanation"])
                    for each in raw["options"]
                ),
                explanation=raw["explanation"],
                weight=raw.get("weight", 1),
                skills=module.skills,
                language=content.language,
            )
            put(row, draft)
            row.changed_at = published
            yield row
