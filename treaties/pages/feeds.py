"""The ledger as a feed."""

from datetime import UTC, datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.incoming.texts import clean_line
from config.kit.pages.tag_uris import tag_uri
from config.kit.parameters import unknown_names
from treaties import ledger
from treaties.models import Declaration, Treaty, TreatyAction
from treaties.status.sentences import between, compared, when

ENTRIES = 50


class LedgerFeed(Feed):
    """Every confirmed act under a treaty, the last confirmed first."""

    feed_type = Atom1Feed
    author_name = "Minefree"

    def get_object(self, request: HttpRequest, slug: str) -> Treaty:
        """The treaty. An address that asks for what the feed does not know names no feed."""
        if unknown_names(request.GET, ()):
            raise Http404
        return get_object_or_404(Treaty, slug=slug)

    def title(self, treaty: Treaty) -> str:
        return _("%(treaty)s: the ledger of treaty actions") % {"treaty": treaty.short_title}

    def subtitle(self, treaty: Treaty) -> str:
        """Who archives the feed keeps with it what the record was."""
        whole = _("The whole record as it is: %(line)s") % {"line": ledger.checkpoint_line()}
        return " ".join(filter(None, [whole, compared(treaty)]))

    def link(self, treaty: Treaty) -> str:
        return reverse("treaties:ledger", args=[treaty.slug])

    def feed_guid(self, treaty: Treaty) -> str:
        return tag_uri(f"treaties/{treaty.slug}/ledger")

    def feed_url(self, treaty: Treaty) -> str:
        return reverse("treaties:feed", args=[treaty.slug])

    def items(self, treaty: Treaty) -> QuerySet[TreatyAction]:
        rows = TreatyAction.objects.of(treaty).confirmed().for_ledger()
        return rows.order_by("-confirmed_at", "-deposited_on", "-id")[:ENTRIES]

    def item_title(self, row: TreatyAction) -> str:
        return f"{row.state.name}: {row.get_action_display()}, {when(row) if row.not_before else written(row.deposited_on)}"

    def item_description(self, row: TreatyAction) -> str:
        sentences = [_("Deposited %(when)s.") % {"when": when(row)}]
        if row.effect_between:
            sentences.append(_("Effective %(when)s.") % {"when": between(*row.effect_between)})
        elif row.effective_on:
            sentences.append(_("Effective on %(day)s.") % {"day": written(row.effective_on)})
        if row.is_annulment:
            sentences = [_("Takes out row %(id)s: %(reason)s") % {"id": row.replaces_id, "reason": row.reason}]
        elif row.replaces_id:
            sentences.append(_("Replaces row %(id)s: %(reason)s") % {"id": row.replaces_id, "reason": row.reason})
        return clean_line(" ".join([*sentences, row.note]))  # a row that is sealed may hold what no XML can

    def item_guid(self, row: TreatyAction) -> str:
        return tag_uri(f"treaty-actions/{row.pk}")

    def item_pubdate(self, row: TreatyAction) -> datetime:
        return datetime.combine(row.deposited_on, time(), UTC)

    def item_updateddate(self, row: TreatyAction) -> datetime:
        moments = [r.confirmed_at for r in getattr(row, "confirmed_replacements", [])] + [row.confirmed_at]
        return max(m for m in moments if m is not None)


class DeclarationsFeed(Feed):
    """What States said about a treaty, what was recorded or changed last first."""

    feed_type = Atom1Feed
    author_name = "Minefree"

    def get_object(self, request: HttpRequest, slug: str) -> Treaty:
        """The treaty. An address that asks for what the feed does not know names no feed."""
        if unknown_names(request.GET, ()):
            raise Http404
        return get_object_or_404(Treaty, slug=slug)

    def title(self, treaty: Treaty) -> str:
        return _("%(treaty)s: declarations, reservations, objections") % {"treaty": treaty.short_title}

    def subtitle(self, treaty: Treaty) -> str:
        return _("None of these texts changes a status by itself.")

    def link(self, treaty: Treaty) -> str:
        return reverse("treaties:declarations", args=[treaty.slug])

    def feed_guid(self, treaty: Treaty) -> str:
        return tag_uri(f"treaties/{treaty.slug}/declarations")

    def feed_url(self, treaty: Treaty) -> str:
        return reverse("treaties:declarations-feed", args=[treaty.slug])

    def items(self, treaty: Treaty) -> QuerySet[Declaration]:
        texts: Any = treaty.declarations.select_related("state", "treaty").with_moments()
        return texts.order_by("-changed_at", F("made_on").desc(nulls_last=True), "-id")[:ENTRIES]

    def item_title(self, text: Declaration) -> str:
        day = written(text.made_on) if text.made_on else _("day not known")
        names = {"state": text.state.name, "kind": text.get_kind_display(), "day": day}
        return _("%(state)s: %(kind)s, %(day)s") % names

    def item_description(self, text: Declaration) -> str:
        return clean_line(f"{text.summary or text.text} {text.meaning}")

    def item_guid(self, text: Declaration) -> str:
        return tag_uri(f"declarations/{text.pk}")

    def item_pubdate(self, text: Any) -> datetime:
        return datetime.combine(text.made_on, time(), UTC) if text.made_on else text.recorded_at

    def item_updateddate(self, text: Any) -> datetime:
        return text.changed_at
