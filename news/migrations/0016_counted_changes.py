"""From here on the database counts what is written to these tables: see `config.kit.models.generations`."""

from django.db import migrations

from config.kit.migrations._generations import CountChanges


class Migration(migrations.Migration):
    dependencies = [("news", "0015_guarded_tables"), ("kit", "0008_generations")]

    operations = [
        CountChanges(
            "news",
            "news_bundle",
            "news_bundle_actions",
            "news_bundle_acts",
            "news_bundle_statements",
            "news_correction",
            "news_edition",
            "news_figure",
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
            "news_oldslug",
            "news_photo",
            "news_quotation",
            "news_searchdocument",
            "news_speaker",
            "news_speakerrole",
            "news_statement",
            "news_statement_articles",
            "news_statement_states",
        ),
    ]
