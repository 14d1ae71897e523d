"""What the campaign adds to the pages of the record."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Campaign, CampaignAction, Commitment, Position, StateTally
from campaign.pledging.backing import SMALLEST_GROUP
from campaign.reading import newest_figures, positions_on, reading_for
from campaign.targets import targets_of
from treaties.extension_points import GivenReason, Preset, Section
from treaties.ledger.reading import treaties_known
from treaties.models import State, Treaty
from treaties.models.treaties import MAIN_TREATY

SHOWN = 12
"""How many commitments and actions a State's page shows."""


def asked_and_promised(state: State, on: date) -> Section | None:
    """What is asked of a State on a day, what it has promised, and how many people there back the campaign.

    That nothing is asked or promised is told too: silence could be a gap in the record.
    """
    reading = reading_for(treaties_known()[MAIN_TREATY])
    if reading is None:
        return None
    commitments = list(Commitment.objects.by(state).for_display()[: SHOWN + 1])
    made = [call for call in reading.calls if call.date <= on]
    targets = targets_of(made, on)
    tally = StateTally.objects.filter(campaign=reading.campaign, state=state.pk, counted__gte=SMALLEST_GROUP).first()
    context = {
        "state": state,
        "campaign": reading.campaign,
        "calls": [call for call in made if state in targets.get(call.pk, [])],
        "commitments": commitments[:SHOWN],
        "has_more": len(commitments) > SHOWN,
        "backers": tally,
    }
    return Section("campaign/asked_and_promised.html", context, comes_first=True)


def people_and_land(state: State, on: date) -> Section | None:
    """What mines do in a State and what is done about them, in numbers of a year."""
    figures = newest_figures(state, on.year)
    return Section("campaign/people_and_land.html", {"figures": figures}) if figures else None


def state_section(state: State, on: date) -> Section | None:
    """What the campaign recorded about a State."""
    about = CampaignAction.objects.public().about(state).dated().select_related("pillar__campaign")
    actions = list(about.order_by("-date", "-pk")[:SHOWN])
    if not actions:
        return None
    return Section("campaign/about_state.html", {"actions": actions})


def reasons_given(treaty: Treaty, on: date) -> Iterable[tuple[str, GivenReason]]:
    """Why States leave a treaty, as they said themselves up to a day."""
    for position in positions_on(treaty):
        if position.kind == Position.Kind.REASON and position.said_on <= on:
            reason = GivenReason(
                position.who,
                position.said_on,
                position.source_url,
                summary=position.summary,
                words=position.quote,
                said_in=position.said_in,
            )
            yield from ((state.pk, reason) for state in position.states.all())


def reactions(treaty: Treaty, on: date) -> Section | None:
    """What others said of the withdrawals up to a day, by kind."""
    found = [p for p in positions_on(treaty) if p.kind != Position.Kind.REASON and p.said_on <= on]
    if not found:
        return None
    by_kind = [(label, [p for p in found if p.kind == kind]) for kind, label in Position.Kind.choices]
    context = {"reactions": found, "by_kind": [(label, positions) for label, positions in by_kind if positions]}
    return Section("campaign/reactions.html", context)


def positions_of(state: State, on: date) -> Section | None:
    """What a State said of others who leave, and what others said of it, up to a day."""
    found = [
        p for p in positions_on(treaties_known()[MAIN_TREATY]) if p.kind != Position.Kind.REASON and p.said_on <= on
    ]
    context = {
        "of_it": [p for p in found if state in p.states.all()],
        "about_it": [p for p in found if state in p.about.all()],
    }
    return Section("campaign/positions.html", context) if any(context.values()) else None


def announcements(treaty: Treaty) -> Iterable[Preset]:
    """The days on which campaigns for the treaty were announced."""
    for campaign in Campaign.objects.filter(treaties=treaty).order_by("announced_on"):
        yield Preset(_("Campaign announced"), campaign.announced_on)
