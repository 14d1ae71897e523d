"""Texts that an older version has kept lose the control characters that break feeds and mails.

Names of people never held any.
"""

from django.db import migrations

from config.kit.migrations._clean_texts import clean_old_rows


def clean(apps, schema_editor):
    clean_old_rows(apps, "campaign", but={"pledge"})


class Migration(migrations.Migration):
    atomic = False  # each batch of rows is a transaction of its own
    dependencies = [("campaign", "0008_plain_names")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
