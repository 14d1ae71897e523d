"""What of the campaign waits for a second manager when it is changed."""

from django.contrib.auth.models import AbstractUser
from django.urls import reverse

from campaign.models.campaign_actions import CampaignAction
from campaign.models.campaigns import Campaign, Pillar
from campaign.models.commitments import Commitment, FollowUp
from campaign.models.endorsements import Endorsement
from campaign.models.figures import HumanitarianFigure
from campaign.models.positions import Position
from config.kit.proposals.guards import Guard, guard


def _verify(endorsement: Endorsement, by: AbstractUser) -> None:
    """The second person is the one who verifies it."""
    endorsement.verified_by = by  # type: ignore[assignment]


def register() -> None:
    """Guard the models of the campaign. A call that is held back, and 'done' before its check, are not public."""
    guard(
        Guard(Campaign),
        Guard(Pillar, page=lambda row: row.campaign.get_absolute_url()),
        Guard(CampaignAction, is_public=lambda row: not row.is_held),
        Guard(Commitment),
        Guard(FollowUp, is_public=lambda row: row.is_public, page=lambda row: row.commitment.get_absolute_url()),
        Guard(
            Endorsement,
            is_public=lambda row: row.verified_by_id is not None,
            page=lambda row: row.campaign.get_absolute_url(),
            before_accepting=_verify,
        ),
        Guard(HumanitarianFigure, page=lambda row: row.state.get_absolute_url() if row.state else reverse("home")),
        Guard(Position, page=lambda row: reverse("treaties:withdrawals", args=[row.treaty.slug])),
    )
