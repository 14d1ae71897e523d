"""The triggers that guard these tables are made by migrations from here on; earlier code made them after every migration."""

from django.db import migrations

from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):
    dependencies = [("kit", "0005_roles_that_are_held")]

    operations = [
        GuardTables(
            "kit_historicalproposal",
            "kit_staffevent",
        ),
    ]
