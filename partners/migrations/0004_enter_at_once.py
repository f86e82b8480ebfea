"""`partners_enter` returns all that a request needs of its person, in one round trip."""

from django.db import migrations

ENTER = """
DROP FUNCTION IF EXISTS partners_enter(uuid);
CREATE FUNCTION partners_enter(account uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  answer jsonb;
BEGIN
  -- Whose account it is can only be read with a scope; the answer narrows it at once.
  PERFORM set_config('app.scope', 'client', false);
  SELECT jsonb_build_object('person', to_jsonb(p), 'account', to_jsonb(a),
                            'organisation', to_jsonb(o), 'team', to_jsonb(t)) INTO answer
    FROM partners_person p
    JOIN partners_account a ON a.id = p.account_id
    JOIN partners_organisation o ON o.id = p.organisation_id
    LEFT JOIN partners_team t ON t.id = p.team_id
   WHERE p.account_id = account AND p.is_active AND o.is_active AND a.is_active;
  PERFORM set_config('app.scope', CASE
    WHEN answer IS NULL THEN ''
    WHEN answer #>> '{organisation,kind}' = 'client' THEN 'client'
    ELSE answer #>> '{organisation,id}' END, false);
  RETURN answer;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_search_and_epoch")]

    operations = [migrations.RunSQL(ENTER, "DROP FUNCTION IF EXISTS partners_enter(uuid)")]
