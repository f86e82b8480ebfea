"""Looks at the rows that were there before, in a transaction of its own: nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0005_scenario_block"),
    ]

    operations = [
        ValidateConstraint(model_name="block", name="block_kind_known"),
    ]
