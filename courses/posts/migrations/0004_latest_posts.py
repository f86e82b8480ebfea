"""The course of posts is called as they are called on every page; the name that somebody gave it stays."""

from django.db import migrations


def rename(apps, schema_editor):
    """Call it so where it still has the name with which it was made before."""
    shelf = apps.get_model("posts", "Shelf").objects.filter(course__isnull=False)
    courses = apps.get_model("catalog", "Course").objects
    courses.filter(pk__in=shelf.values("course"), title="The latest words").update(
        title="Latest posts"
    )


class Migration(migrations.Migration):
    dependencies = [("posts", "0003_corrections_valid")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
