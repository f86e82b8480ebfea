"""The function by which a signed-in account gets its scope."""

from django.db import migrations

ENTER = """
CREATE OR REPLACE FUNCTION partners_enter(account uuid) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  home record;
  answer text := '';
BEGIN
  -- Whose account it is can only be read with a scope; the answer narrows it at once.
  PERFORM set_config('app.scope', 'client', false);
  SELECT o.id, o.kind INTO home
    FROM partners_person p
    JOIN partners_organisation o ON o.id = p.organisation_id
   WHERE p.account_id = account AND p.is_active AND o.is_active;
  IF FOUND THEN
    answer := CASE home.kind WHEN 'client' THEN 'client' ELSE home.id::text END;
  END IF;
  PERFORM set_config('app.scope', answer, false);
  RETURN answer;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.RunSQL(ENTER, "DROP FUNCTION IF EXISTS partners_enter(uuid)"),
    ]
