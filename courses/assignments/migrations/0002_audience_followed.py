from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assignments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignedmodule',
            name='audience',
            field=models.CharField(db_default='', default='', max_length=40),
        ),
    ]
