"""Texts around statements that editors translate. A statement itself is translated as a statement of its own."""

from typing import Any

from django.db import models
from django.urls import reverse

from config.kit.models.translations import TranslatedKind, register
from news.models.photos import Photo
from news.models.speakers import SpeakerRole
from news.models.statements import Statement
from news.models.videos import Video


def _shown(rows: models.QuerySet, **by: Any) -> models.QuerySet:
    """Rows with the address of a public statement that shows them; those that none shows are left out."""
    public = Statement.objects.public().filter(**by).order_by("pk")
    return rows.annotate(shown_by=models.Subquery(public.values("slug")[:1])).exclude(shown_by=None)


def _page(row: Any) -> str:
    """The page of the statement that shows a row; that of all statements where the row was read without it."""
    slug = getattr(row, "shown_by", None)
    return reverse("news:statement", args=[slug]) if slug else reverse("news:statements")


def register_kinds() -> None:
    """Have captions, videos and roles of speakers translated: those that a public statement shows."""
    public = Statement.objects.public
    register(
        TranslatedKind(
            "photo",
            Photo,
            lambda: _shown(Photo.objects.all(), photo=models.OuterRef("pk")),
            _page,
            (("statement", lambda rows: Photo.objects.filter(statements__in=map(int, rows))),),
        ),
        TranslatedKind(
            "video",
            Video,
            lambda: Video.objects.filter(statement__in=public()).select_related("statement"),
            lambda row: row.statement.get_absolute_url(),
            (("statement", lambda rows: Video.objects.filter(statement__in=map(int, rows))),),
        ),
        TranslatedKind(
            "speaker_role",
            SpeakerRole,
            lambda: _shown(SpeakerRole.objects.all(), speaker=models.OuterRef("speaker")),
            _page,
            (("statement", lambda rows: SpeakerRole.objects.filter(speaker__statements__in=map(int, rows))),),
        ),
    )
