"""Translations of what editors write."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.kit.migrations._generations import CountChanges
from config.kit.migrations._marks import MarkChanges
from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0011_snapshots'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalTranslation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(editable=False, help_text='As in the change feed.', max_length=30, verbose_name='kind')),
                ('row', models.CharField(editable=False, max_length=40, verbose_name='key of the row')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], editable=False, max_length=10, verbose_name='language')),
                ('texts', models.JSONField(blank=True, default=dict, help_text='By field; what is missing is shown in English.', verbose_name='texts')),
                ('originals', models.JSONField(blank=True, default=dict, editable=False, help_text='The English text that each was made from.', verbose_name='originals')),
                ('changed_at', models.DateTimeField(blank=True, editable=False, verbose_name='changed at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical translation',
                'verbose_name_plural': 'historical translations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(editable=False, help_text='As in the change feed.', max_length=30, verbose_name='kind')),
                ('row', models.CharField(editable=False, max_length=40, verbose_name='key of the row')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], editable=False, max_length=10, verbose_name='language')),
                ('texts', models.JSONField(blank=True, default=dict, help_text='By field; what is missing is shown in English.', verbose_name='texts')),
                ('originals', models.JSONField(blank=True, default=dict, editable=False, help_text='The English text that each was made from.', verbose_name='originals')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'translation',
                'verbose_name_plural': 'translations',
                'ordering': ['kind', 'row', 'language'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'row', 'language'), name='translation_once_per_row_and_language', violation_error_message='There is a translation into this language already.')],
            },
        ),
        GuardTables('kit_historicaltranslation'),
        CountChanges('translations', 'kit_translation'),
        MarkChanges(('kit_translation', 'translation')),
    ]
