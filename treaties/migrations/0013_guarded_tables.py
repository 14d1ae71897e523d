"""The triggers that guard these tables are made by migrations from here on; earlier code made them after every migration.

The checks that were added before are validated on the rows that are older.
"""

from django.db import migrations

from config.kit.migrations._operations import ValidateCheck
from config.kit.migrations._triggers import GuardTables
from treaties.migrations._ledger_triggers import GuardLedger


class Migration(migrations.Migration):
    dependencies = [("treaties", "0012_sealed_versions"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [
        ValidateCheck("treatyaction", "action_interval_begins_before_it_ends"),
        ValidateCheck("treatyaction", "action_interval_has_its_source"),
        ValidateCheck("treatyaction", "action_annulment_takes_a_row_out"),
        ValidateCheck("treatyaction", "action_set_aside_is_not_confirmed"),
        ValidateCheck("armedconflicthold", "hold_set_aside_is_not_confirmed"),
        ValidateCheck("treaty", "treaty_is_not_named_as_the_site_s_chain"),
        GuardLedger(),
        GuardTables(
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
            "treaties_sealedversion",
            "django_admin_log",
        ),
    ]
