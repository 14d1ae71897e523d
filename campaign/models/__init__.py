"""What is asked, promised and done: campaigns, their calls and events, commitments, endorsements and pledges."""

from campaign.models.asked import Campaign, CampaignAction, Pillar
from campaign.models.backing import Endorsement, Pledge
from campaign.models.promised import Commitment, FollowUp

__all__ = ["Campaign", "CampaignAction", "Commitment", "Endorsement", "FollowUp", "Pillar", "Pledge"]
