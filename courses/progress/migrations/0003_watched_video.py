from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0002_changed_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='moduleprogress',
            name='position_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='moduleprogress',
            name='video',
            field=models.UUIDField(null=True),
        ),
    ]
