"""The sweep looks at each queue by itself. One step only: a build that gave way is begun anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('core', '0004_delivery_rung_at'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['queue', 'next_at'], name='delivery_due'),
        ),
    ]
