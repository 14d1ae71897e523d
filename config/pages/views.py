"""Pages of the site as a whole: home, open data, legal texts, embeds and errors."""

import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Commitment, HumanitarianFigure
from campaign.pages.views import status_tally
from campaign.pledging.backing import backing_of
from campaign.reading import newest_figures, reading_for
from campaign.targets import targets_of
from config.api.snapshots import FOLDER
from config.kit.api.problems import problem_page
from config.kit.formats.days import written
from config.kit.incoming.days import today
from config.kit.models import Snapshot
from config.kit.pages.cards import card_answer, in_letters_that_we_have
from config.kit.parameters import parsed_query
from config.pages.datapackage import RESOURCES, datapackage
from config.pages.embeds import BuilderForm, built
from config.pages.styleguide import pieces
from news.facts.figures import render_figures
from news.models import Statement
from treaties import ledger
from treaties.extension_points import text_of_source
from treaties.law import rules
from treaties.models import StatusChoices, Treaty
from treaties.models.treaties import MAIN_TREATY
from treaties.pages.figure import chosen_states, compared_with, history_url, pin_query
from treaties.pages.forms import FigureForm
from treaties.pages.pinned import pin, title_of
from treaties.pages.sheets import figures_of
from treaties.pages.views import counts_url, parties_chart, recent_chart
from treaties.pages.world_map import OUTSIDE, world_map
from treaties.status.boards import status_board
from treaties.status.duties import dated_duties
from treaties.status.sentences import comparison_is_due, what_is_not_certain
from treaties.status.withdrawals import next_in_words, withdrawal_paths

LATEST = 3
NEXT_DEADLINES = 5
ON_HOME = (
    HumanitarianFigure.Measure.CASUALTIES,
    HumanitarianFigure.Measure.CLEARED,
    HumanitarianFigure.Measure.MINES_DESTROYED,
)
"""What the home page tells of people and land, each in the newest year on record."""


