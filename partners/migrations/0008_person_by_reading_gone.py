"""No list stands by readings alone any more, see 0007."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('partners', '0007_person_in_lists'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='person',
            name='person_by_reading',
        ),
    ]
