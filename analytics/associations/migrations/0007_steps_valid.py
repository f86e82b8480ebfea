from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('associations', '0006_steps'),
    ]

    operations = [
        ValidateConstraint('report', 'report_step_of_steps'),
        ValidateConstraint('coursestudy', 'course_study_step_of_steps'),
        ValidateConstraint('launchstudy', 'launchstudy_step_of_steps'),
        ValidateConstraint('rolloutpower', 'rolloutpower_step_of_steps'),
    ]
