"""Looks at the rows that were there before, in a transaction of its own: nobody waits for it."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("posts", "0002_corrections"),
    ]

    operations = [
        ValidateConstraint(model_name="post", name="post_corrected_has_news"),
    ]
