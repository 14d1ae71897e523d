"""The feed of changes finds statements by their moment by an index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0013_newest_first'),
        ('news', '0016_counted_changes'),
        ('treaties', '0014_counted_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['publish_at', 'id'], name='statement_by_moment'),
        ),
    ]
