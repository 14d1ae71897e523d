import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaign", "0002_done_needs_a_second_person"),
        ("treaties", "0001_first_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DayTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('confirmed', models.PositiveIntegerField(default=0)),
                ('removed', models.PositiveIntegerField(default=0, help_text='Removed by their persons, of those that counted.')),
                ('invalidated', models.PositiveIntegerField(default=0)),
                ('reinstated', models.PositiveIntegerField(default=0)),
                ('counted', models.PositiveIntegerField(default=0)),
                ('moved_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed_on', models.DateField()),
                ('removed_on', models.DateField(help_text='Empty where it did not count any more: it left with its invalidation.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Invalidation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='Told in public: name nobody.', max_length=300, verbose_name='reason')),
                ('pledges_count', models.PositiveIntegerField(verbose_name='pledges taken out of the count')),
                ('made_at', models.DateTimeField(verbose_name='at')),
                ('reinstated_count', models.PositiveIntegerField(default=0, verbose_name='brought back')),
                ('reinstated_reason', models.CharField(blank=True, max_length=300, verbose_name='why they were brought back')),
                ('reinstated_at', models.DateTimeField(null=True, verbose_name='brought back at')),
            ],
            options={
                'verbose_name': 'invalidation',
                'verbose_name_plural': 'invalidations',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('what', models.CharField(choices=[('list', 'List'), ('one', 'One'), ('export', 'Export')], max_length=20, verbose_name='what')),
                ('pledges', models.JSONField(default=list, verbose_name='numbers of the pledges seen')),
                ('asked', models.CharField(blank=True, max_length=500, verbose_name='asked for')),
            ],
            options={
                'verbose_name': 'look at personal data',
                'verbose_name_plural': 'looks at personal data',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(help_text='The keyed hash of the address.', max_length=64)),
                ('standing', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Being sent'), ('sent', 'Sent'), ('cancelled', 'Not needed any more'), ('refused', 'Refused by the server'), ('uncertain', 'Handed over, outcome unknown')], default='queued', max_length=10, verbose_name='standing')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(verbose_name='to be sent from')),
                ('claimed_at', models.DateTimeField(null=True, verbose_name='claimed at')),
                ('handed_over_at', models.DateTimeField(null=True, verbose_name='handed over at')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('trouble', models.CharField(blank=True, help_text='The kind of error, without the person.', max_length=80, verbose_name='last trouble')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='NeverMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=64, unique=True)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='PledgeToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('purpose', models.CharField(choices=[('confirm', 'Confirm'), ('remove', 'Remove'), ('never', 'Never mail me')], max_length=10)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='StateTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted', models.PositiveIntegerField(default=0)),
                ('demonstration', models.PositiveIntegerField(default=0, help_text='How many of them are demonstration data.')),
            ],
        ),
        migrations.RemoveField(
            model_name='historicalpledge',
            name='campaign',
        ),
        migrations.RemoveField(
            model_name='historicalpledge',
            name='history_user',
        ),
        migrations.RemoveField(
            model_name='historicalpledge',
            name='state',
        ),
        migrations.RemoveIndex(
            model_name='pledge',
            name='pledge_campaign_state',
        ),
        migrations.AddField(
            model_name='pledge',
            name='domain',
            field=models.CharField(default='', editable=False, max_length=253, verbose_name='domain of the address'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='pledge',
            name='network_key',
            field=models.CharField(blank=True, editable=False, help_text='A keyed hash of the network that the form was sent from, to see bursts; the address is not kept.', max_length=64),
        ),
        migrations.AddField(
            model_name='pledge',
            name='receipt',
            field=models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name='receipt'),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='address_key',
            field=models.CharField(editable=False, help_text='A keyed hash of the address in its normal form: one person backs a campaign once.', max_length=64),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed at'),
        ),
        migrations.AlterField(
            model_name='pledge',
            name='language',
            field=models.CharField(choices=[('en', 'English'), ('ar', 'العربية'), ('zh-hans', '中文'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', max_length=10, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='daytally',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='day_tallies', to='campaign.campaign'),
        ),
        migrations.AddField(
            model_name='departure',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to='campaign.campaign'),
        ),
        migrations.AddField(
            model_name='invalidation',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invalidations', to='campaign.campaign', verbose_name='campaign'),
        ),
        migrations.AddField(
            model_name='invalidation',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='invalidation',
            name='reinstated_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought back by'),
        ),
        migrations.AddField(
            model_name='pledge',
            name='invalidation',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='campaign.invalidation', verbose_name='taken out of the count'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', False), ('invalidation__isnull', True), ('show_name', True)), fields=['campaign', '-confirmed_at'], name='pledge_named_newest'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['created_at'], name='pledge_made_at'),
        ),
        migrations.AddField(
            model_name='look',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='mail',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='campaign.campaign', verbose_name='campaign'),
        ),
        migrations.AddField(
            model_name='mail',
            name='pledge',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='campaign.pledge'),
        ),
        migrations.AddField(
            model_name='pledgetoken',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='campaign.pledge'),
        ),
        migrations.AddField(
            model_name='statetally',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='state_tallies', to='campaign.campaign'),
        ),
        migrations.AddField(
            model_name='statetally',
            name='state',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='treaties.state'),
        ),
        migrations.DeleteModel(
            name='HistoricalPledge',
        ),
        migrations.AddIndex(
            model_name='daytally',
            index=models.Index(fields=['moved_at'], name='daytally_moved'),
        ),
        migrations.AddConstraint(
            model_name='daytally',
            constraint=models.UniqueConstraint(fields=('campaign', 'day'), name='daytally_once_per_campaign_and_day'),
        ),
        migrations.AddConstraint(
            model_name='invalidation',
            constraint=models.CheckConstraint(condition=models.Q(('reinstated_count__lte', models.F('pledges_count'))), name='invalidation_brings_back_no_more_than_it_took'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['person'], name='mail_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('standing__in', ('queued', 'sending'))), fields=['due_at'], name='mail_waiting'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.UniqueConstraint(condition=models.Q(('standing__in', ('queued', 'sending'))), fields=('campaign', 'person'), name='mail_once_waiting_per_campaign_and_person'),
        ),
        migrations.AddIndex(
            model_name='pledgetoken',
            index=models.Index(fields=['expires_at'], name='pledgetoken_expires'),
        ),
        migrations.AddConstraint(
            model_name='statetally',
            constraint=models.UniqueConstraint(fields=('campaign', 'state'), name='statetally_once_per_campaign_and_state'),
        ),
        migrations.AddConstraint(
            model_name='statetally',
            constraint=models.UniqueConstraint(condition=models.Q(('state__isnull', True)), fields=('campaign',), name='statetally_once_for_no_state'),
        ),
    ]
