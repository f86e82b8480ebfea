"""What programs are told of imports."""

from rest_framework import serializers

from core.api.paging import Paged
from core.api.shapes import Choice, Id, Moment, Shape
from sales.imports.models import GRAINS, Import

_GRAINS = [grain for grain, _label in GRAINS]


class ImportShape(Shape):
    """A file of sales figures, and what came of it; counts are rows, null until they were looked at."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    source = serializers.UUIDField(help_text="Whose figures they are.")  # type: ignore[assignment]
    grain = serializers.ChoiceField(choices=_GRAINS, help_text="Deals, or counts by day.")
    state = serializers.ChoiceField(
        choices=Import.State.values,
        help_text="How far it is: `checked` waits for somebody to take it in, `applied` counts.",
    )
    name = serializers.CharField(help_text="The file's name.")
    rows = serializers.IntegerField(help_text="How many rows it has, without the names of columns.")
    new = serializers.IntegerField(allow_null=True, help_text="Rows that say something new.")
    changed = serializers.IntegerField(
        allow_null=True, help_text="Rows that correct what was there."
    )
    unchanged = serializers.IntegerField(allow_null=True, help_text="Rows that change nothing.")
    left_out = serializers.IntegerField(
        allow_null=True, help_text="Rows with problems: see `listImportProblems`."
    )
    brought_by = serializers.UUIDField(help_text="Who brought it.")
    brought_at = serializers.DateTimeField(help_text="When it was brought.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken in.")
    undone_at = serializers.DateTimeField(allow_null=True, help_text="When it was taken back.")


class ImportsQuery(Paged):
    """Which imports."""

    source = Id(required=False, help_text="Of this source.")  # type: ignore[assignment]
    grain = Choice(required=False, choices=_GRAINS, help_text="Of deals, or of counts by day.")
    state = Choice(required=False, choices=Import.State.values, help_text="In this state.")
    brought_since = Moment(required=False, help_text="Brought at or after this moment.")


class ImportProblemShape(Shape):
    """A cell, or a whole row, that can't be taken in as it stands."""

    row = serializers.IntegerField(help_text="Which row of the file; the names of columns are 1.")
    column = serializers.CharField(help_text="Which column; empty where it is the whole row.")
    value = serializers.CharField(help_text="What stands there, cut after 200 letters.")
    code = serializers.CharField(help_text="What is wrong, for programs.")
    message = serializers.CharField(help_text="What is wrong, in the person's language.")
    remedy = serializers.CharField(help_text="How to mend it, in the person's language.")
