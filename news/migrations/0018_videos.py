"""Videos that belong to statements; guarded and counted as the other tables."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from config.kit.migrations._generations import CountChanges
from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0017_newest_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalVideo',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('title', models.CharField(max_length=200, verbose_name='what it shows')),
                ('url', models.URLField(help_text='Its page at the publisher. The video opens there, not here.', max_length=500, verbose_name='address')),
                ('captions', models.CharField(help_text='The languages of its captions, and where a transcript is.', max_length=200, verbose_name='captions')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='place')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='news.statement', verbose_name='statement')),
            ],
            options={
                'verbose_name': 'historical video',
                'verbose_name_plural': 'historical videos',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_out_because', models.TextField(blank=True, default='', help_text='Say why, and it is on no public page any more. It stays on record here.', verbose_name='taken out, because')),
                ('title', models.CharField(max_length=200, verbose_name='what it shows')),
                ('url', models.URLField(help_text='Its page at the publisher. The video opens there, not here.', max_length=500, verbose_name='address')),
                ('captions', models.CharField(help_text='The languages of its captions, and where a transcript is.', max_length=200, verbose_name='captions')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='place')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='videos', to='news.statement', verbose_name='statement')),
            ],
            options={
                'verbose_name': 'video',
                'verbose_name_plural': 'videos',
                'ordering': ['statement', 'position', 'id'],
            },
        ),
        GuardTables("news_historicalvideo"),
        CountChanges("news", "news_video", "news_historicalvideo"),
    ]
