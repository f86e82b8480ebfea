"""Invitations by the form that asked for them. One step only: a build that gave way is begun anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('partners', '0009_invitation_wish'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='invitation',
            index=models.Index(
                condition=models.Q(('wish__isnull', False)),
                fields=['wish'],
                name='invitation_by_wish',
            ),
        ),
    ]
