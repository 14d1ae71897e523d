"""Campaigns with pillars and actions, commitments, endorsements, pledges and mails."""

from campaign.models.access_log import AccessLogEntry
from campaign.models.campaign_actions import CampaignAction
from campaign.models.campaigns import Campaign, Pillar
from campaign.models.choices import MailLanguage
from campaign.models.commitments import Commitment, FollowUp
from campaign.models.endorsements import Endorsement
from campaign.models.figures import HumanitarianFigure
from campaign.models.invalidations import Invalidation
from campaign.models.mails import Mail, Suppression
from campaign.models.pledges import Pledge, PledgeToken
from campaign.models.positions import Position
from campaign.models.tallies import DayTally, RemovedPledge, StateTally

__all__ = [
    "AccessLogEntry",
    "Campaign",
    "CampaignAction",
    "Commitment",
    "DayTally",
    "Endorsement",
    "FollowUp",
    "HumanitarianFigure",
    "Invalidation",
    "Mail",
    "MailLanguage",
    "Pillar",
    "Pledge",
    "PledgeToken",
    "Position",
    "RemovedPledge",
    "StateTally",
    "Suppression",
]
