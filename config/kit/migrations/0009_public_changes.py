"""The outbox of the change feed."""

from django.db import migrations, models

from config.kit.migrations._generations import CountChanges


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0008_generations'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('row', models.CharField(max_length=80, verbose_name='key of the row')),
                ('due_at', models.DateTimeField(db_index=True, help_text='Empty: at once.', null=True, verbose_name='due at')),
            ],
            options={
                'verbose_name': 'mark of a change',
                'verbose_name_plural': 'marks of changes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PublicChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='told at')),
                ('change', models.CharField(choices=[('published', 'Published'), ('corrected', 'Corrected'), ('renamed', 'Renamed'), ('translated', 'Translated'), ('withdrawn', 'Withdrawn'), ('deleted', 'Deleted')], max_length=12, verbose_name='change')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('row', models.CharField(max_length=80, verbose_name='key of the row')),
                ('key', models.CharField(max_length=120, verbose_name='key')),
                ('path', models.CharField(max_length=300, verbose_name='address')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('before', models.JSONField(null=True, verbose_name='before')),
                ('after', models.JSONField(null=True, verbose_name='after')),
            ],
            options={
                'verbose_name': 'public change',
                'verbose_name_plural': 'public changes',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['kind', 'row', '-id'], name='change_of_row')],
            },
        ),
        CountChanges('changes', 'kit_changemark', 'kit_publicchange'),
    ]
