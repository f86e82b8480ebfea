"""Whoever only learns asks what is planned once, see docs/decisions/075-plans-for-learners.md."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("partners.migrations.0005_enter_with_oneself").ENTER
ENTER = BEFORE.replace(
    "  RETURN answer;",
    """\
  PERFORM set_config('plan_cache_mode', CASE
    WHEN answer #> '{person,roles}' <@ '["rep", "ace"]' THEN 'force_generic_plan'
    ELSE 'auto' END, false);
  RETURN answer;""",
)


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_enter_with_oneself")]

    operations = [migrations.RunSQL(ENTER, BEFORE)]
