"""The snapshots that the site offers."""

from django.db import migrations, models

from config.kit.migrations._generations import CountChanges


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0010_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('folder', models.CharField(max_length=80, unique=True, verbose_name='folder')),
                ('archive', models.CharField(max_length=80, verbose_name='archive')),
                ('bytes', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('citation', models.TextField(verbose_name='citation')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made at')),
            ],
            options={
                'verbose_name': 'snapshot',
                'verbose_name_plural': 'snapshots',
                'ordering': ['-day', '-pk'],
            },
        ),
        CountChanges('changes', 'kit_snapshot'),
    ]
