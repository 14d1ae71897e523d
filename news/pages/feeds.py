"""Statements as Atom, RSS and JSON Feed, with the filters of the list."""

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.kit.formats.languages import ENGLISH, direction_of, language_tag_of
from config.kit.incoming.days import today
from config.kit.pages.markdown import to_html, to_text
from config.kit.pages.tag_uris import tag_uri
from config.kit.parameters import unknown_names
from news.facts.figures import render_figures
from news.models import Statement
from news.pages.forms import NewsForm, filtered
from treaties import ledger

ENTRIES = 30


def chosen(request: HttpRequest) -> list[Statement]:
    """The public statements that the address asks for; an address that cannot be read names no feed."""
    form = NewsForm(request.GET)
    if not form.is_valid() or unknown_names(request.GET, form.fields):
        raise Http404
    found = filtered(Statement.objects.public().for_feed().newest_first(), form.cleaned_data)[:ENTRIES]
    return render_figures(found, today())


def dated(statement: Statement) -> datetime:
    return datetime.combine(statement.dated_on, time(), UTC)


def entry_id(statement: Statement) -> str:
    """The identifier of an entry, the same whatever address the statement moves to (RFC 4287, section 4.2.6)."""
    return tag_uri(f"statements/{statement.pk}")


def body_for_readers_elsewhere(statement: Statement) -> str:
    """The text as HTML with absolute links, with its own language and direction."""
    html = to_html(statement.rendered_body, site=settings.SITE_URL)
    language = escape(statement.language)
    return f'<div lang="{language}" dir="{direction_of(statement.language)}">{html}</div>'


def about_the_feed() -> str:
    """What the feed is, and the line that stands for the record at this moment: who archives the feed keeps it."""
    return _(
        "Statements on the Mine Ban Convention, with their figures checked against the ledger. "
        "The whole record as it is: %(line)s"
    ) % {"line": ledger.checkpoint_line()}


class AtomNews(Feed):
    """Public statements, newest first."""

    feed_type: type[SyndicationFeed] = Atom1Feed

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def title(self, request: HttpRequest) -> str:
        return _("Minefree: news")

    def description(self, request: HttpRequest) -> str:
        return about_the_feed()

    subtitle = description

    def link(self, request: HttpRequest) -> str:
        return reverse("news:statements")

    def feed_url(self, request: HttpRequest) -> str:
        return request.get_full_path()

    def feed_guid(self, request: HttpRequest) -> str:
        query = request.GET.urlencode()
        return tag_uri(f"news?{query}" if query else "news")

    def items(self, request: HttpRequest) -> Any:
        return chosen(request)

    def item_title(self, item: Statement) -> str:
        return item.title

    def item_description(self, item: Statement) -> str:
        return body_for_readers_elsewhere(item)

    def item_guid(self, item: Statement) -> str:
        return entry_id(item)

    item_guid_is_permalink = False

    def item_pubdate(self, item: Statement) -> datetime:
        return dated(item)

    def item_updateddate(self, item: Statement) -> datetime:
        return item.updated_at

    def item_author_name(self, item: Statement) -> str:
        return item.byline or (item.speaker.name if item.speaker else "")

    def item_categories(self, item: Statement) -> list[str]:
        return [item.get_kind_display(), *(state.name for state in item.states.all())]


class RSSNews(AtomNews):
    feed_type = Rss201rev2Feed


def json_feed(request: HttpRequest) -> JsonResponse:
    """JSON Feed 1.1."""
    items = [
        {
            "id": entry_id(s),
            "url": request.build_absolute_uri(s.get_absolute_url()),
            "external_url": s.source_url,
            "title": s.title,
            "content_html": body_for_readers_elsewhere(s),
            "summary": to_text(s.rendered_body),
            "date_published": dated(s).isoformat().replace("+00:00", "Z"),
            "date_modified": s.updated_at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
            "language": s.language,
            "tags": [s.get_kind_display(), *(state.name for state in s.states.all())],
        }
        for s in chosen(request)
    ]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _("Minefree: news"),
        "description": about_the_feed(),
        "home_page_url": request.build_absolute_uri(reverse("news:statements")),
        "feed_url": request.build_absolute_uri(),
        "language": language_tag_of(get_language() or ENGLISH),
        "items": items,
    }
    return JsonResponse(body, content_type="application/feed+json")
