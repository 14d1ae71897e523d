"""From here on the database marks the public rows that are written: see `config.kit.models.public_changes`."""

from django.db import migrations

from config.kit.migrations._marks import MarkChanges


class Migration(migrations.Migration):
    dependencies = [("campaign", "0015_positions"), ("kit", "0009_public_changes")]

    operations = [
        MarkChanges(
            ("campaign_campaign", "campaign"),
            ("campaign_campaign_treaties", "campaign", "campaign_id"),
            ("campaign_pillar", "pillar"),
            ("campaign_campaignaction", "campaign_action"),
            ("campaign_campaignaction_states", "campaign_action", "campaignaction_id"),
            ("campaign_campaignaction_articles", "campaign_action", "campaignaction_id"),
            ("campaign_commitment", "commitment"),
            ("campaign_commitment_articles", "commitment", "commitment_id"),
            ("campaign_followup", "follow_up"),
            ("campaign_position", "position"),
            ("campaign_position_states", "position", "position_id"),
            ("campaign_position_about", "position", "position_id"),
            ("campaign_endorsement", "endorsement"),
            ("campaign_humanitarianfigure", "humanitarian_figure"),
        )
    ]
