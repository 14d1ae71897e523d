"""From here on the database marks the public rows that are written: see `config.kit.models.public_changes`."""

from django.db import migrations

from config.kit.migrations._marks import MarkChanges


class Migration(migrations.Migration):
    dependencies = [("treaties", "0014_counted_changes"), ("kit", "0009_public_changes")]

    operations = [
        MarkChanges(
            ("treaties_state", "state", "iso3"),
            ("treaties_statename", "state", "state_id"),
            ("treaties_groupmembership", "state", "state_id"),
            ("treaties_treaty", "treaty"),
            ("treaties_article", "treaty", "treaty_id"),
            ("treaties_treatyaction", "treaty_action"),
            ("treaties_depositarynotification", "treaty_action", "act_id"),
            ("treaties_depositarynotification", "declaration", "declaration_id"),
            ("treaties_armedconflicthold", "armed_conflict_hold"),
            ("treaties_withdrawalstep", "withdrawal_step"),
            ("treaties_obligation", "obligation"),
            ("treaties_extension", "obligation", "obligation_id"),
            ("treaties_declaration", "declaration"),
        )
    ]
