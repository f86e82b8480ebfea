"""What people enter by hand is the record for everything, until another source is chosen."""

from django.db import migrations

COUNTED = ("calls", "key_persons", "leads", "appointments", "qualified")
OF_DEALS = ("won", "lost", "amount")

HELD_EQUAL = """
ALTER TABLE sales_stageentry ADD CONSTRAINT stage_entry_as_its_opportunity
FOREIGN KEY (opportunity_id, source_id, product_id) REFERENCES sales_opportunity (id, source_id, product_id)
ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""


def add(apps, schema_editor):
    """Add the source by hand, and one record for each measure."""
    by_hand, _ = apps.get_model("sales", "Source").objects.get_or_create(
        kind="hand", defaults={"name": "by hand"}
    )
    records = apps.get_model("sales", "Record")
    for grain, measures in (("activity", COUNTED), ("opportunity", OF_DEALS)):
        for measure in measures:
            records.objects.get_or_create(
                measure=measure, defaults={"source": by_hand, "grain": grain}
            )


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_facts")]

    operations = [
        migrations.RunSQL(
            HELD_EQUAL,
            "ALTER TABLE sales_stageentry DROP CONSTRAINT stage_entry_as_its_opportunity",
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
