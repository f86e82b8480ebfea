from django.db import migrations

MARK = """
SELECT set_config('app.scope', 'client', true);
INSERT INTO analytics_modulesummary AS s
       (module_id, level, group_id, organisation_id, finished, scored, score_sum, seconds, days, items, stale)
SELECT DISTINCT m.module_id, 'everybody', c.id, c.id, 0, 0, 0, 0, '{}'::jsonb, '{}'::jsonb, true
  FROM analytics_modulesummary m
  JOIN partners_organisation o ON o.id = m.organisation_id AND NOT o.is_active
  JOIN partners_organisation c ON c.kind = 'client'
 WHERE m.level = 'organisation'
ON CONFLICT (module_id, level, group_id) DO UPDATE SET stale = true WHERE NOT s.stale;
"""


class Migration(migrations.Migration):
    """Have the sums for everybody made anew in which people of a stopped partner still stand."""

    dependencies = [
        ('analytics', '0002_uncounted'),
    ]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
