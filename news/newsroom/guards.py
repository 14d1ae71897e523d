"""What belongs to statements waits for a second editor when it is changed under one that is public or scheduled."""

from typing import Any

from django.db.models import QuerySet

from config.kit.proposals.guards import Guard, guard
from news.models import Correction, Edition, Figure, OldSlug, Photo, Quotation, Speaker, SpeakerRole, Statement, Video
from news.models.choices import PUBLIC_STATES

PUBLISH = "news.publish_statement"


def _page_of_its_statement(row: Any) -> str:
    return str(row.statement.get_absolute_url())


def _public(statements: Any) -> QuerySet[Statement]:
    found: QuerySet[Statement] = statements.filter(workflow__in=PUBLIC_STATES).order_by("-dated_on", "pk")
    return found


def _first_page(statements: Any) -> str:
    first = _public(statements).first()
    return first.get_absolute_url() if first is not None else ""


def register() -> None:
    """Guard the models of the newsroom. What only drafts use is free: their review covers it."""
    for model in (Figure, Quotation, Video):
        guard(
            Guard(
                model,
                is_public=lambda row: row.statement.workflow in PUBLIC_STATES,
                page=_page_of_its_statement,
            )
        )
    for owner in (Speaker, Photo):
        guard(
            Guard(
                owner,
                is_public=lambda row: _public(row.statements).exists(),
                page=lambda row: _first_page(row.statements),
            )
        )
    guard(
        Guard(Statement, is_public=lambda row: row.workflow in PUBLIC_STATES, permission=PUBLISH),
        Guard(Correction, page=_page_of_its_statement, permission=PUBLISH),
        Guard(Edition, page=_page_of_its_statement, permission=PUBLISH),
        Guard(OldSlug, page=_page_of_its_statement, permission=PUBLISH, may_be_deleted=True),
        Guard(
            SpeakerRole,
            is_public=lambda row: _public(row.speaker.statements).exists(),
            page=lambda row: _first_page(row.speaker.statements),
        ),
    )
