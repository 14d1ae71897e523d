"""What the change feed tells of campaigns: pillars, calls and events, promises, positions, figures and backers."""

from campaign.models import (
    Campaign,
    CampaignAction,
    Commitment,
    Endorsement,
    FollowUp,
    HumanitarianFigure,
    Pillar,
    Position,
)
from config.kit.migrations._marks import Marked
from config.kit.models.telling import PublicKind, register


def _articles(row: CampaignAction | Commitment) -> list[dict[str, object]]:
    found = [{"treaty": article.treaty.slug, "article": article.number} for article in row.articles.all()]
    return sorted(found, key=str)


KINDS = [
    PublicKind(
        "campaign",
        Campaign,
        (
            "slug",
            "title",
            "title_note",
            "summary",
            "announced_by",
            "announced_on",
            "launched_on",
            "window_starts_on",
            "window_ends_on",
            "treaties",
            "result",
            "result_note",
            "source_url",
        ),
        lambda row: f"/api/v1/campaigns/{row.slug}/",
        lambda now: Campaign.objects.prefetch_related("treaties"),
        key="slug",
    ),
    PublicKind(
        "pillar",
        Pillar,
        ("slug", "campaign", "role", "title", "summary", "source_url"),
        lambda row: f"/api/v1/campaigns/{row.campaign.slug}/",
        lambda now: Pillar.objects.select_related("campaign"),
        key="slug",
    ),
    PublicKind(
        "campaign_action",
        CampaignAction,
        (
            "slug",
            ("campaign", "pillar.campaign"),
            "pillar",
            "kind",
            "title",
            "summary",
            "date",
            "end_date",
            "date_precision",
            "place",
            "who",
            "status",
            "direction",
            "official",
            "audience",
            "target_rule",
            "target_treaty",
            "states",
            ("articles", _articles),
            "doubt",
            "source_url",
        ),
        lambda row: f"/api/v1/campaign-actions/{row.slug}/",
        lambda now: (
            CampaignAction.objects.public()
            .select_related("pillar__campaign", "target_treaty")
            .prefetch_related("states", "articles__treaty")
        ),
        key="slug",
    ),
    PublicKind(
        "commitment",
        Commitment,
        (
            "slug",
            ("campaign", "pillar.campaign"),
            "pillar",
            "by_state",
            "by_organization",
            "title",
            "text",
            "announced_on",
            "date_precision",
            "due_on",
            "status",
            "baseline_amount",
            "target_amount",
            "target_unit",
            ("articles", _articles),
            "doubt",
            "source_url",
        ),
        lambda row: f"/api/v1/commitments/{row.slug}/",
        lambda now: Commitment.objects.select_related("pillar__campaign", "by_state").prefetch_related(
            "articles__treaty"
        ),
        key="slug",
    ),
    PublicKind(
        "follow_up",
        FollowUp,
        ("commitment", "on", "status", "text", "amount", "evidence_url"),
        lambda row: f"/api/v1/commitments/{row.commitment.slug}/",
        lambda now: FollowUp.objects.public().select_related("commitment"),
    ),
    PublicKind(
        "position",
        Position,
        (
            "id",
            "kind",
            "treaty",
            "states",
            "who",
            "about",
            "said_on",
            "summary",
            "quote",
            "language",
            "source_url",
            "note",
        ),
        lambda row: f"/api/v1/positions/{row.pk}/",
        lambda now: Position.objects.select_related("treaty").prefetch_related("states", "about"),
    ),
    PublicKind(
        "endorsement",
        Endorsement,
        ("id", "campaign", "kind", "name", "state", "endorsed_on", "source_url"),
        lambda row: f"/api/v1/endorsements/?campaign={row.campaign.slug}",
        lambda now: Endorsement.objects.verified(),
    ),
    PublicKind(
        "humanitarian_figure",
        HumanitarianFigure,
        ("state", "measure", "year", "value", "extent", "source_url", "note"),
        lambda row: f"/states/{row.state_id.lower()}/" if row.state_id else "/",
        lambda now: HumanitarianFigure.objects.select_related("state"),
    ),
]

MARKED = [
    Marked("campaign_campaign", "campaign"),
    Marked("campaign_campaign_treaties", "campaign", "campaign_id"),
    Marked("campaign_pillar", "pillar"),
    Marked("campaign_campaignaction", "campaign_action"),
    Marked("campaign_campaignaction_states", "campaign_action", "campaignaction_id"),
    Marked("campaign_campaignaction_articles", "campaign_action", "campaignaction_id"),
    Marked("campaign_commitment", "commitment"),
    Marked("campaign_commitment_articles", "commitment", "commitment_id"),
    Marked("campaign_followup", "follow_up"),
    Marked("campaign_position", "position"),
    Marked("campaign_position_states", "position", "position_id"),
    Marked("campaign_position_about", "position", "position_id"),
    Marked("campaign_endorsement", "endorsement"),
    Marked("campaign_humanitarianfigure", "humanitarian_figure"),
]


def register_kinds() -> None:
    """Have what is public of campaigns told."""
    register(*KINDS, marked=MARKED)
