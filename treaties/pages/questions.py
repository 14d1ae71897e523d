"""Pages about what is not in the record: imagined acts, open doubts, and the sources that readers send for them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from config.kit.incoming.days import today
from config.kit.incoming.visitors import RateLimited, count_visit
from config.kit.pages.token_pages import no_store, same_origin_only
from config.kit.parameters import parsed_query
from treaties import ledger
from treaties.law import rules
from treaties.ledger import sent_sources
from treaties.models import StatusChoices, Treaty
from treaties.pages.forms import DayForm, SourceForm, WhatIfForm
from treaties.pages.pinned import before_the_record
from treaties.pages.views import drawn
from treaties.pages.world_map import world_map
from treaties.status import sentences
from treaties.status.boards import status_board
from treaties.status.doubts import doubts_about, doubts_about_states
from treaties.status.suppositions import Step, Supposed, last_day_of, suppose

DAYS_SHOWN = 50
"""How many days of change stand below the chart of what is imagined."""


def what_if_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Imagined acts and what they would change. The address says all of it, so it can be shared."""
    treaty = get_object_or_404(Treaty, slug=slug)
    form = WhatIfForm(request.GET, today())
    question, code = parsed_query(request, form)
    acts = list(question["act"] or [])
    ticked = [
        Supposed(state, step, question[f"{step}_on"] or today())
        for step in Step
        for state in question[step.value] or []
    ]
    on = question["on"] or today()
    if not request.GET.get("on") or ticked:
        on = max(on, last_day_of([*acts, *ticked], treaty) or on)
    if ticked and code == 200:
        query = {"act": [str(act) for act in dict.fromkeys([*acts, *ticked])], "on": on.isoformat()}
        if question["known_at"]:
            query["known_at"] = request.GET["known_at"]
        return redirect(f"{request.path}?{urlencode(query, doseq=True)}#imagined")
    if (nothing := before_the_record(request, question["known_at"])) is not None:
        return nothing
    (treaty,) = ledger.as_known([treaty], question["known_at"])
    board = status_board(treaty, on, question["known_at"])
    supposition = suppose(board, acts) if acts else None
    now = status_board(treaty, today(), question["known_at"])
    bound = (rules.Status.PARTY, rules.Status.CONSENTED)
    context: dict[str, Any] = {
        "treaty": treaty,
        "form": form,
        "on": on,
        "known_at": question["known_at"],
        "acts": [str(act) for act in acts],
        "supposition": supposition,
        "refused": [(r.act, ledger.sentence_of(r.why, r.act.state)) for r in supposition.refused]
        if supposition
        else [],
        "may_join": [line.state for line in now.lines if line.status not in (*bound, rules.Status.WITHDRAWING)],
        "may_leave": [line.state for line in now.lines if line.status in bound],
        "map": world_map(supposition.board) if supposition else None,
        "chart": drawn(supposition.series, on) if supposition and supposition.series else None,
        "last_days": supposition.series[-DAYS_SHOWN:] if supposition else [],
        "not_certain": sentences.what_is_not_certain(board),
        "statuses": StatusChoices.values,
        "today": today(),
    }
    return render(request, "treaties/what_if.html", context, status=code)


def doubts_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = DayForm(request.GET, today())
    question, code = parsed_query(request, form, {"sent"})
    on = question["on"] or today()
    context = {
        "treaty": treaty,
        "form": form,
        "on": on,
        "doubts": doubts_about(treaty, on),
        "of_states": doubts_about_states(),
        "is_sent": "sent" in request.GET,
    }
    return render(request, "treaties/doubts.html", context, status=code)


@same_origin_only
@no_store
def send_source(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A reader sends a source for an open doubt. Nothing is kept of the reader."""
    treaty = get_object_or_404(Treaty, slug=slug)
    doubts = [*doubts_about(treaty, today()), *doubts_about_states()]
    doubt = next((found for found in doubts if found.key == key), None)
    if doubt is None:
        raise Http404
    form = SourceForm(request.POST) if request.method == "POST" else SourceForm()
    wait = None
    if form.is_bound and form.is_valid():
        try:
            count_visit(request)
        except RateLimited as error:
            wait = int(error.wait.total_seconds())
            form.renew_stamp()
        else:
            given = {name: form.cleaned_data[name] for name in ("source_url", "words")}
            sent_sources.take(treaty, doubt.key, doubt.sentence, **given)
            return redirect(f"{reverse('treaties:doubts', args=[treaty.slug])}?sent=1")
    code = 429 if wait else 400 if form.errors else 200
    context = {"treaty": treaty, "doubt": doubt, "form": form, "wait": wait}
    response = render(request, "treaties/send_source.html", context, status=code)
    if wait:
        response["Retry-After"] = str(wait)
    return response
