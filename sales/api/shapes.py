"""What programs are told of sales, and what they tell."""

from rest_framework import serializers

from core.api.paging import Paged
from core.api.shapes import Choice, Day, Flag, Id, Moment, Shape, Text, Whole
from sales.measures import LARGEST_COUNT
from sales.models import Activity, Opportunity, Source, StageEntry

MOST_ROWS = 1000
_OUTCOMES, _STAGES = Opportunity.Outcome.values, StageEntry.Stage.values


class ProductShape(Shape):
    """Something that the client sells."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    code = serializers.CharField(help_text="Names it in files, whatever the case.")
    name = serializers.CharField(help_text="Its name.")
    is_archived = serializers.BooleanField(help_text="True once it has been put away.")


class SourceShape(Shape):
    """Where figures come from."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    kind = serializers.ChoiceField(
        choices=Source.Kind.values, help_text="Another system, or what people enter by hand."
    )
    name = serializers.CharField(help_text="Its name.")


class ActivityShape(Shape):
    """How often a person did something for a product on one day, as one source tells it."""

    person = serializers.UUIDField(help_text="Who.")
    organisation = serializers.UUIDField(help_text="The company they belonged to on that day.")
    team = serializers.UUIDField(allow_null=True, help_text="Their team on that day.")
    source = serializers.UUIDField(help_text="Who tells it.")  # type: ignore[assignment]
    product = serializers.UUIDField(help_text="For which product.")
    day = serializers.DateField(help_text="On which day, where the client is.")
    measure = serializers.ChoiceField(choices=Activity.Measure.values, help_text="What is counted.")
    count = serializers.IntegerField(help_text="How often.")


class StagesShape(Shape):
    """When a deal first came to each stage; null where it has not."""

    appointment = serializers.DateTimeField(allow_null=True, help_text="An appointment was made.")
    qualified = serializers.DateTimeField(
        allow_null=True, help_text="A qualified meeting was held."
    )
    proposal = serializers.DateTimeField(allow_null=True, help_text="A proposal was handed over.")


