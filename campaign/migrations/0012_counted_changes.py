"""From here on the database counts what is written to these tables: see `config.kit.models.generations`."""

from django.db import migrations

from config.kit.migrations._generations import CountChanges


class Migration(migrations.Migration):
    dependencies = [("campaign", "0011_guarded_tables"), ("kit", "0008_generations")]

    operations = [
        CountChanges(
            "campaign",
            "campaign_campaign",
            "campaign_campaign_treaties",
            "campaign_campaignaction",
            "campaign_campaignaction_articles",
            "campaign_campaignaction_states",
            "campaign_commitment",
            "campaign_commitment_articles",
            "campaign_endorsement",
            "campaign_followup",
            "campaign_historicalcampaign",
            "campaign_historicalcampaign_treaties",
            "campaign_historicalcampaignaction",
            "campaign_historicalcampaignaction_articles",
            "campaign_historicalcampaignaction_states",
            "campaign_historicalcommitment",
            "campaign_historicalcommitment_articles",
            "campaign_historicalendorsement",
            "campaign_historicalfollowup",
            "campaign_historicalpillar",
            "campaign_pillar",
        ),
        CountChanges(
            "pledges",
            "campaign_daytally",
            "campaign_departure",
            "campaign_invalidation",
            "campaign_pledge",
            "campaign_statetally",
        ),
    ]
