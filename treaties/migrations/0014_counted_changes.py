"""From here on the database counts what is written to these tables: see `config.kit.models.generations`."""

from django.db import migrations

from config.kit.migrations._generations import CountChanges


class Migration(migrations.Migration):
    dependencies = [("treaties", "0013_guarded_tables"), ("kit", "0008_generations")]

    operations = [
        CountChanges(
            "treaties",
            "treaties_armedconflicthold",
            "treaties_article",
            "treaties_comparison",
            "treaties_declaration",
            "treaties_depositarynotification",
            "treaties_difference",
            "treaties_extension",
            "treaties_groupmembership",
            "treaties_historicalarmedconflicthold",
            "treaties_historicalarticle",
            "treaties_historicalcomparison",
            "treaties_historicaldeclaration",
            "treaties_historicaldepositarynotification",
            "treaties_historicaldifference",
            "treaties_historicalextension",
            "treaties_historicalgroupmembership",
            "treaties_historicalobligation",
            "treaties_historicalsentsource",
            "treaties_historicalstate",
            "treaties_historicalstatename",
            "treaties_historicaltreaty",
            "treaties_historicaltreatyaction",
            "treaties_historicalwithdrawalstep",
            "treaties_ledgerclock",
            "treaties_ledgerhead",
            "treaties_obligation",
            "treaties_sealedversion",
            "treaties_sentsource",
            "treaties_state",
            "treaties_statename",
            "treaties_treaty",
            "treaties_treatyaction",
            "treaties_withdrawalstep",
        ),
    ]
