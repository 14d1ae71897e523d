"""Statements with what belongs to them, bundles, reviews, subscriptions, search documents."""

from news.models.bundles import Bundle
from news.models.corrections import Correction, Edition
from news.models.figures import Figure
from news.models.photos import Photo
from news.models.quotations import Quotation
from news.models.reviews import PreviewLink, PreviewOpening, ReviewComment
from news.models.search_documents import SearchDocument
from news.models.speakers import Speaker, SpeakerRole
from news.models.statements import OldSlug, Statement
from news.models.subscriptions import Subscription
from news.models.videos import Video

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
    "Video",
]
