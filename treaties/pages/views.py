"""Views of treaties, States, the ledger and its proofs."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from config.kit.api.exports import json_parts
from config.kit.formats.lists import listed
from config.kit.incoming.days import today
from config.kit.parameters import parsed_query
from treaties import ledger
from treaties.extension_points import (
    Preset,
    after_withdrawals,
    presets_for,
    sections_about,
    what_rests_on,
    withdrawal_reasons,
)
from treaties.law import rules
from treaties.ledger.signing import published_keys
from treaties.models import (
    Article,
    Declaration,
    DeclarationChoices,
    GroupChoices,
    State,
    StatusChoices,
    Treaty,
    TreatyAction,
)
from treaties.models.sealed_versions import SITE
from treaties.models.treaties import MAIN_TREATY
from treaties.pages import calendars
from treaties.pages.charts import Chart, step_chart, thinned
from treaties.pages.figure import compared_with, history_url, pin_query
from treaties.pages.forms import (
    SORTS,
    BoardForm,
    CitedForm,
    DeadlinesForm,
    DeclarationsForm,
    LedgerForm,
    MatrixForm,
    SpanForm,
    StatesForm,
    WatchForm,
    span_of,
)
from treaties.pages.pinned import pin, title_of, title_of_changes, title_of_counts
from treaties.pages.profiles import profile_of, sources_of
from treaties.pages.world_map import OUTSIDE, surroundings, world_map
from treaties.status import sentences
from treaties.status.boards import (
    Board,
    Line,
    counts_series,
    first_day,
    last_shown_boards,
    lines_of,
    status_board,
    status_changes,
)
from treaties.status.declarations import threads
from treaties.status.duties import Duty, dated_duties, named_on
from treaties.status.explain import explain
from treaties.status.lapsing_duties import lapsing_duties
from treaties.status.legal_days import notice_clock, start_of_legal_day
from treaties.status.names import members_of, states_named
from treaties.status.what_if import what_if
from treaties.status.withdrawals import next_in_words, withdrawal_paths

GIVEN_REASONS = 2
"""How many of the reasons that a State gave for its withdrawal its page shows: the newest."""
ROWS_A_PAGE = 50
VERIFY_SCRIPT = Path(__file__).resolve().parents[1] / "ledger" / "verify_checkpoint.py"


def page_of(rows: QuerySet[TreatyAction], pk: int | None) -> int:
    """The number of the page on which a row of the ledger stands; the first, if it is not there."""
    row = rows.filter(pk=pk).values("deposited_on", "pk").first() if pk else None
    if row is None:
        return 1
    later = Q(deposited_on__gt=row["deposited_on"]) | Q(deposited_on=row["deposited_on"], pk__gt=row["pk"])
    return rows.filter(later).count() // ROWS_A_PAGE + 1


def presets(treaty: Treaty) -> list[Preset]:
    """The days that the date picker offers."""
    found = [Preset(_("Today"), today())]
    found += presets_for(treaty)
    if treaty.entered_into_force_on:
        found.append(Preset(_("Entry into force"), treaty.entered_into_force_on))
    return found


def parties_chart(
    treaty: Treaty, last: date, known_at: datetime | None = None
) -> tuple[Chart | None, list[tuple[date, rules.Counts]]]:
    """The number of parties from the treaty's opening to a day, with every day of change."""
    first = first_day(treaty)
    if last <= first:
        return None, []
    series = counts_series(treaty, first, last, "change", known_at)
    return drawn(series, last, marks_of(treaty, series)), series


def drawn(series: Sequence[tuple[date, rules.Counts]], last: date, marks: Sequence[tuple[date, str]] = ()) -> Chart:
    """The number of parties over time as a drawing. The ceiling is the number of all States."""
    everyone = series[0][1].parties + series[0][1].not_parties
    return step_chart(
        thinned([(on, counts.range_of("parties")) for on, counts in series]),
        last=last,
        ceiling=everyone,
        y_values=[0, 50, 100, 150, everyone],
        marks=marks,
    )


