"""What the campaign adds to the pages of the record."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Campaign, CampaignAction, Commitment
from treaties.extension_points import Preset, Section
from treaties.models import State, Treaty

SHOWN = 12
"""How many commitments and actions a State's page shows."""


def state_section(state: State, on: date) -> Section | None:
    """What a State has promised, and what the campaign recorded about it."""
    commitments = list(Commitment.objects.by(state).for_display()[: SHOWN + 1])
    about = CampaignAction.objects.public().about(state).dated().select_related("pillar__campaign")
    actions = list(about.order_by("-date", "-pk")[:SHOWN])
    if not (commitments or actions):
        return None
    context = {
        "commitments": commitments[:SHOWN],
        "campaign_of_more": commitments[0].pillar.campaign if len(commitments) > SHOWN else None,
        "state": state,
        "actions": actions,
        "today": on,
    }
    return Section("campaign/about_state.html", context)


def announcements(treaty: Treaty) -> Iterable[Preset]:
    """The days on which campaigns for the treaty were announced."""
    for campaign in Campaign.objects.filter(treaties=treaty).order_by("announced_on"):
        yield Preset(_("Campaign announced"), campaign.announced_on)
