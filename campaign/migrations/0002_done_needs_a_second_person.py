import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def wait_for_a_second_person(apps, schema_editor):
    """What was told as done before a second person was asked for waits for one now; the commitment stays as it is."""
    apps.get_model("campaign", "FollowUp").objects.filter(status="done").update(check_result="waiting")


class Migration(migrations.Migration):

    dependencies = [
        ("campaign", "0001_first_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='commitment',
            name='baseline_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Where it stood when the promise was made, in the unit of the target; empty means from nothing.', max_digits=16, null=True, verbose_name='baseline'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='text',
            field=models.TextField(blank=True, help_text='The words of the promise, as the source has them.', verbose_name='in its own words'),
        ),
        migrations.AddField(
            model_name='followup',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text="In the unit of the commitment's target, if it has one.", max_digits=16, null=True, verbose_name='reached by then'),
        ),
        migrations.AddField(
            model_name='followup',
            name='check_reason',
            field=models.TextField(blank=True, editable=False, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='followup',
            name='check_result',
            field=models.CharField(choices=[('', 'Not needed'), ('waiting', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('declined', 'Declined')], default='', editable=False, max_length=10, verbose_name='second person'),
        ),
        migrations.AddField(
            model_name='followup',
            name='checked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='checked at'),
        ),
        migrations.AddField(
            model_name='followup',
            name='checked_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='historicalcommitment',
            name='baseline_amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Where it stood when the promise was made, in the unit of the target; empty means from nothing.', max_digits=16, null=True, verbose_name='baseline'),
        ),
        migrations.AddField(
            model_name='historicalcommitment',
            name='text',
            field=models.TextField(blank=True, help_text='The words of the promise, as the source has them.', verbose_name='in its own words'),
        ),
        migrations.AddField(
            model_name='historicalfollowup',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, help_text="In the unit of the commitment's target, if it has one.", max_digits=16, null=True, verbose_name='reached by then'),
        ),
        migrations.AddField(
            model_name='historicalfollowup',
            name='check_reason',
            field=models.TextField(blank=True, editable=False, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='historicalfollowup',
            name='check_result',
            field=models.CharField(choices=[('', 'Not needed'), ('waiting', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('declined', 'Declined')], default='', editable=False, max_length=10, verbose_name='second person'),
        ),
        migrations.AddField(
            model_name='historicalfollowup',
            name='checked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='checked at'),
        ),
        migrations.AddField(
            model_name='historicalfollowup',
            name='checked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='text',
            field=models.TextField(help_text='The reason for the status, in a sentence or two.', verbose_name='what was heard'),
        ),
        migrations.AlterField(
            model_name='historicalfollowup',
            name='text',
            field=models.TextField(help_text='The reason for the status, in a sentence or two.', verbose_name='what was heard'),
        ),
        migrations.RunPython(wait_for_a_second_person, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('baseline_amount__isnull', True), models.Q(('target_amount__isnull', False), models.Q(('target_amount', models.F('baseline_amount')), _negated=True)), _connector='OR'), name='commitment_baseline_stands_before_a_target', violation_error_message='A baseline needs a target that differs from it.'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('check_result', ''), _negated=True), _connector='OR'), name='followup_done_is_checked_by_a_second_person', violation_error_message="'Done' waits for a second person."),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='followup_checked_by_another_than_its_recorder', violation_error_message='A second person is somebody else.'),
        ),
    ]
