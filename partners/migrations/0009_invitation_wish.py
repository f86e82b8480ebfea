"""A form that is sent twice makes its invitations once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('partners', '0008_person_by_reading_gone'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='wish',
            field=models.UUIDField(null=True),
        ),
    ]
