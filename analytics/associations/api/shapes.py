"""What programs are told of reports."""

from rest_framework import serializers

from analytics.associations import measures
from analytics.associations.models import Report
from core.api.paging import Paged
from core.api.shapes import Choice, Moment, Shape


class QuestionShape(Shape):
    """What was asked; null stands for all."""

    since = serializers.DateField(help_text="The first month of sales.")
    until = serializers.DateField(help_text="The month after the last one of sales.")
    lag = serializers.IntegerField(help_text="How many months learning lies before sales.")
    learning = serializers.ChoiceField(choices=measures.LEARNING, help_text="What of learning.")
    sales = serializers.ChoiceField(choices=measures.SALES, help_text="What of sales.")
    currency = serializers.CharField(help_text="Of measures in money; else empty.")
    product_id = serializers.UUIDField(allow_null=True, help_text="Of which product.")
    course_id = serializers.UUIDField(allow_null=True, help_text="Of which course.")
    organisation_id = serializers.UUIDField(allow_null=True, help_text="Of which company.")
    team_id = serializers.UUIDField(allow_null=True, help_text="Of which team.")


class NumberShape(Shape):
    """A figure with its 95 % interval and the number of people that it stands on."""

    name = serializers.CharField(
        help_text="`pooled`, `within`, `between` are rank correlations, `partial` is at equal tenure, `slope…` lines."
    )
    value = serializers.FloatField(help_text="The estimate.")
    low = serializers.FloatField(allow_null=True, help_text="Where the interval begins.")
    high = serializers.FloatField(allow_null=True, help_text="Where it ends.")
    n = serializers.IntegerField(help_text="Of how many reps.")


class ReportShape(Shape):
    """A question about learning and sales, and what was found: the same for ever."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    state = serializers.ChoiceField(
        choices=[Report.State.WAITING, Report.State.READY, Report.State.FAILED],
        help_text="Numbers are there once it is `ready`.",
    )
    question = QuestionShape(help_text="What was asked.")
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the figures were read.")
    inputs = serializers.CharField(help_text="A hash of all figures that went in.")
    engine = serializers.CharField(help_text="The version of the rules.")
    grade = serializers.CharField(
        allow_null=True,
        help_text="How far it can be trusted: C the same rep over time, D an association, E too little data.",
    )
    reason = serializers.CharField(allow_null=True, help_text="Why no number is said, if none is.")
    reps = serializers.IntegerField(allow_null=True, help_text="How many reps it stands on.")
    partners = serializers.IntegerField(allow_null=True, help_text="Of how many companies.")
    missing = serializers.IntegerField(
        allow_null=True, help_text="Reps left out for want of figures."
    )
    smallest = serializers.FloatField(
        allow_null=True, help_text="The smallest correlation that would probably have been seen."
    )
    numbers = NumberShape(many=True, help_text="What is said; none where too little is known.")


class ReportsQuery(Paged):
    """Which reports."""

    state = Choice(
        required=False,
        choices=[Report.State.WAITING, Report.State.READY, Report.State.FAILED],
        help_text="In this state.",
    )
    created_since = Moment(required=False, help_text="Asked at or after this moment.")
