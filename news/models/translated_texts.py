"""Texts around statements that editors translate. A statement itself is translated as a statement of its own."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from config.kit.models.translations import TranslatedKind, register
from news.models.photos import Photo
from news.models.speakers import SpeakerRole
from news.models.statements import Statement
from news.models.videos import Video


def _page_of_a_statement(**among: Any) -> str:
    statement = Statement.objects.public().filter(**among).first()
    return statement.get_absolute_url() if statement is not None else reverse("news:index")


def register_kinds() -> None:
    """Have captions, videos and roles of speakers translated: those that a public statement shows."""
    public = Statement.objects.public
    register(
        TranslatedKind(
            "photo",
            Photo,
            lambda: Photo.objects.filter(Exists(public().filter(photo=OuterRef("pk")))),
            lambda row: _page_of_a_statement(photo=row),
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
            lambda: SpeakerRole.objects.filter(Exists(public().filter(speaker=OuterRef("speaker")))),
            lambda row: _page_of_a_statement(speaker=row.speaker_id),
            (("statement", lambda rows: SpeakerRole.objects.filter(speaker__statements__in=map(int, rows))),),
        ),
    )