def marks_of(treaty: Treaty, series: Sequence[tuple[date, rules.Counts]]) -> list[tuple[date, str]]:
    """The days that a chart marks: the treaty's entry into force, and the first notice of withdrawal."""
    found = [(treaty.entered_into_force_on, _("In force"))] if treaty.entered_into_force_on else []
    left = next((day for day, counts in series if counts.withdrawing or counts.withdrawn), None)
    return [*found, (left, _("First notice to leave"))] if left else found


RECENT = date(2020, 1, 1)
"""The day with which the second view of a chart begins."""


def recent_chart(board: Board, series: Sequence[tuple[date, rules.Counts]], last: date) -> Chart | None:
    """The number of parties since RECENT, drawn larger, with the States that left named; None where none has left since."""
    exits: dict[date, list[str]] = {}
    for line in board.lines:
        effect = line.standing.withdrawal_effective_on
        if effect and RECENT <= effect <= last:
            exits.setdefault(effect, []).append(line.state.name)
    points = [(day, counts.range_of("parties")) for day, counts in series if day >= RECENT]
    before = [counts.range_of("parties") for day, counts in series if day < RECENT]
    if not exits or not points:
        return None
    if before:
        points = [(RECENT, before[-1]), *points]
    floor = (min(least for _day, (least, _most) in points) - 5) // 5 * 5
    ceiling = (max(most for _day, (_least, most) in points) + 9) // 5 * 5
    return step_chart(
        points,
        last=last,
        floor=floor,
        ceiling=ceiling,
        y_values=range(floor, ceiling + 1, 5),
        marks=[(day, listed(names)) for day, names in sorted(exits.items())],
    )


def counts_url(treaty: Treaty, last: date, known_at: datetime | None = None) -> str:
    """The address of the table that a chart is drawn from."""
    query = {"on": last.isoformat()} | ({"known_at": f"{known_at:%Y-%m-%dT%H:%M:%S.%fZ}"} if known_at else {})
    return f"{reverse('treaties:counts', args=[treaty.slug])}?{urlencode(query)}"


def treaty_list(request: HttpRequest) -> HttpResponse:
    form = CitedForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    treaties = list(ledger.treaties_known(known_at).values())
    pinned = pin(
        request, question, _("Counts of all treaties on %(day)s") % {"day": on.isoformat()}, treaties, {"on": on}
    )
    if pinned.answer is not None:
        return pinned.answer
    shown = last_shown_boards(treaties, on, known_at)
    context = {"boards": shown, "form": form, "on": on, **pinned.context}
    return render(request, "treaties/treaty_list.html", context, status=code)


