from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


def counts(model):
    return [
        migrations.AddField(
            model_name=model,
            name=name,
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        )
        for name in ('step', 'steps')
    ]


def of_steps(model, name):
    return AddConstraintNotValid(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=Q(step__lte=F('steps')) & (Q(step=F('steps')) | ~Q(state='ready')),
            name=name,
        ),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('associations', '0005_rollouts'),
    ]

    operations = [
        *counts('report'),
        *counts('coursestudy'),
        *counts('launchstudy'),
        *counts('rolloutpower'),
        of_steps('report', 'report_step_of_steps'),
        of_steps('coursestudy', 'course_study_step_of_steps'),
        of_steps('launchstudy', 'launchstudy_step_of_steps'),
        of_steps('rolloutpower', 'rolloutpower_step_of_steps'),
    ]
