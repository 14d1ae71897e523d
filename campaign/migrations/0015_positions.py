"""What States and organizations said of leaving; guarded and counted as the other tables. Stocks that remain are counted, too."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.kit.migrations._generations import CountChanges
from config.kit.migrations._triggers import GuardTables, UnguardTables


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0014_humanitarian_figures'),
        ('treaties', '0014_counted_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        UnguardTables("campaign_historicalhumanitarianfigure"),
        migrations.AlterField(
            model_name='historicalhumanitarianfigure',
            name='measure',
            field=models.CharField(choices=[('casualties', 'People killed and injured'), ('killed', 'Killed'), ('injured', 'Injured'), ('children', 'Children among them'), ('contaminated_km2', 'Mined area (km²)'), ('released_km2', 'Area released (km²)'), ('cleared_km2', 'Area cleared (km²)'), ('mines_destroyed', 'Mines destroyed in clearance'), ('stock_destroyed', 'Mines destroyed from stocks'), ('stock_remaining', 'Mines left in stocks'), ('mines_retained', 'Mines kept for training (Art. 3)')], max_length=20, verbose_name='what is counted'),
        ),
        migrations.AlterField(
            model_name='humanitarianfigure',
            name='measure',
            field=models.CharField(choices=[('casualties', 'People killed and injured'), ('killed', 'Killed'), ('injured', 'Injured'), ('children', 'Children among them'), ('contaminated_km2', 'Mined area (km²)'), ('released_km2', 'Area released (km²)'), ('cleared_km2', 'Area cleared (km²)'), ('mines_destroyed', 'Mines destroyed in clearance'), ('stock_destroyed', 'Mines destroyed from stocks'), ('stock_remaining', 'Mines left in stocks'), ('mines_retained', 'Mines kept for training (Art. 3)')], max_length=20, verbose_name='what is counted'),
        ),
        GuardTables("campaign_historicalhumanitarianfigure"),
        migrations.CreateModel(
            name='HistoricalPosition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('kind', models.CharField(choices=[('reason', 'Reason for leaving'), ('regret', 'Regret'), ('objection', 'Objection'), ('appeal', 'Appeal'), ('statement', 'Statement')], max_length=10, verbose_name='kind')),
                ('who', models.CharField(blank=True, help_text='The office within the State, or the organization.', max_length=250, verbose_name='who')),
                ('said_on', models.DateField(verbose_name='said on')),
                ('summary', models.TextField(help_text='In our words, so that a reader knows what was said.', verbose_name='summary')),
                ('quote', models.TextField(blank=True, help_text='As the source has them.', verbose_name='words')),
                ('language', models.CharField(blank=True, help_text='The language in which the words were said: en, pl, uk.', max_length=10, verbose_name='said in')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('note', models.TextField(blank=True, help_text='How sure the day is, or how the source was read.', verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('treaty', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='treaties.treaty', verbose_name='treaty')),
            ],
            options={
                'verbose_name': 'historical position',
                'verbose_name_plural': 'historical positions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('kind', models.CharField(choices=[('reason', 'Reason for leaving'), ('regret', 'Regret'), ('objection', 'Objection'), ('appeal', 'Appeal'), ('statement', 'Statement')], max_length=10, verbose_name='kind')),
                ('who', models.CharField(blank=True, help_text='The office within the State, or the organization.', max_length=250, verbose_name='who')),
                ('said_on', models.DateField(verbose_name='said on')),
                ('summary', models.TextField(help_text='In our words, so that a reader knows what was said.', verbose_name='summary')),
                ('quote', models.TextField(blank=True, help_text='As the source has them.', verbose_name='words')),
                ('language', models.CharField(blank=True, help_text='The language in which the words were said: en, pl, uk.', max_length=10, verbose_name='said in')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('note', models.TextField(blank=True, help_text='How sure the day is, or how the source was read.', verbose_name='note')),
                ('about', models.ManyToManyField(blank=True, help_text='None: it names no State.', related_name='positions_about', to='treaties.state', verbose_name='about the States')),
                ('states', models.ManyToManyField(blank=True, help_text='None: an organization.', related_name='positions', to='treaties.state', verbose_name='States that say it')),
                ('treaty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='treaties.treaty', verbose_name='treaty')),
            ],
            options={
                'verbose_name': 'position',
                'verbose_name_plural': 'positions',
                'ordering': ['said_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPosition_states',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='campaign.historicalposition')),
                ('state', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='treaties.state')),
                ('position', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaign.position')),
            ],
            options={
                'verbose_name': 'HistoricalPosition_states',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPosition_about',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='campaign.historicalposition')),
                ('state', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='treaties.state')),
                ('position', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='campaign.position')),
            ],
            options={
                'verbose_name': 'HistoricalPosition_about',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        GuardTables("campaign_historicalposition", "campaign_historicalposition_states", "campaign_historicalposition_about"),
        CountChanges("campaign", "campaign_position", "campaign_position_states", "campaign_position_about", "campaign_historicalposition", "campaign_historicalposition_states", "campaign_historicalposition_about"),
    ]