class OpportunityShape(Shape):
    """One possible deal of a customer, as its source tells it now."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    source = serializers.UUIDField(help_text="Who tells it.")  # type: ignore[assignment]
    external_id = serializers.CharField(help_text="By what its source knows it.")
    product = serializers.UUIDField(help_text="Of which product.")
    person = serializers.UUIDField(help_text="Who had it when it was decided, or has it now.")
    organisation = serializers.UUIDField(help_text="Their company then.")
    team = serializers.UUIDField(allow_null=True, help_text="Their team then.")
    opened_at = serializers.DateTimeField(help_text="When it was opened.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="When it was decided.")
    outcome = serializers.ChoiceField(choices=_OUTCOMES, help_text="What became of it.")
    reason = serializers.CharField(help_text="Why it was lost; may be empty.")
    amount = serializers.IntegerField(
        allow_null=True, help_text="In the currency's smallest unit: yen, cents."
    )
    currency = serializers.CharField(help_text="ISO 4217; empty without an amount.")
    stages = StagesShape(help_text="How far it came, as far as one may see it.")
    updated_at = serializers.DateTimeField(help_text="When anything of it last changed here.")


class ProductsQuery(Paged):
    """Which products."""

    code = Text(required=False, max_length=40, help_text="With this code, whatever the case.")
    is_archived = Flag(required=False, help_text="Whether it has been put away.")


class SourcesQuery(Paged):
    """Which sources."""

    kind = Choice(required=False, choices=Source.Kind.values, help_text="Systems, or by hand.")


class ActivitiesQuery(Paged):
    """Which counts."""

    since = Day(required=False, help_text="On or after this day.")
    until = Day(required=False, help_text="Before this day.")
    person = Id(required=False, help_text="Of this person.")
    organisation = Id(required=False, help_text="For this company, as of that day.")
    product = Id(required=False, help_text="For this product.")
    source = Id(required=False, help_text="As this source tells it.")  # type: ignore[assignment]
    measure = Choice(required=False, choices=Activity.Measure.values, help_text="Of this measure.")


class OpportunitiesQuery(Paged):
    """Which deals."""

    person = Id(required=False, help_text="Credited to this person.")
    organisation = Id(required=False, help_text="Credited to this company.")
    product = Id(required=False, help_text="Of this product.")
    source = Id(required=False, help_text="As this source tells it.")  # type: ignore[assignment]
    external_id = Text(required=False, max_length=80, help_text="With this id of its source.")
    outcome = Choice(required=False, choices=_OUTCOMES, help_text="With this outcome.")
    updated_since = Moment(
        required=False,
        help_text="Changed at or after this moment. To follow changes: `next_since` of the answer before.",
    )


_WHO = "The person: our id, their mail address, or their log-in name."
_WHAT = "The product: our id, or its code."


class ToldActivity(Shape):
    """A count of a day."""

    person = Text(max_length=254, help_text=_WHO)
    product = Text(max_length=40, help_text=_WHAT)
    day = Day(help_text="On which day, where the client is.")
    measure = Choice(choices=Activity.Measure.values, help_text="What is counted.")
    count = Whole(
        allow_null=True,
        max_value=LARGEST_COUNT,
        help_text="How often; 0 is a count, null says nothing.",
    )


class ToldOwner(Shape):
    """Who has had a deal since when."""

    person = Text(max_length=254, help_text=_WHO)
    since = Moment(help_text="Since when.")


class ToldStages(Shape):
    """When a deal first came to a stage; what is not told stays."""

    appointment = Moment(required=False, allow_null=True, help_text="An appointment was made.")
    qualified = Moment(required=False, allow_null=True, help_text="A qualified meeting was held.")
    proposal = Moment(required=False, allow_null=True, help_text="A proposal was handed over.")


class ToldOpportunity(Shape):
    """What a source tells of one deal. What is not told, or null, stays as it is."""

    external_id = Text(max_length=80, help_text="By what your system knows it.")
    product = Text(required=False, allow_null=True, max_length=40, help_text=_WHAT)
    opened_at = Moment(required=False, allow_null=True, help_text="When it was opened.")
    closed_at = Moment(required=False, allow_null=True, help_text="When it was decided.")
    outcome = Choice(
        required=False, allow_null=True, choices=_OUTCOMES, help_text="What became of it."
    )
    reason = Text(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="Why it was lost.",
    )
    amount = Whole(required=False, allow_null=True, help_text="In the currency's smallest unit.")
    currency = Text(required=False, allow_null=True, max_length=3, help_text="ISO 4217: JPY.")
    owner = Text(
        required=False, allow_null=True, max_length=254,
        help_text=f"{_WHO} Who has it now, where your system keeps no history.",
    )  # fmt: skip
    owners = ToldOwner(
        many=True, required=False, max_length=100, help_text="Who had it since when."
    )  # type: ignore[call-arg]
    stages = ToldStages(required=False, help_text="When it first came to a stage.")


class ToldActivities(Shape):
    """Counts of days, as one source tells them."""

    source = Id(help_text="Who tells it: a source that is no person.")  # type: ignore[assignment]
    rows = ToldActivity(many=True, max_length=MOST_ROWS, help_text="At most 1000.")  # type: ignore[call-arg]


class ToldOpportunities(Shape):
    """Deals, as one source tells them."""

    source = Id(help_text="Who tells it: a source that is no person.")  # type: ignore[assignment]
    rows = ToldOpportunity(many=True, max_length=MOST_ROWS, help_text="At most 1000.")  # type: ignore[call-arg]


class FaultShape(Shape):
    """Something in a row that is to be mended."""

    field = serializers.CharField(help_text="Which field.")
    code = serializers.CharField(help_text="`unknown`, `future`, `twice` or `contradiction`.")
    message = serializers.CharField(help_text="For people, in the language of whoever asks.")


class RefusedShape(Shape):
    """A row that was left out; all others were written."""

    row = serializers.IntegerField(help_text="Which row, counted from 0.")
    external_id = serializers.CharField(
        allow_null=True, help_text="The deal's id; null for counts."
    )
    field = serializers.CharField(help_text="Which field to mend first.")
    code = serializers.CharField(help_text="`unknown`, `future`, `twice` or `contradiction`.")
    message = serializers.CharField(help_text="For people, in the language of whoever asks.")
    # The name is a property of every serializer, too; a declared field is taken out of the class and leaves it be.
    errors = FaultShape(many=True, help_text="All that is to be mended, the same first.")  # type: ignore[assignment]


class OutcomeShape(Shape):
    """What became of the rows."""

    new = serializers.IntegerField(help_text="How many were new.")
    changed = serializers.IntegerField(help_text="How many changed something.")
    unchanged = serializers.IntegerField(help_text="How many said nothing new.")
    refused = RefusedShape(many=True, help_text="Those that were left out, with what to mend.")
