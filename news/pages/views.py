"""Pages of the news: parse the question, ask, render."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from campaign.pledging.rate_limits import check_limits
from config.kit.formats.languages import ENGLISH, language_name, nearest
from config.kit.incoming.days import today
from config.kit.incoming.visitors import RateLimited
from config.kit.models.generations import Remembered
from config.kit.pages.cards import card_answer, in_letters_that_we_have
from config.kit.pages.markdown import to_html
from config.kit.pages.paging import KeysFirst
from config.kit.pages.token_pages import no_store, same_origin_only, token_page
from config.kit.parameters import parsed_query
from news import alerts
from news.facts import guard
from news.facts.figures import check_figures, is_failing, render_figures
from news.facts.ledger_facts import LedgerFacts
from news.finding.excerpts import excerpts
from news.finding.search import RESULTS_A_PAGE, documents, keys_found
from news.finding.suggestions import best_bets, similar_names, suggestions
from news.models import Quotation, SearchDocument, Statement, Subscription, Video
from news.models.statements import public_speakers, public_states, public_treaties
from news.newsroom import previews
from news.newsroom.moments import NEWS_LASTS
from news.newsroom.parity import how_far_behind
from news.pages.addresses import own_address
from news.pages.announcements import announcements
from news.pages.forms import AlertForm, CheckForm, NewsForm, SearchForm, SuggestForm, filtered
from news.pages.linked_data import news_article
from treaties import ledger
from treaties.models import Treaty, TreatyAction
from treaties.models.treaties import MAIN_TREATY
from treaties.status.boards import Line, status_board

CARDS_A_PAGE = 12
SPEAKERS = 200
"""How many names the filter by speaker offers; an address may name any other."""
BETS = 3
"""How many treaties and pages of the site stand above the results of a search."""
RELATED = 3


def statement_list(request: HttpRequest) -> HttpResponse:
    form = NewsForm(request.GET)
    question, code = parsed_query(request, form, {"page"})
    public = Statement.objects.public()
    page = KeysFirst(filtered(public.for_list().newest_first(), question), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    filters = request.GET.copy()
    filters.pop("page", None)
    render_figures(page.object_list, today())
    said_by = list(question["speaker"] or [])
    speakers = list({s.pk: s for s in [*public_speakers().order_by("name")[:SPEAKERS], *said_by]}.values())
    context = {
        "form": form,
        "page": page,
        "filters": filters.urlencode(),
        "kinds": Statement.Kind.choices,
        "years": public.dates("dated_on", "year", order="DESC"),
        "states": public_states(),
        "speakers": speakers,
        "speaker": next(iter(said_by), None),
        "treaties": public_treaties(),
        "chosen": {
            "speaker": said_by[1:],
            "kind": question["kind"] or [],
            "state": [s.pk for s in question["state"] or []],
            "treaty": [t.slug for t in question["treaty"] or []],
        },
    }
    return render(request, "news/statement_list.html", context, status=code)


def search_page(request: HttpRequest) -> HttpResponse:
    """Everything public that has the words."""
    form = SearchForm(request.GET)
    question, code = parsed_query(request, form, {"page"})
    words = question.get("q") or ""
    page = Paginator(keys_found(words, question.get("kind") or []), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    is_first = page.number == 1 and not question.get("kind")
    found = excerpts(documents(list(page.object_list)), words)
    # A page that is found by its words says more of itself there.
    there = {item.url for item in found}
    bets = [bet for bet in best_bets(words, ["treaty", "page"], BETS) if bet.url not in there] if is_first else []
    context = {
        "form": form,
        "words": words,
        "page": page,
        "found": [(item, _line_of(item.document)) for item in found],
        "bets": bets,
        "similar": similar_names(words) if words and not (page.object_list or bets) else [],
        "kinds": SearchDocument.Kind.choices,
        "chosen": question.get("kind") or [],
    }
    response = render(request, "news/search.html", context, status=code)
    response["X-Robots-Tag"] = "noindex"
    return response


def suggest(request: HttpRequest) -> JsonResponse:
    """What the words that are being typed may mean, for the field in the head of every page."""
    form = SuggestForm(request.GET)
    question, code = parsed_query(request, form)
    found = [each.as_json() for each in suggestions(question.get("q") or "")]
    problems = {field: [str(error) for error in errors] for field, errors in form.errors.items()}
    response = JsonResponse({"results": found, **({"errors": problems} if problems else {})}, status=code)
    response["X-Robots-Tag"] = "noindex"
    return response


def _line_of(document: SearchDocument) -> Line | None:
    """The status today of the State that a document is about; None for any other thing."""
    if document.kind != SearchDocument.Kind.STATE:
        return None
    return status_board(ledger.treaties_known()[MAIN_TREATY], today()).by_state.get(document.key)


def statement_page(request: HttpRequest, slug: str) -> HttpResponse:
    statement = Statement.objects.public().for_page().filter(slug=slug).first()
    if statement is None:
        return redirect(moved_from(slug), permanent=True)
    related = Statement.objects.public().about_any(statement.states.all()).for_reader_here().exclude(pk=statement.pk)
    related = related.exclude(pk__in=Statement.objects.translations_of(statement).values("pk"))
    translations = list(Statement.objects.public().translations_of(statement).order_by("language"))
    context = article(request, statement) | {
        "translations": translations,
        "in_page_language": next((t for t in translations if nearest(t.language) == get_language()), None),
        "own_address": own_address(statement),
        "behind": how_far_behind([statement]).get(statement.pk) if statement.translation_of_id else None,
        "addresses": [(other, own_address(other)) for other in translations],
        "related": render_figures(related.for_list().newest_first()[:RELATED], today()),
        "linked_data": [news_article(statement, request.build_absolute_uri)],
    }
    response = render(request, "news/statement.html", context)
    response["Content-Language"] = statement.language
    return response


def article(request: HttpRequest, statement: Statement, *, is_kept: bool = True) -> dict[str, Any]:
    """What a statement's page shows of the statement itself; the same for the public, for a preview and for a review.

    Args: is_kept: False for a text that is only being written, and has no address yet.
    """
    render_figures([statement], today())
    is_in_page_language = nearest(statement.language) == get_language()
    cited = check_figures(statement.figures.all(), today()) if is_kept else []
    quotations = statement.quoted() if is_kept else []
    facts = LedgerFacts(ledger.treaties_known()[MAIN_TREATY]) if quotations else None
    figures = [*cited, *statement.tag_figures]
    return {
        "statement": statement,
        "body_html": mark_safe(to_html(statement.rendered_body)),  # noqa: S308 - sanitised by to_html
        "figures": figures,
        "videos": videos_of(statement) if is_kept else [],
        "quotations": [(q, language, annotations(q, facts)) for q, language in quotations if facts],
        "failing": [item for item in figures if is_failing(item)],
        "other_language": "" if is_in_page_language else language_name(statement.language),
        "page": request.build_absolute_uri(statement.get_absolute_url()) if is_kept else "",
        "today": today(),
    }


_videos: Remembered[list[Video]] = Remembered("news", most=256)


def videos_of(statement: Statement) -> list[Video]:
    """The videos of a statement in their order. One query, remembered."""
    return list(_videos.get(statement.pk, lambda: list(Video.objects.filter(statement=statement.pk))))


def annotations(quotation: Quotation, facts: LedgerFacts) -> list[guard.ClaimCheck]:
    """What the ledger says against a quotation, on its day. The words themselves are never touched."""
    return [v for v in guard.check_claims(quotation.text, quotation.statement.dated_on, facts) if v.holds is False]


@in_letters_that_we_have
def card_image(request: HttpRequest, slug: str) -> HttpResponse:
    """What other sites show when the statement is shared."""
    statement = Statement.objects.public().filter(slug=slug).first()
    if statement is None:
        return redirect("news:card", moved_from(slug).slug, permanent=True)
    day = f"{statement.dated_on:%d %B %Y}".lstrip("0")
    return card_answer(" · ".join(part for part in (statement.symbol, day) if part), statement.title)


def moved_from(slug: str) -> Statement:
    """The public statement that had an address before. Raises Http404."""
    return get_object_or_404(Statement.objects.public(), old_slugs__slug=slug)


def news_sitemap(request: HttpRequest) -> HttpResponse:
    """What became public within two days, as news search engines ask for it."""
    fresh = (
        Statement.objects.public().filter(publish_at__gte=timezone.now() - NEWS_LASTS).order_by("-publish_at", "-pk")
    )
    entries = [(request.build_absolute_uri(s.get_absolute_url()), s) for s in fresh[:1000]]
    return render(request, "news/sitemap.xml", {"entries": entries}, content_type="application/xml")


def edition_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A text that was public until a correction took its place."""
    statement = Statement.objects.public().filter(slug=slug).first()
    if statement is None:
        return redirect("news:edition", moved_from(slug).slug, number, permanent=True)
    edition = get_object_or_404(statement.editions.select_related("correction"), number=number)
    shown = Statement(body=edition.body)
    render_figures([shown], today())
    body = mark_safe(to_html(shown.rendered_body))  # noqa: S308 - sanitised by to_html
    return render(request, "news/edition.html", {"statement": statement, "edition": edition, "body_html": body})


