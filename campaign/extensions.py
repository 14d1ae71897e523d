"""What the campaign adds to the pages of the record."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Campaign, CampaignAction, Commitment
from treaties.extension_points import Preset, Section
from treaties.models import State, Treaty


def state_section(state: State, on: date) -> Section | None:
    """What a State has promised, and what the campaign recorded about it."""
    commitments = list(Commitment.objects.by(state).for_display())
    actions = list(CampaignAction.objects.public().about(state).dated().for_display().order_by("-date"))
    if not (commitments or actions):
        return None
    return Section("campaign/about_state.html", {"commitments": commitments, "actions": actions, "today": on})


def announcements(treaty: Treaty) -> Iterable[Preset]:
    """The days on which campaigns for the treaty were announced."""
    for campaign in Campaign.objects.filter(treaties=treaty).order_by("announced_on"):
        yield Preset(_("Campaign announced"), campaign.announced_on)
