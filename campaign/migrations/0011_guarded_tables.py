"""The triggers that guard these tables are made by migrations from here on; earlier code made them after every migration."""

from django.db import migrations

from config.kit.migrations._triggers import GuardTables


class Migration(migrations.Migration):
    dependencies = [("campaign", "0010_taken_out_with_a_reason")]

    operations = [
        GuardTables(
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
            "campaign_look",
        ),
    ]
