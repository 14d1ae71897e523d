"""The language in which a reader wants to be written to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0019_marked_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscription',
            name='language',
            field=models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], db_default='en', default='en', max_length=10, verbose_name='language'),
        ),
    ]
