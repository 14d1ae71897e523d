"""Webhooks, and what a token may do."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0009_public_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='accesstoken',
            name='last_used_from',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text='The network: /24 (IPv4), /48 (IPv6).', max_length=50, verbose_name='last used from'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='scope',
            field=models.CharField(choices=[('read', 'Reads drafts, writes nothing'), ('webhooks', 'Makes webhooks, writes nothing else'), ('write', "Writes what the editor's roles may, and makes webhooks")], db_default='write', default='write', help_text='Choose the least that the program needs.', max_length=10, verbose_name='scope'),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(help_text='Where changes are sent: https, a name that everybody can reach.', max_length=500, verbose_name='address')),
                ('kinds', models.JSONField(blank=True, default=list, help_text='Which kinds of things are told, as statement or treaty_action; empty: all.', verbose_name='kinds')),
                ('secret', models.CharField(editable=False, max_length=80)),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made at')),
                ('is_active', models.BooleanField(default=True, verbose_name='is sent to')),
                ('last_sequence', models.PositiveBigIntegerField(default=0, editable=False, verbose_name='last change that was taken')),
                ('next_at', models.DateTimeField(editable=False, verbose_name='next attempt at')),
                ('failures_in_a_row', models.PositiveIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('last_error', models.CharField(blank=True, editable=False, max_length=200, verbose_name='last failure')),
                ('taken_at', models.DateTimeField(editable=False, null=True, verbose_name='last taken at')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL, verbose_name='editor')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('is_active', True)), fields=['next_at'], name='webhook_due')],
            },
        ),
    ]
