"""Lists of commitments begin with the newest by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0012_counted_changes'),
        ('treaties', '0014_counted_changes'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='commitment',
            options={'ordering': ['-announced_on', '-id'], 'verbose_name': 'commitment', 'verbose_name_plural': 'commitments'},
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['-announced_on', '-id'], name='commitment_newest_first'),
        ),
    ]
