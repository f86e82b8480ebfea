"""Rows of the bank: items, and files that were brought to it."""

from typing import TYPE_CHECKING

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from core.ids import uuid7
from courses.catalog.blocks import LETTERS
from courses.quizzes.bank.items import MOST, Draft, Option
from partners.folding import all_held

if TYPE_CHECKING:
    from partners.models import Person

KEEPERS = ("author", "admin")
"""Who works on the bank, among the client's people."""


def keeps_bank(person: "Person") -> bool:
    """Say whether somebody may see and change the bank."""
    return person.of_client and person.has_role(*KEEPERS)


class BankItemQuerySet(models.QuerySet["BankItem"]):
    """Items, as somebody may see them."""

    def visible_to(self, person: "Person") -> "BankItemQuerySet":
        """The client's authors and administrators see the client's bank; everybody else nothing."""
        if not keeps_bank(person):
            return self.none()
        return self.filter(organisation_id=person.organisation_id)

    def matching(self, words: str) -> "BankItemQuerySet":
        """Keep those whose code, texts or tags hold each of the words, in any width, kana and variant signs."""
        return self.filter(all_held("search", words))

    def tagged(self, tag: str) -> "BankItemQuerySet":
        """Keep those with this skill or product."""
        return self.filter(Q(skills__contains=[tag]) | Q(products__contains=[tag]))


@pghistory.track(exclude=["search"])
class BankItem(models.Model):
    """A question that authors keep to use it again; `code` is its name in files.

    `options` = `[{key, text, correct, explanation}]`, as in a quiz. A quiz holds a copy with this row's id.
    """

    class Kind(models.TextChoices):
        """One right option, several, or a statement that is true or false."""

        SINGLE = "single"
        MULTIPLE = "multiple"
        TRUEFALSE = "truefalse"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=MOST["code"])
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    stem = models.CharField(max_length=MOST["stem"])
    options = models.JSONField(default=list)
    explanation = models.CharField(max_length=MOST["explanation"], blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    skills = ArrayField(models.CharField(max_length=MOST["tag"]), default=list, blank=True)
    products = ArrayField(models.CharField(max_length=MOST["tag"]), default=list, blank=True)
    language = models.CharField(max_length=8, default="ja")
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    search = models.TextField(default="", editable=False)

    objects = BankItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(F("organisation"), Lower("code"), name="bank_item_code_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(stem=""), name="bank_item_has_words"),
            models.CheckConstraint(
                condition=Q(kind__in=["single", "multiple", "truefalse"]),
                name="bank_item_kind_known",
            ),
            models.CheckConstraint(condition=Q(weight__range=(1, 10)), name="bank_item_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.stem[:40]}"

    @property
    def draft(self) -> Draft:
        """What the item holds, as somebody would write it."""
        return Draft(
            code=self.code,
            kind=self.kind,
            stem=self.stem,
            options=tuple(
                Option(raw["text"], raw["correct"], raw["explanation"]) for raw in self.options
            ),
            explanation=self.explanation,
            weight=self.weight,
            skills=tuple(self.skills),
            products=tuple(self.products),
            language=self.language,
            is_archived=self.is_archived,
        )

    @property
    def tags(self) -> list[str]:
        """Skills, then products."""
        return [*self.skills, *self.products]

    @property
    def lettered(self) -> list[tuple[str, dict[str, object]]]:
        """The options with the letters that people count them by."""
        return list(zip(LETTERS, self.options, strict=False))


class BankFile(models.Model):
    """A file that was brought to the bank: first looked at, then entered, once. Its content goes then.

    `outcome` = `{"new", "changed", "same"}`, how many rows became what.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    brought_by = models.UUIDField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    encoding = models.CharField(max_length=10, blank=True)
    brought_at = models.DateTimeField(db_default=Now())
    entered_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(content__isnull=True),
                name="bank_file_content_goes",
            ),
        ]

    def __str__(self) -> str:
        return self.name
