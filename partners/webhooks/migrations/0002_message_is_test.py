"""Tests among all messages, for an endpoint's last one. One step only: a build that gave way is begun anew."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('webhooks', '0001_initial'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(
                condition=models.Q(('kind', 'webhook.test')),
                fields=['id'],
                name='message_is_test',
            ),
        ),
    ]
