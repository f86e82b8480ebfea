"""The rule by which the best choices of a first run through a scenario earn."""

import datetime as dt

from django.db import migrations

RULE = {"key": "first_best", "points": 5, "cap": 20}
SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def add(apps, schema_editor):
    """Add the rule if it is not there."""
    rules = apps.get_model("gamification", "PointRule")
    rules.objects.get_or_create(key=RULE["key"], number=1, defaults={**RULE, "active_from": SINCE})


class Migration(migrations.Migration):
    dependencies = [("gamification", "0004_point_rules")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
