"""From here on the database marks the public rows that are written: see `config.kit.models.public_changes`."""

from django.db import migrations

from config.kit.migrations._marks import MarkChanges


class Migration(migrations.Migration):
    dependencies = [("news", "0018_videos"), ("kit", "0009_public_changes")]

    operations = [
        MarkChanges(
            ("news_statement", "statement"),
            ("news_statement", "statement", "translation_of_id"),
            ("news_statement_states", "statement", "statement_id"),
            ("news_statement_articles", "statement", "statement_id"),
            ("news_correction", "statement", "statement_id"),
            ("news_figure", "statement", "statement_id"),
            ("news_quotation", "statement", "statement_id"),
            ("news_video", "statement", "statement_id"),
            ("news_speaker", "speaker"),
            ("news_speakerrole", "speaker", "speaker_id"),
            ("news_photo", "photo"),
        )
    ]
