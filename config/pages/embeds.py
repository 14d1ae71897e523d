"""What other sites show of ours: a counter and a map to frame or as pictures, and the form that writes the lines for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.clickjacking import xframe_options_exempt

from campaign.models import Campaign
from campaign.pledging.backing import backing_of
from config.kit.formats.days import written
from config.kit.formats.languages import ENGLISH, in_language
from config.kit.incoming.days import today
from config.kit.pages.cards import in_letters_that_we_have
from config.kit.parameters import ISODateField, parsed_query
from config.pages.chart_pictures import chart_picture
from config.pages.map_pictures import map_picture
from treaties import ledger
from treaties.models import StatusChoices, Treaty
from treaties.models.treaties import MAIN_TREATY
from treaties.pages.charts import Chart
from treaties.pages.figure import pin_query
from treaties.pages.forms import PinnedForm
from treaties.pages.pinned import before_the_record
from treaties.pages.views import parties_chart
from treaties.pages.world_map import HATCHINGS, PRINTED, WorldMap, world_map
from treaties.status.boards import Board, status_board
from treaties.status.sentences import count_in_words, what_is_not_certain

THEMES = [("", __("As the reader has set")), ("light", __("Light")), ("dark", __("Dark"))]


class EmbedForm(PinnedForm):
    """What a site that frames us may choose."""

    theme = forms.ChoiceField(required=False, choices=THEMES, label=__("Colours"))


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def framed_anywhere(view: View) -> View:
    """Let other sites frame a page. Only the embeds are."""
    allowed: Any = csp_replace({"frame-ancestors": ["*"]})(view)
    return cast(View, xframe_options_exempt(allowed))


MAP_DRAWING = "embed/map.svg"
FILLS = {
    "party": PRINTED["party"],
    "consented": PRINTED["consented"],
    "signatory": PRINTED["signatory"],
    **{hatching.kind: f"url(#h-{hatching.kind})" for hatching in HATCHINGS},
}
"""How the States of each status are filled in a drawing."""
COLOURS = {name.replace("-", "_"): value for name, value in PRINTED.items()}
"""The colours of a drawing, by names that a template can say."""
WIDTH_OF_A_LETTER = 7.2
"""About, in the units of a drawing whose words are 13 high."""


def kinds_on(drawn: WorldMap) -> list[tuple[str, str]]:
    """The kinds of status of a map, with their words."""
    kinds = [(choice.value, str(choice.label)) for choice in StatusChoices]
    return [*kinds, ("open", str(_("Open: day not known")))] if drawn.has_open else kinds


def map_legend(drawn: WorldMap) -> list[dict[str, Any]]:
    """The marks of the map with their words and places, for the drawing."""
    marks = kinds_on(drawn)
    found, x = [], 12.0
    for kind, label in marks:
        found.append({"fill": FILLS[kind], "label": label, "x": round(x), "text_x": round(x) + 20})
        x += 36 + len(label) * WIDTH_OF_A_LETTER
    return found


@dataclass(frozen=True)
class Embed:
    """What an embed of a treaty shows: the board of a day, and whether the day was asked for."""

    form: EmbedForm
    board: Board
    is_pinned: bool
    theme: str
    code: int
    """The HTTP status: 400 where a part of the question could not be read."""

    @property
    def context(self) -> dict[str, Any]:
        return {
            "treaty": self.board.treaty,
            "form": self.form,
            "on": self.board.on,
            "known_at": self.board.known_at,
            "is_pinned": self.is_pinned,
            "counts": self.board.counts,
            "not_certain": what_is_not_certain(self.board),
            "statuses": StatusChoices.values,
            "theme": self.theme,
        }


def embed_of(request: HttpRequest, treaty: Treaty) -> Embed | HttpResponse:
    """The embed that a request asks for; or the answer that nothing was known at the moment asked for."""
    form = EmbedForm(request.GET, today())
    question, code = parsed_query(request, form)
    known_at = question["known_at"]
    if (nothing := before_the_record(request, known_at, "embed/before_the_record.html")) is not None:
        return nothing
    (treaty,) = ledger.as_known([treaty], known_at)
    board = status_board(treaty, treaty.last_shown_day(question["on"] or today()), known_at)
    return Embed(form, board, bool(request.GET.get("on") or known_at), question["theme"] or "", code)


def drawing(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    """An embed as an SVG of its own, for mails and print: its colours are in it, and it is answered to any site."""
    embed = embed_of(request, get_object_or_404(Treaty, slug=slug))
    if isinstance(embed, HttpResponse):
        return embed
    if embed.code != 200:
        return render(request, "embed/refused.html", embed.context, status=embed.code)
    context = embed.context | {"colours": COLOURS}
    if template == MAP_DRAWING:
        drawn = world_map(embed.board)
        fills = [(shape, FILLS["open" if shape.mark.is_open else shape.mark.kind]) for shape in drawn.shapes]
        patterns = mark_safe("".join(hatching.as_pattern(PRINTED) for hatching in HATCHINGS))  # noqa: S308 - our own numbers
        context |= {"map": drawn, "shapes": fills, "legend": map_legend(drawn), "patterns": patterns}
    body = render_to_string(template, context, request)
    answer = HttpResponse(body.strip(), content_type="image/svg+xml; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def counter_drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """The number of parties to a treaty as a picture."""
    return drawing(request, slug, "embed/counter.svg")


def map_drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """The map of a treaty as a picture."""
    return drawing(request, slug, MAP_DRAWING)


@in_letters_that_we_have
def map_png(request: HttpRequest, slug: str) -> HttpResponse:
    """The map of a treaty as a PNG."""
    embed = embed_of(request, get_object_or_404(Treaty, slug=slug))
    if isinstance(embed, HttpResponse):
        return embed
    if embed.code != 200:
        return render(request, "embed/refused.html", embed.context, status=embed.code)
    treaty, day = embed.board.treaty, embed.board.on
    title = _("%(treaty)s, %(day)s") % {"treaty": treaty.short_title, "day": written(day)}
    note = _("The boundaries and names shown do not imply official endorsement or acceptance by the United Nations.")
    drawn = world_map(embed.board)
    answer = HttpResponse(map_picture(drawn, title, kinds_on(drawn), str(note)), content_type="image/png")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def chart_of(request: HttpRequest, slug: str) -> HttpResponse | tuple[Chart, dict[str, str]]:
    """The chart of the parties to a treaty up to a day, with its words; or the answer that says why there is none."""
    embed = embed_of(request, get_object_or_404(Treaty, slug=slug))
    if isinstance(embed, HttpResponse):
        return embed
    if embed.code != 200:
        return render(request, "embed/refused.html", embed.context, status=embed.code)
    treaty, day = embed.board.treaty, embed.board.on
    chart, series = parties_chart(treaty, day, embed.board.known_at)
    if chart is None:
        raise Http404(_("The treaty was not open yet on that day."))
    return chart, {
        "title": _("%(treaty)s: parties up to %(day)s") % {"treaty": treaty.short_title, "day": written(day)},
        "value": count_in_words(series[-1][1], "parties"),
        "foot": f"{settings.SITE_URL}{treaty.get_absolute_url()}?{pin_query(day, embed.board.known_at)}",
    }


def chart_drawing(request: HttpRequest, slug: str) -> HttpResponse:
    """The parties to a treaty over time as an SVG of its own."""
    found = chart_of(request, slug)
    if isinstance(found, HttpResponse):
        return found
    chart, words = found
    body = render_to_string("embed/chart.svg", {"chart": chart, "colours": COLOURS, **words}, request)
    answer = HttpResponse(body.strip(), content_type="image/svg+xml; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@in_letters_that_we_have
def chart_png(request: HttpRequest, slug: str) -> HttpResponse:
    """The parties to a treaty over time as a PNG."""
    found = chart_of(request, slug)
    if isinstance(found, HttpResponse):
        return found
    chart, words = found
    body = chart_picture(chart, unit=str(_("States")), **words)
    answer = HttpResponse(body, content_type="image/png")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@framed_anywhere
def embedded_counter(request: HttpRequest, slug: str) -> HttpResponse:
    """One number for other sites to frame: the parties to a treaty, or the people behind a campaign."""
    treaty = Treaty.objects.filter(slug=slug).first()
    if treaty is not None:
        embed = embed_of(request, treaty)
        if isinstance(embed, HttpResponse):
            return embed
        return render(request, "embed/counter.html", embed.context, status=embed.code)
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise Http404
    return render(request, "embed/counter.html", {"campaign": campaign, "on": today(), "backing": backing_of(campaign)})


@framed_anywhere
def embedded_map(request: HttpRequest, slug: str) -> HttpResponse:
    """The status of every State on a day, for other sites to frame."""
    embed = embed_of(request, get_object_or_404(Treaty, slug=slug))
    if isinstance(embed, HttpResponse):
        return embed
    return render(request, "embed/map.html", embed.context | {"map": world_map(embed.board)}, status=embed.code)


# --- The form that writes the lines ------------------------------------------------------------------------------


class BuilderForm(forms.Form):
    """What is to be shown on another site, and how."""

    show = forms.ChoiceField(
        required=False,
        choices=[("counter", __("The number")), ("map", __("The map")), ("backers", __("Who backs the campaign"))],
        label=__("What"),
    )
    treaty = forms.ModelChoiceField(
        Treaty.objects.all(), required=False, to_field_name="slug", empty_label=None, label=__("Treaty")
    )
    pinned_to = ISODateField(
        required=False, label=__("Day"), help_text=__("Empty: always today. With a day it says so, and stays.")
    )
    theme = forms.ChoiceField(required=False, choices=THEMES, label=__("Colours"))
    language = forms.ChoiceField(
        required=False, choices=[("", __("That of this page")), *settings.LANGUAGES], label=__("Language")
    )


HEIGHTS = {"counter": 260, "map": 640, "backers": 200}
"""Pixels that each embed needs at a width of 600."""


def built(question: dict[str, Any]) -> dict[str, Any] | None:
    """The address of an embed, the line for a site, and the line for a picture where there is one; None without a campaign."""
    with override(question.get("language") or get_language()):
        return _built_here(question)


def _built_here(question: dict[str, Any]) -> dict[str, Any] | None:
    """The same in the language that is spoken."""
    language = get_language() or ENGLISH
    show = question.get("show") or "counter"
    treaty = question.get("treaty") or ledger.treaties_known()[MAIN_TREATY]
    day, theme = question.get("pinned_to"), question.get("theme") or ""
    pinned = {"on": day.isoformat()} if day and show != "backers" else {}
    site = settings.SITE_URL.rstrip("/")
    if show == "backers":
        campaign = Campaign.objects.filter(treaties=treaty.pk).first()
        if campaign is None:
            return None
        path, drawing_path, title = reverse("embed-counter", args=[campaign.slug]), "", campaign.title
    else:
        path, title = reverse(f"embed-{show}", args=[treaty.slug]), treaty.short_title
        drawing_path = reverse(f"{show}-drawing", args=[treaty.slug])
    query = urlencode(pinned | ({"theme": theme} if theme else {}))
    drawn = f"{drawing_path}{'?' + urlencode(pinned) if pinned else ''}"
    drawn = site + in_language(drawn, language) if drawing_path else ""
    page = site + in_language(reverse("treaties:treaty", args=[treaty.slug]), language)
    path = in_language(f"{path}{'?' + query if query else ''}", language)
    return {
        "path": path,
        "frame": format_html(
            '<iframe src="{}" title="{}" width="600" height="{}" loading="lazy"></iframe>',
            site + path,
            title,
            HEIGHTS[show],
        ),
        "picture": format_html('<a href="{}"><img src="{}" alt="{}" width="600"></a>', page, drawn, title)
        if drawn
        else "",
        "height": HEIGHTS[show],
        "title": title,
    }
