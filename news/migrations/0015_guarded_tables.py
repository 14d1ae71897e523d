"""The triggers that guard these tables are made by migrations from here on; earlier code made them after every migration.

The checks that were added before are validated on the rows that are older.
"""

from django.db import migrations

from config.kit.migrations._operations import ValidateCheck
from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):
    dependencies = [("news", "0014_taken_out_with_a_reason")]

    operations = [
        ValidateCheck("statement", "statement_public_has_its_minute"),
        GuardTables(
            "news_historicalbundle",
            "news_historicalcorrection",
            "news_historicalfigure",
            "news_historicalphoto",
            "news_historicalquotation",
            "news_historicalspeaker",
            "news_historicalspeakerrole",
            "news_historicalstatement",
            "news_historicalstatement_articles",
            "news_historicalstatement_states",
        ),
    ]
