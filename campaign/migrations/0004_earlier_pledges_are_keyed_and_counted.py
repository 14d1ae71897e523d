"""Keyed and counted the pledges that were made before there was a form: demonstration data before version 0.1.0."""

from django.db import migrations


def refuse_earlier_pledges(apps, schema_editor):
    if apps.get_model("campaign", "Pledge").objects.exists():
        raise RuntimeError("This database is older than version 0.1.0: bring it there first, with the code of that version.")


class Migration(migrations.Migration):

    dependencies = [("campaign", "0003_pledges_are_counted_and_mailed")]

    operations = [migrations.RunPython(refuse_earlier_pledges, migrations.RunPython.noop)]
