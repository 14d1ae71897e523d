"""What the change feed tells of statements. A text that waits for its minute is told when this comes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Min, Prefetch, QuerySet

from config.kit.migrations._marks import Marked
from config.kit.models.telling import PartOfOthers, PublicKind, register
from news.models import (
    Correction,
    Figure,
    Photo,
    Quotation,
    Speaker,
    SpeakerRole,
    Statement,
    Video,
)
from news.models.choices import PUBLIC_STATES


def _public(now: datetime) -> QuerySet[Statement]:
    translations = Statement.objects.public(now).exclude(workflow=Statement.Workflow.WITHDRAWN)
    found: QuerySet[Statement] = (
        Statement.objects.public(now)
        .select_related("speaker", "campaign", "translation_of", "photo")
        .prefetch_related(
            "states",
            "articles__treaty",
            "corrections",
            "figures__treaty",
            "quotations",
            "videos",
            "speaker__roles",
            Prefetch("translations", translations, to_attr="public_translations"),
        )
    )
    return found


def _is_withdrawn(statement: Statement) -> bool:
    return statement.workflow == Statement.Workflow.WITHDRAWN


def _languages(statement: Any) -> list[str]:
    return sorted(text.language for text in statement.public_translations)


def _figures(statement: Statement) -> list[dict[str, Any]]:
    return [
        {"text": f.text, "treaty": f.treaty.slug, "query": f.query, "on": f.on, "value": f.value, "note": f.note}
        for f in sorted(statement.figures.all(), key=lambda f: f.pk)
    ]


def _treaties(statement: Statement) -> list[str]:
    return sorted({article.treaty.slug for article in statement.articles.all()})


def _shown(name: str, read: Any = None) -> tuple[str, Any]:
    """A field of the text: nothing of a withdrawn text is repeated."""
    return name, lambda text: None if _is_withdrawn(text) else (read or attrgetter(name))(text)


def _lines(*names: str) -> Any:
    """Of rows that belong to a text: these fields, in the order of the text."""
    return lambda rows: [{name: getattr(row, name) for name in names} for row in rows.all()]


def _is_due(rows: list[str], now: datetime) -> Mapping[str, datetime]:
    """Texts that are released for a moment to come, or whose translation is."""
    waiting = Statement.objects.filter(workflow__in=PUBLIC_STATES, publish_at__gt=now).order_by()
    own = waiting.filter(pk__in=rows).values_list("pk", "publish_at")
    translated = waiting.filter(translation_of__pk__in=rows).values("translation_of").annotate(next=Min("publish_at"))
    found = {str(pk): moment for pk, moment in translated.values_list("translation_of", "next")}
    return found | {str(pk): moment for pk, moment in own}


def _texts_by(name: str) -> Callable[[list[str]], Iterable[str]]:
    def owners(rows: list[str]) -> list[str]:
        found = Statement.objects.filter(**{f"{name}__in": rows}).order_by("pk").values_list("pk", flat=True)
        return [str(pk) for pk in found]

    return owners


def _speaker(statement: Statement) -> dict[str, Any] | None:
    speaker = statement.speaker
    if speaker is None:
        return None
    roles = [
        {"role": r.role, "organization": r.organization, "from": r.since, "to": r.until} for r in speaker.roles.all()
    ]
    return {"name": speaker.name, "roles": roles}


def _photo(statement: Statement) -> dict[str, Any] | None:
    photo = statement.photo
    return {"credit": photo.credit, "caption": photo.caption, "alt": photo.alt} if photo else None


STATEMENT = PublicKind(
    "statement",
    Statement,
    (
        "slug",
        "kind",
        _shown("symbol"),
        _shown("title"),
        "dated_on",
        _shown("date_note"),
        "language",
        "translation_of",
        _shown("speaker", _speaker),
        _shown("byline"),
        "stance",
        "campaign",
        "states",
        ("treaties", _treaties),
        _shown("body"),
        _shown("figures", _figures),
        _shown("quotations", lambda text: _lines("text", "note", "source_url")(text.quotations)),
        _shown("videos", lambda text: _lines("title", "url", "captions", "minutes")(text.videos)),
        _shown("photo", _photo),
        _shown("corrections", lambda text: _lines("made_at", "text", "is_small")(text.corrections)),
        ("withdrawn", _is_withdrawn),
        "withdrawn_reason",
        "publish_at",
        _shown("source_url"),
        _shown("source_note"),
        ("languages", _languages),
    ),
    lambda text: f"/api/v1/statements/{text.slug}/",
    _public,
    key="slug",
    name=lambda text: "" if _is_withdrawn(text) else text.title,
    languages="languages",
    is_withdrawn=_is_withdrawn,
    due=_is_due,
)

MARKED = [
    Marked("news_statement", "statement"),
    Marked("news_statement", "statement", "translation_of_id"),
    Marked("news_statement_states", "statement", "statement_id"),
    Marked("news_statement_articles", "statement", "statement_id"),
    Marked("news_correction", "statement", "statement_id"),
    Marked("news_figure", "statement", "statement_id"),
    Marked("news_quotation", "statement", "statement_id"),
    Marked("news_video", "statement", "statement_id"),
    Marked("news_speaker", "speaker"),
    Marked("news_speakerrole", "speaker", "speaker_id"),
    Marked("news_photo", "photo"),
]


def register_kinds() -> None:
    """Have what is public of the news told."""
    register(
        STATEMENT,
        marked=MARKED,
        parts=[Correction, Figure, Quotation, Video, SpeakerRole],
        parts_of_others=[
            PartOfOthers("speaker", Speaker, "statement", _texts_by("speaker")),
            PartOfOthers("photo", Photo, "statement", _texts_by("photo")),
        ],
    )
