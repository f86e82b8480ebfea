"""Whoever signs in sees what is about themselves, too, wherever it happened."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("partners.migrations.0004_enter_at_once").ENTER
ENTER = BEFORE.replace(
    "ELSE answer #>> '{organisation,id}' END",
    "ELSE concat(answer #>> '{organisation,id}', ',', answer #>> '{person,id}') END",
)


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_enter_at_once")]

    operations = [migrations.RunSQL(ENTER, BEFORE)]
