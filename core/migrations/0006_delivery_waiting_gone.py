"""The index of all queues together is gone; what is pending the version before finds by the one of each queue."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('core', '0005_delivery_due'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='delivery',
            name='delivery_waiting',
        ),
    ]
