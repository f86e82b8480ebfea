"""The rules that points begin with; later ones are added beside them."""

import datetime as dt

from django.db import migrations

RULES = (
    {"key": "module_finished", "points": 20, "cap": None},
    {"key": "first_correct", "points": 5, "cap": 20},
)
SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def add(apps, schema_editor):
    """Add the rules that are not there."""
    rules = apps.get_model("gamification", "PointRule")
    for rule in RULES:
        rules.objects.get_or_create(key=rule["key"], number=1, defaults={**rule, "active_from": SINCE})


class Migration(migrations.Migration):
    dependencies = [("gamification", "0003_rankings")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
