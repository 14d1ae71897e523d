"""The news: statements, the desk where they are made, and their readers."""

from news.models.desk import Bundle, PreviewLink, PreviewOpening, ReviewComment
from news.models.readers import SearchDocument, Subscription
from news.models.statement import Correction, Edition, Figure, OldSlug, Quotation, Statement
from news.models.voices import Photo, Speaker, SpeakerRole

__all__ = [
    "Bundle",
    "Correction",
    "Edition",
    "Figure",
    "OldSlug",
    "Photo",
    "PreviewLink",
    "PreviewOpening",
    "Quotation",
    "ReviewComment",
    "SearchDocument",
    "Speaker",
    "SpeakerRole",
    "Statement",
    "Subscription",
]
