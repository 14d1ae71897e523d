"""What is asked, promised and done: campaigns, their calls and events, commitments, endorsements and pledges."""

from campaign.models.asked import Campaign, CampaignAction, Pillar
from campaign.models.backing import Endorsement, Invalidation, Look, MailLanguage, NeverMail, Pledge, PledgeToken
from campaign.models.counted import DayTally, Departure, StateTally
from campaign.models.outbox import Mail
from campaign.models.promised import Commitment, FollowUp

__all__ = [
    "Campaign",
    "CampaignAction",
    "Commitment",
    "DayTally",
    "Departure",
    "Endorsement",
    "FollowUp",
    "Invalidation",
    "Look",
    "Mail",
    "MailLanguage",
    "NeverMail",
    "Pillar",
    "Pledge",
    "PledgeToken",
    "StateTally",
]