@no_store
def preview_page(request: HttpRequest, token: str) -> HttpResponse:
    """A text before it is public, for whoever holds the link. Kept by no cache, found by no search engine."""
    statement = previews.open_link(token, request.user)
    if statement is None:
        raise Http404
    return render(request, "news/preview.html", article(request, statement))


@same_origin_only
def check_page(request: HttpRequest) -> HttpResponse:
    """A text, read for claims about the Convention; each judged on its day. Nothing of it is kept."""
    treaty = Treaty.objects.main()
    form = CheckForm(request.POST or None)
    verdicts = None
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"] or today()
        verdicts = guard.check_claims(form.cleaned_data["text"], on, LedgerFacts(treaty))
    rows = TreatyAction.objects.filter(pk__in={pk for v in verdicts or [] for pk in v.rows}).select_related(
        "state", "treaty"
    )
    by_pk = {row.pk: row for row in rows}
    context = {
        "treaty": treaty,
        "form": form,
        "verdicts": None if verdicts is None else [(v, [by_pk[pk] for pk in v.rows if pk in by_pk]) for v in verdicts],
    }
    response = render(request, "news/check.html", context, status=400 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def calendar_page(request: HttpRequest) -> HttpResponse:
    """What is announced and still to come, with the days that were moved."""
    return render(request, "news/calendar.html", {"announcements": announcements(timezone.now())})


# --- Alerts --------------------------------------------------------------------------------------------------


@same_origin_only
@no_store
def alerts_page(request: HttpRequest) -> HttpResponse:
    """A reader asks to be written to. The same answer to everybody."""
    form = AlertForm(request.POST) if request.method == "POST" else AlertForm(initial=_asked_for(request))
    wait = None
    if form.is_bound and form.is_valid():
        try:
            check_limits(request, form.cleaned_data["email"])
        except RateLimited as error:
            wait = int(error.wait.total_seconds())
            form.renew_stamp()
        else:
            wish = {name: form.cleaned_data[name] for name in ("email", "topic", "state", "pace")}
            alerts.subscribe(**wish, language=get_language() or ENGLISH)
            return redirect("news:alerts-sent")
    code = 429 if wait else 400 if form.errors else 200
    response = render(request, "news/alerts.html", {"form": form, "wait": wait}, status=code)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What the page is opened with: a link on a State's page names the State, and asks to hear of it."""
    state = request.GET.get("state", "").upper()
    return {"state": state, "topic": Subscription.Topic.STATE} if state else {}


def alerts_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "news/alerts_sent.html", {"days": settings.PLEDGE_CONFIRM_DAYS})


def alert_link(purpose: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page behind a link in a mail to a reader."""
    return token_page(
        base=lambda: {"purpose": purpose},
        look_up=lambda context, token: {"subscriptions": alerts.from_token(token, purpose)},
        button="news/alert_button.html",
        used="news/alert_dead.html",
        dead="news/alert_dead.html",
    )


@alert_link("confirm")
def alert_confirm(request: HttpRequest, context: dict[str, Any], token: str) -> HttpResponse:
    alerts.confirm(token)
    return render(request, "news/alert_button.html", context | {"is_done": True})


@alert_link("stop")
def alert_stop(request: HttpRequest, context: dict[str, Any], token: str) -> HttpResponse:
    alerts.stop(token)
    return render(request, "news/alert_button.html", context | {"is_done": True})