def home(request: HttpRequest) -> HttpResponse:
    treaty = Treaty.objects.main()
    form = FigureForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    pinned = pin(request, question, title_of(treaty, on), [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    board = status_board(treaty, on, known_at)
    chart, series = parties_chart(treaty, on, known_at)
    reading = reading_for(treaty)
    campaign, calls = (reading.campaign, reading.calls) if reading else (None, [])
    tally = status_tally(Commitment.objects.of(campaign)) if campaign else []
    targets = targets_of(calls, on, known_at)
    members = chosen_states(board, question)
    filters = [urlencode({name: question[name]}, doseq=True) for name in ("region", "group") if question[name]]
    paths = withdrawal_paths(board)
    left = [p for p in paths if p.standing.withdrawal]
    effects = [p.standing.withdrawal_effective_on for p in left if p.standing.withdrawal_effective_on]
    ahead = [
        d
        for d in dated_duties([treaty], on, known_at=known_at)
        if d.status is rules.ObligationStatus.PENDING and d.recorded and d.deadline
    ]
    context = {
        "treaty": treaty,
        "form": form,
        "on": on,
        **pinned.context,
        "is_pinned": bool(request.GET.get("on") or known_at),
        "counts": board.counts,
        "chart": chart,
        "series": series,
        "counts_url": counts_url(treaty, on, known_at),
        "download": "&".join([pin_query(on, known_at), *filters]),
        "recent": recent_chart(board, series, on) if chart else None,
        "history_url": history_url(treaty, known_at),
        "pin_query": pin_query(on, known_at),
        "paths": left,
        "next": next_in_words(board, paths),
        "first_effect": min(effects, default=None),
        "last_effect": max(effects, default=None),
        "campaign": campaign,
        "announcement": text_of_source(campaign.source_url) if campaign else None,
        "window_is_over": campaign.window_is_over(today()) if campaign else False,
        "day_of_window": campaign.day_of_window(today()) if campaign else None,
        "calls": [(c, targets[c.pk]) for c in calls if c.pk in targets][:2],
        "tally": tally,
        "commitment_count": sum(n for _value, _label, n in tally),
        "backing": backing_of(campaign) if campaign else None,
        "figures": [f for f in newest_figures(None, on.year) if f.measure in ON_HOME],
        "statements": render_figures(
            Statement.objects.public().for_reader_here().for_list().newest_first()[:LATEST], today()
        ),
        "deadlines": ahead[:NEXT_DEADLINES],
        "not_certain": what_is_not_certain(board),
        "is_complete": board.is_complete,
        "comparison_is_due": comparison_is_due(treaty, today()) if on >= today() else "",
        "map": world_map(board, members),
        "outside": [(OUTSIDE, _("Not among the States chosen"))] if members is not None else [],
        "compared": compared_with(treaty, question["compare"], on, known_at),
        "statuses": StatusChoices.values,
    }
    return render(request, "home.html", context, status=code)


@in_letters_that_we_have
def home_card(request: HttpRequest) -> HttpResponse:
    """What other sites show when the home page, or a page without a picture of its own, is shared."""
    treaty = ledger.treaties_known()[MAIN_TREATY]
    return card_answer(written(today()), _("Who is bound by the ban on anti-personnel mines"), figures_of(treaty))


@cast(Any, csp_update({"frame-src": [SELF]}))  # the preview of an embed
def data_page(request: HttpRequest) -> HttpResponse:
    form = BuilderForm(request.GET if request.GET else {"treaty": MAIN_TREATY})
    question, code = parsed_query(request, form)
    context = {
        "resources": RESOURCES,
        "snapshots_url": f"{settings.MEDIA_URL}{FOLDER}/",
        "snapshots": Snapshot.objects.all(),
        "treaties": Treaty.objects.all(),
        "treaty": Treaty.objects.main(),
        "form": form,
        "built": built(question) if code == 200 else None,
    }
    return render(request, "data.html", context, status=code)


def data_package(request: HttpRequest) -> JsonResponse:
    return JsonResponse(datapackage(request.build_absolute_uri), json_dumps_params={"ensure_ascii": False})


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html", {"treaties": Treaty.objects.all()})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html", {"confirm_days": settings.PLEDGE_CONFIRM_DAYS})


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Browsers request `/favicon.ico` for pages that name no icon."""
    return HttpResponseRedirect(static("img/icon.svg"))


def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    news = request.build_absolute_uri(reverse("news:sitemap"))
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {sitemap}", f"Sitemap: {news}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116). Its `Expires` is computed from the day, so it is never out of date.

    Until the settings name a mailbox, the contact is the page that says who runs the site.
    """
    expires = datetime.combine(today() + timedelta(days=180), time(), UTC)
    is_set = not settings.CONTACT_EMAIL.endswith("@localhost")
    contact = f"mailto:{settings.CONTACT_EMAIL}" if is_set else request.build_absolute_uri(reverse("about"))
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the pages, side by side. Only where DEBUG is on."""
    return render(request, "styleguide.html", pieces())


# --- Errors --------------------------------------------------------------------------------------------------


def _error(request: HttpRequest, code: int, detail: str) -> HttpResponseBase:
    if request.path.startswith("/api/"):
        return problem_page(request, code, detail)
    return HttpResponse(render_to_string(f"{code}.html", request=request), status=code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _error(request, 400, "The request could not be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _error(request, 403, "You may not do this.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _error(request, 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """The error page. It uses no context processors, which may fail too. Where the database does not answer, the status is 503."""
    is_down = isinstance(sys.exc_info()[1], OperationalError)
    code = 503 if is_down else 500
    if request.path.startswith("/api/"):
        detail = "The site cannot answer just now." if is_down else "Something broke on our side. It has been logged."
        response: HttpResponseBase = problem_page(request, code, detail)
    else:
        response = HttpResponse(render_to_string(f"{code}.html"), status=code)
    if is_down:
        response["Retry-After"] = "60"
    return response
