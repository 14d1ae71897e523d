"""Campaigns as the pages read them: with pillars, treaties and public actions, remembered as long as nobody changes them."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from campaign.models import Campaign, CampaignAction, Endorsement, HumanitarianFigure, Pillar, Position
from campaign.models.campaign_actions import EarlierDay, earlier_days
from config.kit.models.generations import Remembered
from treaties.models import PrecisionChoices, State, Treaty


@dataclass(frozen=True)
class CampaignReading:
    """A campaign with what belongs to it. Several pages share one at the same time: nobody may change it."""

    campaign: Campaign
    actions: list[CampaignAction]
    """All that the public may see, oldest first."""

    @cached_property
    def earlier(self) -> dict[int, list[EarlierDay]]:
        """By action, the days that were announced for it before. One query, once."""
        return earlier_days(self.timeline)

    @cached_property
    def endorsements(self) -> list[Endorsement]:
        """Who stands behind the campaign beside people, by kind. One query, once."""
        return list(Endorsement.objects.of(self.campaign).order_by("kind", "-endorsed_on", "name"))

    @cached_property
    def calls(self) -> list[CampaignAction]:
        """The calls to action, by audience."""
        found = [action for action in self.actions if action.is_call]
        return sorted(found, key=lambda call: (call.audience, call.date, call.pk))

    @cached_property
    def timeline(self) -> list[CampaignAction]:
        """What happens on a day: everything but the calls."""
        return [action for action in self.actions if not action.is_call]

    @cached_property
    def events(self) -> list[CampaignAction]:
        """The events whose day is known."""
        vague = (PrecisionChoices.MONTH, PrecisionChoices.YEAR)
        is_event = lambda a: a.kind == CampaignAction.Kind.EVENT and a.date_precision not in vague  # noqa: E731
        return [action for action in self.actions if is_event(action)]

    def pillars(self, role: Pillar.Role) -> list[Pillar]:
        """The pillars of one role, in their order."""
        return [pillar for pillar in self.campaign.pillars.all() if pillar.role == role]


_figures: Remembered[list[HumanitarianFigure]] = Remembered("campaign", most=256)


def newest_figures(state: State | None, until: int) -> list[HumanitarianFigure]:
    """The newest figure of each measure, for a State or for the world, that is about no year after the given one. One query."""
    key = (state.pk if state else "", until)
    return list(_figures.get(key, lambda: _newest(state, until)))


def _newest(state: State | None, until: int) -> list[HumanitarianFigure]:
    about = HumanitarianFigure.objects.about(state) if state else HumanitarianFigure.objects.of_the_world()
    found: dict[str, HumanitarianFigure] = {}
    for figure in about.filter(year__lte=until).order_by("-year"):
        found.setdefault(figure.measure, figure)
    return [found[measure] for measure in HumanitarianFigure.Measure.values if measure in found]


_positions: Remembered[list[Position]] = Remembered("campaign", "treaties", most=16)


def positions_on(treaty: Treaty) -> list[Position]:
    """What States and organizations said of leaving a treaty, oldest first. Three queries, remembered."""
    return list(_positions.get(treaty.pk, lambda: list(Position.objects.filter(treaty=treaty.pk).for_display())))


_readings: Remembered[CampaignReading | None] = Remembered("campaign", "treaties", most=16)


def reading_of(slug: str) -> CampaignReading | None:
    """The campaign with that address; None if there is none. Four queries."""
    return _readings.get(slug, lambda: _read(Campaign.objects.filter(slug=slug)))


def reading_for(treaty: Treaty) -> CampaignReading | None:
    """The newest campaign for a treaty; None if there is none. Four queries."""
    return _readings.get(treaty.pk, lambda: _read(Campaign.objects.filter(treaties=treaty.pk)))


def _read(campaigns: QuerySet[Campaign]) -> CampaignReading | None:
    campaign = campaigns.prefetch_related("treaties", "pillars").first()
    if campaign is None:
        return None
    actions = CampaignAction.objects.public().of(campaign).order_by("date", "id")
    return CampaignReading(campaign, list(actions.select_related("pillar__campaign", "target_treaty")))
