"""Texts of the campaign that editors translate."""

from django.urls import reverse

from campaign.models.campaign_actions import CampaignAction
from campaign.models.campaigns import Campaign, Pillar
from campaign.models.commitments import Commitment, FollowUp
from campaign.models.positions import Position
from config.kit.models.translations import TranslatedKind, register


def register_kinds() -> None:
    """Have the texts of campaigns, pillars, calls and events, promises and positions translated."""
    register(
        TranslatedKind("campaign", Campaign, Campaign.objects.all, lambda row: row.get_absolute_url()),
        TranslatedKind(
            "pillar",
            Pillar,
            lambda: Pillar.objects.select_related("campaign"),
            lambda row: row.campaign.get_absolute_url(),
        ),
        TranslatedKind(
            "campaign_action",
            CampaignAction,
            lambda: CampaignAction.objects.public().select_related("pillar__campaign"),
            lambda row: row.get_absolute_url(),
        ),
        TranslatedKind(
            "commitment",
            Commitment,
            lambda: Commitment.objects.select_related("pillar__campaign"),
            lambda row: row.get_absolute_url(),
        ),
        TranslatedKind(
            "follow_up",
            FollowUp,
            lambda: FollowUp.objects.public().select_related("commitment__pillar__campaign"),
            lambda row: row.commitment.get_absolute_url(),
        ),
        TranslatedKind(
            "position",
            Position,
            lambda: Position.objects.select_related("treaty"),
            lambda row: reverse("treaties:withdrawals", args=[row.treaty.slug]),
        ),
    )
