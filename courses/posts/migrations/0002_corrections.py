from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='corrected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='post',
            name='news_at',
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_at__isnull', True), ('news_at__isnull', True)), models.Q(('corrected_at__gte', models.F('news_at')), ('corrected_at__isnull', False), ('news_at__isnull', False)), _connector='OR'), name='post_corrected_has_news'),
        ),
    ]
