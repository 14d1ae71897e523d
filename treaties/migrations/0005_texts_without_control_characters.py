"""Texts that an older version has kept lose the control characters that break feeds and mails.

The rows of the ledger are sealed: what shows them cleans them.
"""

from django.db import migrations

from config.kit.migrations._clean_texts import clean_old_rows


def clean(apps, schema_editor):
    clean_old_rows(apps, "treaties", but={"treatyaction", "armedconflicthold"})


class Migration(migrations.Migration):
    atomic = False  # each batch of rows is a transaction of its own
    dependencies = [("treaties", "0004_one_replacement_a_row")]

    operations = [migrations.RunPython(clean, migrations.RunPython.noop)]
