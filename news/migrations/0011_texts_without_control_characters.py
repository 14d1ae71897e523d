"""Texts that an older version has kept lose the control characters that break feeds and mails."""

from django.db import migrations

from config.kit.migrations._clean_texts import clean_old_rows


def clean(apps, schema_editor):
    clean_old_rows(apps, "news")


class Migration(migrations.Migration):
    atomic = False  # each batch of rows is a transaction of its own
    dependencies = [("news", "0010_scheduled")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
