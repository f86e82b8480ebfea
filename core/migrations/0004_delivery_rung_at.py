"""The sweep notes what it rang for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_uploads'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='rung_at',
            field=models.DateTimeField(null=True),
        ),
    ]
