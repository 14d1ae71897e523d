"""What mines do and what is done about them, in numbers of a year; guarded and counted as the other tables."""

import django.db.models.deletion
import django.db.models.functions.comparison
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.kit.migrations._generations import CountChanges
from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0013_newest_first'),
        ('kit', '0008_generations'),
        ('treaties', '0014_counted_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalHumanitarianFigure',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('measure', models.CharField(choices=[('casualties', 'People killed and injured'), ('killed', 'Killed'), ('injured', 'Injured'), ('children', 'Children among them'), ('contaminated_km2', 'Mined area (km²)'), ('released_km2', 'Area released (km²)'), ('cleared_km2', 'Area cleared (km²)'), ('mines_destroyed', 'Mines destroyed in clearance'), ('stock_destroyed', 'Mines destroyed from stocks'), ('mines_retained', 'Mines kept for training (Art. 3)')], max_length=20, verbose_name='what is counted')),
                ('year', models.PositiveSmallIntegerField(help_text='The year that the number is about.', verbose_name='year')),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='number')),
                ('extent', models.CharField(blank=True, help_text="The source's word where it gives no number: heavy, light.", max_length=40, verbose_name='extent')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('state', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: the world.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='treaties.state', verbose_name='State')),
            ],
            options={
                'verbose_name': 'historical humanitarian figure',
                'verbose_name_plural': 'historical humanitarian figures',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HumanitarianFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('measure', models.CharField(choices=[('casualties', 'People killed and injured'), ('killed', 'Killed'), ('injured', 'Injured'), ('children', 'Children among them'), ('contaminated_km2', 'Mined area (km²)'), ('released_km2', 'Area released (km²)'), ('cleared_km2', 'Area cleared (km²)'), ('mines_destroyed', 'Mines destroyed in clearance'), ('stock_destroyed', 'Mines destroyed from stocks'), ('mines_retained', 'Mines kept for training (Art. 3)')], max_length=20, verbose_name='what is counted')),
                ('year', models.PositiveSmallIntegerField(help_text='The year that the number is about.', verbose_name='year')),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='number')),
                ('extent', models.CharField(blank=True, help_text="The source's word where it gives no number: heavy, light.", max_length=40, verbose_name='extent')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('state', models.ForeignKey(blank=True, help_text='Empty: the world.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='humanitarian_figures', to='treaties.state', verbose_name='State')),
            ],
            options={
                'verbose_name': 'humanitarian figure',
                'verbose_name_plural': 'humanitarian figures',
                'ordering': ['state', 'measure', '-year'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce(models.F('state'), models.Value(''), output_field=models.CharField()), models.F('measure'), models.F('year'), condition=models.Q(('taken_out_because', '')), name='humanitarianfigure_once_per_state_and_year', violation_error_message='This figure of the year is recorded already.'), models.CheckConstraint(condition=models.Q(('value__isnull', False), models.Q(('extent', ''), _negated=True), _connector='OR'), name='humanitarianfigure_has_a_number_or_a_word', violation_error_message='Give a number, or the word that the source has instead.'), models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__gte', 0), _connector='OR'), name='humanitarianfigure_is_not_negative', violation_error_message='A number of people, mines or square kilometres is not negative.')],
            },
        ),
        GuardTables("campaign_historicalhumanitarianfigure"),
        CountChanges("campaign", "campaign_humanitarianfigure", "campaign_historicalhumanitarianfigure"),
    ]