def treaty_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    default_day = treaty.last_shown_day(today())
    form = BoardForm(request.GET, default_day)
    question, code = parsed_query(request, form)
    known_at = question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    on = question["on"] or treaty.last_shown_day(today())
    pinned = pin(request, question, title_of(treaty, on), [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    board = status_board(treaty, on, known_at)
    withheld = treaty.counts_are_withheld(on)
    groups = question["group"] or []
    members = members_of(groups, on, known_at) if groups else None
    lines = [] if withheld else chosen_lines(board, question, members)
    is_filtered = any(question[name] for name in ("status", "region", "group", "q", "signed"))
    chart, series = parties_chart(treaty, treaty.last_shown_day(on), known_at)
    context = {
        "treaty": treaty,
        "form": form,
        "on": on,
        **pinned.context,
        "groups": [GroupChoices(group).label for group in groups],
        "members": members,
        "counts_of_group": board.counts_of(members) if members and not withheld else None,
        "outside": [(OUTSIDE, _("Not among the States chosen"))] if is_filtered else [],
        "is_future": on > today(),
        "board": board,
        "counts": None if withheld else board.counts,
        "withheld": withheld,
        "not_certain": [] if withheld else sentences.what_is_not_certain(board),
        "lines": lines,
        "download": download_query(on, question, lines) if lines else "",
        "sorts": SORTS,
        "sort": question["sort"] or "state",
        "chart": chart,
        "series": series,
        "counts_url": counts_url(treaty, treaty.last_shown_day(on), known_at),
        "recent": recent_chart(board, series, treaty.last_shown_day(on)) if chart and not withheld else None,
        "history_url": history_url(treaty, known_at),
        "pin_query": pin_query(on, known_at),
        "presets": presets(treaty),
        "articles": ledger.known_rows(Article, known_at)
        .filter(treaty=treaty.pk)
        .exclude(heading="")
        .order_by("number"),
        "rules": [sentences.entry_into_force_in_words(treaty), sentences.withdrawal_in_words(treaty)],
        "declarations": treaty.declarations.count(),
        # What the filters choose is what the map shows, and what the downloads have.
        "map": None if withheld else world_map(board, {line.state.pk for line in lines} if is_filtered else None),
        "compared": None if withheld else compared_with(treaty, question["compare"], on, known_at),
        "statuses": StatusChoices.values,
    }
    return render(request, "treaties/treaty.html", context, status=code)


def download_query(on: date, question: dict[str, Any], lines: Sequence[Line]) -> str:
    """The query by which the API gives the lines that the page shows."""
    asked: dict[str, Any] = {"on": on.isoformat()}
    asked |= {name: question[name] for name in ("status", "region", "group")}
    if question["known_at"]:
        asked["known_at"] = f"{question['known_at']:%Y-%m-%dT%H:%M:%S.%fZ}"
    if question["q"] or question["signed"]:
        asked["state"] = [line.state.pk for line in lines]
    return urlencode({name: value for name, value in asked.items() if value}, doseq=True)


_STATUS_ORDER = {value: place for place, value in enumerate(StatusChoices.values)}
_SORT_KEYS = {
    "state": lambda line: (line.state.sort_name,),
    "status": lambda line: (_STATUS_ORDER[line.status], line.state.sort_name),
    "signed": lambda line: (_day_of(line.standing.signed), line.state.sort_name),
    "consent": lambda line: (_day_of(line.standing.consent), line.state.sort_name),
    "in_force": lambda line: (line.standing.in_force_on or date.max, line.state.sort_name),
    "withdrawal": lambda line: (_day_of(line.standing.withdrawal), line.state.sort_name),
}


def _day_of(action: rules.Action | None) -> date:
    return action.deposited_on if action else date.max


def chosen_lines(board: Board, question: dict[str, Any], members: frozenset[str] | None) -> list[Line]:
    """The lines of the board that the filters choose, in the order asked for. Args: members: of the groups that are asked for."""
    lines = [line for line in board.lines if members is None or line.state.pk in members]
    if question["status"]:
        lines = [line for line in lines if line.status in question["status"]]
    lines = [line for line in lines if line.state.lies_in(question["region"])]
    if question.get("signed"):
        lines = [line for line in lines if line.standing.signed]
    if question["q"]:
        named = states_named(question["q"], board.known_at)
        lines = [line for line in lines if line.state.pk in named]
    sort = question["sort"] or "state"
    return sorted(lines, key=_SORT_KEYS[sort.lstrip("-")], reverse=sort.startswith("-"))


def ledger_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = LedgerForm(request.GET)
    question, code = parsed_query(request, form, {"page"})
    known_at = question["known_at"]
    rows = TreatyAction.objects.of(treaty).confirmed().for_ledger(known_at).newest_first()
    if known_at:
        rows = rows.filter(confirmed_at__lte=known_at)
    (treaty,) = ledger.as_known([treaty], known_at)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page") or page_of(rows, question["row"]))
    page.object_list = ledger.as_listed_then(page.object_list, known_at)
    context = {
        "treaty": treaty,
        "form": form,
        "known_at": known_at,
        "page": page,
        "head": ledger.head_of(treaty),
        "checkpoint_line": ledger.checkpoint_line(),
        "treaties": [treaty],
        "row": (row := rows.filter(pk=question["row"]).first() if question["row"] else None),
        "dependents": what_rests_on(row) if row else [],
    }
    return render(request, "treaties/ledger.html", context, status=code)


def checkpoint(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The checkpoint of a treaty's chain, or of the site's own, dated by its last row."""
    if slug == SITE:
        return _saved_as(SITE, ledger.site_checkpoint(max(ledger.last_sealed(), default=timezone.now())))
    treaty = get_object_or_404(Treaty, slug=slug)
    head = ledger.head_of(treaty)
    return _saved_as(slug, ledger.checkpoint(treaty, head.sealed_at if head else timezone.now()))


def record_checkpoint(request: HttpRequest) -> HttpResponseBase:
    """All chains in one file, dated by the last row of any: those of the treaties, and the site's own."""
    ends = ledger.heads_of(Treaty.objects.all()).values()
    last = max((end.record_changed_at or end.sealed_at for end in ends), default=timezone.now())
    return _saved_as("record", ledger.record_checkpoint(last))


ROWS_AT_ONCE = 5000
"""Rows of a checkpoint that is one answer, which caches keep; a longer one is sent while it is read."""


def _saved_as(name: str, found: ledger.Checkpoint) -> HttpResponseBase:
    headers = {"Content-Disposition": f'attachment; filename="{name}-{found["exported_at"][:10]}.checkpoint.json"'}
    text = json_parts(found)
    if ledger.length_of(found) > ROWS_AT_ONCE:
        return StreamingHttpResponse(text, content_type="application/json", headers=headers)
    return HttpResponse("".join(text), content_type="application/json", headers=headers)


def checkpoint_keys(request: HttpRequest) -> HttpResponse:
    """The public keys by which the signatures of checkpoint lines are checked."""
    return HttpResponse(published_keys(), content_type="application/x-pem-file; charset=utf-8")


def checkpoint_line(request: HttpRequest) -> HttpResponse:
    """The line that stands for the whole ledger, to be fetched again and again by who keeps it elsewhere."""
    return HttpResponse(f"{ledger.checkpoint_line()}\n", content_type="text/plain; charset=utf-8")


def verify_script(request: HttpRequest) -> HttpResponse:
    """The script that checks a checkpoint without the site; it shares no code with it."""
    headers = {"Content-Disposition": 'attachment; filename="verify_checkpoint.py"'}
    return HttpResponse(VERIFY_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


def counts_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The counts on every day of change up to a day, page by page, the latest first."""
    treaty = get_object_or_404(Treaty, slug=slug)
    form = CitedForm(request.GET, treaty.last_shown_day(today()))
    question, code = parsed_query(request, form, {"page"})
    known_at = question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    first, last = first_day(treaty), treaty.last_shown_day(question["on"] or today())
    title = title_of_counts(treaty, first, last)
    pinned = pin(request, question, title, [treaty], {"on": last})
    if pinned.answer is not None:
        return pinned.answer
    series = counts_series(treaty, first, last, "change", known_at) if first <= last else []
    context = {
        "treaty": treaty,
        "form": form,
        "first": first,
        "last": last,
        **pinned.context,
        "not_certain": sentences.what_is_not_certain(status_board(treaty, last, known_at)),
        "page": Paginator(series[::-1], ROWS_A_PAGE).get_page(request.GET.get("page")),
        "download": urlencode(
            {"from": first.isoformat(), "to": last.isoformat(), "step": "change"}
            | ({"known_at": f"{known_at:%Y-%m-%dT%H:%M:%S.%fZ}"} if known_at else {})
        ),
    }
    return render(request, "treaties/counts.html", context, status=code)


def changes_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = SpanForm(request.GET)
    question, code = parsed_query(request, form)
    known_at = question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    last_day = treaty.last_shown_day(question["to"] or today())
    first, last = span_of(question, rules.add_years(last_day, -1), last_day)
    pinned = pin(request, question, title_of_changes(treaty, first, last), [treaty], {"from": first, "to": last})
    if pinned.answer is not None:
        return pinned.answer
    in_order = first <= last
    series = counts_series(treaty, first, last, "change", known_at) if in_order else []
    by_state = ledger.actions_by_state(treaty, known_at) if in_order else {}
    context = {
        "treaty": treaty,
        "form": form,
        "first": first,
        "last": last,
        **pinned.context,
        "not_certain": sentences.what_is_not_certain(status_board(treaty, last, known_at)),
        "changes": [
            (change, sentences.status_sentences(change.after, treaty, last, by_state[change.state.pk]))
            for change in (status_changes(treaty, first, last, known_at) if in_order else [])
        ],
        "before": series[0][1] if series else None,
        "after": series[-1][1] if series else None,
    }
    return render(request, "treaties/changes.html", context, status=code)


def withdrawals_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = WatchForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    title = _("%(treaty)s: withdrawal watch on %(day)s") % {"treaty": treaty.short_title, "day": on.isoformat()}
    pinned = pin(request, question, title, [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    board = status_board(treaty, on, known_at)
    paths = withdrawal_paths(board)
    leave = question["leave"] or []
    given = withdrawal_reasons(treaty, on)
    context = {
        "may_leave": [p.state for p in paths if p.may_leave],
        "leave": leave,
        "what_if": (supposed := what_if(board, leave)),
        "map": world_map(supposed.board if supposed else board),
        "statuses": StatusChoices.values,
        "lapsing_duties": lapsing_duties(board),
        "treaty": treaty,
        "form": form,
        "on": on,
        **pinned.context,
        "counts": board.counts,
        "not_certain": sentences.what_is_not_certain(board),
        "next": next_in_words(board, paths),
        "paths": [(p, given.get(p.state.pk, [])) for p in paths if p.standing.withdrawal or not p.suspension],
        "suspensions": [(p, given.get(p.state.pk, [])) for p in paths if p.suspension and not p.standing.withdrawal],
        "sections": after_withdrawals(treaty, on),
        "rule": sentences.withdrawal_in_words(treaty),
        "presets": presets(treaty),
    }
    return render(request, "treaties/withdrawals.html", context, status=code)


def matrix_page(request: HttpRequest) -> HttpResponse:
    form = MatrixForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    treaties = list(ledger.treaties_known(known_at).values())
    title = _("Every State under every treaty on %(day)s") % {"day": on.isoformat()}
    pinned = pin(request, question, title, treaties, {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    boards = last_shown_boards(treaties, on, known_at)
    rows = [(line, [board.by_state[line.state.pk] for board in boards]) for line in boards[0].lines] if boards else []
    members = members_of(question["group"], on, known_at) if question["group"] else None
    rows = [(line, cells) for line, cells in rows if line.state.lies_in(question["region"])]
    rows = [(line, cells) for line, cells in rows if members is None or line.state.pk in members]
    context = {
        "form": form,
        "on": on,
        **pinned.context,
        "treaties": treaties,
        "boards": boards,
        "are_complete": all(board.is_complete for board in boards),
        "rows": rows,
        "statuses": StatusChoices.values,
    }
    return render(request, "treaties/matrix.html", context, status=code)


def deadlines_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = DeadlinesForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    (treaty,) = ledger.as_known([treaty], known_at)
    title = _("%(treaty)s: deadlines on %(day)s") % {"treaty": treaty.short_title, "day": on.isoformat()}
    pinned = pin(request, question, title, [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    duties = dated_duties([treaty], on, known_at=known_at)
    members = members_of(question["group"], on, known_at) if question["group"] else None
    shown = [duty for duty in duties if _is_shown(duty, question) and (members is None or duty.state.pk in members)]
    context = {
        "treaty": treaty,
        "form": form,
        **pinned.context,
        "duties": (named := named_on(shown, on, known_at)),
        "parts": _parts(named),
        "on": on,
        "treaties": [treaty],
        "yearly_report": rules.yearly_report_due(on),
    }
    return render(request, "treaties/deadlines.html", context, status=code)


DONE = frozenset(
    {rules.ObligationStatus.COMPLETED, rules.ObligationStatus.NONE_DECLARED, rules.ObligationStatus.NO_LONGER_DUE}
)


def _parts(duties: Sequence[Duty]) -> list[tuple[str, list[Duty], bool]]:
    """The duties in up to three parts, each with its name and whether it is folded away: due next, passed, done."""
    parts: dict[str, list[Duty]] = {"ahead": [], "rest": [], "done": []}
    for duty in duties:
        is_ahead = duty.status is rules.ObligationStatus.PENDING and duty.deadline
        parts["ahead" if is_ahead else "done" if duty.status in DONE else "rest"].append(duty)
    names = {"ahead": _("Due next"), "rest": _("Passed, or without a day"), "done": _("Done, or no longer due")}
    return [(names[key], part, key == "done") for key, part in parts.items() if part]


def _is_shown(duty: Duty, question: dict[str, Any]) -> bool:
    return (
        (duty.recorded is not None or duty.status is rules.ObligationStatus.PENDING or bool(question["status"]))
        and (not question["obligation"] or duty.obligation == question["obligation"])
        and (not question["status"] or duty.status == question["status"])
        and duty.state.lies_in(question["region"])
    )


def declarations_page(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    form = DeclarationsForm(request.GET, today())
    question, code = parsed_query(request, form)
    on = question["on"] or today()
    rows = Declaration.objects.of(treaty).until(on)
    if question["kind"]:
        rows = rows.filter(kind=question["kind"])
    if question["q"]:
        rows = rows.filter(state__in=State.objects.named_like(question["q"]))
    if question["group"]:
        rows = rows.filter(state__in=State.objects.in_groups(question["group"], on))
    joined = not any(question[name] for name in ("kind", "q", "group"))
    context = {
        "treaty": treaty,
        "form": form,
        "on": on,
        "threads": threads(rows, joined=joined),
        "joined": joined,
        "number": rows.count(),
        "kinds": DeclarationChoices,
    }
    return render(request, "treaties/declarations.html", context, status=code)


def deadlines_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    treaty = get_object_or_404(Treaty, slug=slug)
    duties = dated_duties([treaty], today())
    ahead = [d for d in duties if d.status is rules.ObligationStatus.PENDING and d.deadline]
    body = calendars.deadlines(treaty, ahead, request.build_absolute_uri, today())
    headers = {"Content-Disposition": f'inline; filename="{treaty.slug}-deadlines.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def state_list(request: HttpRequest) -> HttpResponse:
    form = StatesForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    (treaty,) = ledger.as_known([Treaty.objects.main()], known_at)
    pinned = pin(request, question, title_of(treaty, on), [treaty], {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    chosen = {"status": None, "sort": None, **question}
    members = members_of(question["group"], on, known_at) if question["group"] else None
    lines = chosen_lines(status_board(treaty, on, known_at), chosen, members)
    context = {
        "form": form,
        "treaty": treaty,
        "treaties": [treaty],
        "lines": lines,
        "on": on,
        **pinned.context,
    }
    return render(request, "treaties/state_list.html", context, status=code)


def asked_of_state(request: HttpRequest, iso3: str) -> HttpResponse:
    """The short address of what is asked of a State today: a part of its page."""
    state = ledger.states_known(None).get(iso3.upper())
    if state is None:
        raise Http404
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{state.get_absolute_url()}{query}#asked")


def state_page(request: HttpRequest, iso3: str) -> HttpResponse:
    state = ledger.states_known(None).get(iso3.upper())
    if state is None:
        raise Http404
    if iso3 != iso3.lower():
        return redirect(state, permanent=True)
    form = CitedForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    treaties = list(ledger.treaties_known(known_at).values())
    (state,) = ledger.as_known([state], known_at)
    title = _("%(state)s on %(day)s: status under each treaty") % {"state": state.name, "day": on.isoformat()}
    pinned = pin(request, question, title, treaties, {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    lines = lines_of(state, treaties, on, known_at)
    treaty, day, line = next(found for found in lines if found[0].slug == MAIN_TREATY)
    standing = line.standing
    acts = ledger.actions_of(state, treaty, known_at)
    profile = profile_of(state, on, known_at)
    given = withdrawal_reasons(treaty, day) if standing.withdrawal or profile.suspension else {}
    sections = sections_about(state, on)
    context = {
        "state": state,
        "named": line.named,
        **vars(profile),
        "form": form,
        "on": on,
        **pinned.context,
        "treaty": treaty,
        "line": line,
        "flag_file": f"flags/{state.pk.lower()}.svg",
        "answer": sentences.answer(line, day, today()),
        "given": given.get(state.pk, [])[-GIVEN_REASONS:],
        "graded_sources": sources_of(profile, on),
        "surroundings": surroundings(state.pk),
        "sentences": sentences.status_sentences(line, treaty, day, acts),
        "lines": lines,
        "clock": notice_clock(standing, on),
        "moment": start_of_legal_day(standing.withdrawal_effective_on, state)
        if standing.withdrawal_effective_on
        else None,
        "reasons": explain(state, treaty, acts, day),
        "duties": dated_duties(treaties, on, [state], known_at),
        "treaties": treaties,
        "first_sections": [section for section in sections if section.comes_first],
        "sections": [section for section in sections if not section.comes_first],
        "page": request.build_absolute_uri(state.get_absolute_url()),
        "presets": presets(treaty),
    }
    return render(request, "treaties/state.html", context, status=code)
