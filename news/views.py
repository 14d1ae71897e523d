"""Pages of the news: parse the question, ask, render."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe

from news.facts import check_figures
from news.forms import NewsForm, SearchForm, filtered
from news.markdown import to_html
from news.models import SearchDocument, Statement
from news.search import excerpts, search
from treaties.models import State, Treaty
from treaties.views import asked, today

CARDS_A_PAGE = 12
RELATED = 3


def statement_list(request: HttpRequest) -> HttpResponse:
    form = NewsForm(request.GET)
    question, code = asked(form)
    public = Statement.objects.public()
    page = Paginator(filtered(public.for_list().newest_first(), question), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    filters = request.GET.copy()
    filters.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "filters": filters.urlencode(),
        "kinds": Statement.Kind.choices,
        "years": public.dates("dated_on", "year", order="DESC"),
        "states": State.objects.filter(statements__in=public).distinct(),
        "treaties": Treaty.objects.filter(articles__statements__in=public).distinct(),
        "chosen": {
            "kind": question["kind"] or [],
            "state": [s.pk for s in question["state"] or []],
            "treaty": [t.slug for t in question["treaty"] or []],
        },
    }
    return render(request, "news/statement_list.html", context, status=code)


RESULTS_A_PAGE = 20


def search_page(request: HttpRequest) -> HttpResponse:
    """Everything public that has the words."""
    form = SearchForm(request.GET)
    question, code = asked(form)
    words = question.get("q") or ""
    page = Paginator(search(words, question.get("kind") or []), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "words": words,
        "page": page,
        "found": excerpts(page.object_list, words),
        "kinds": SearchDocument.Kind.choices,
        "chosen": question.get("kind") or [],
    }
    response = render(request, "news/search.html", context, status=code)
    response["X-Robots-Tag"] = "noindex"
    return response


def statement_page(request: HttpRequest, slug: str) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.public().for_page(), slug=slug)
    related = Statement.objects.public().filter(states__in=statement.states.all()).exclude(pk=statement.pk)
    context = {
        "statement": statement,
        "body_html": mark_safe(to_html(statement.body)),  # noqa: S308 - sanitised by to_html
        "figures": check_figures(statement.figures.all(), today()),
        "translations": Statement.objects.public().filter(translation_of=statement.translation_of_id or statement.pk),
        "related": related.for_list().newest_first().distinct()[:RELATED],
        "today": today(),
    }
    return render(request, "news/statement.html", context)
