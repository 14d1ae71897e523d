"""The endpoints of the record: parse the question, ask, answer. Every status and count comes from `treaties.status`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.api.exports import ListViewSet
from config.kit.api.pagination import Cursors
from config.kit.api.writing import WritableViewSet
from config.kit.parameters import EVERYWHERE, KEY, check_names, parse_query
from treaties import ledger
from treaties.api.answers import CITED, KNOWN_AT, OF_GROUP, day, how_well_known, known_then
from treaties.api.filters import (
    DUTIES_BY,
    DeclarationFilters,
    ObligationQuery,
    StateFilters,
    TreatyActionFilters,
    TreatyFilters,
    WithdrawalStepFilters,
)
from treaties.api.panels import PanelActions
from treaties.api.serializers import (
    BoardSerializer,
    ChangeSerializer,
    ChangesSerializer,
    CountsOnDaySerializer,
    DeclarationSerializer,
    DoubtSerializer,
    DoubtsSerializer,
    DutySerializer,
    LedgerHeadSerializer,
    PartSerializer,
    SeriesSerializer,
    StandingSerializer,
    StandingsSerializer,
    StandingUnderSerializer,
    StateSerializer,
    StateYearSerializer,
    TreatyActionSerializer,
    TreatyActionWriteSerializer,
    TreatySerializer,
    Under,
    WithdrawalStepSerializer,
    shown_counts,
    shown_ranges,
)
from treaties.law import rules
from treaties.ledger import proof
from treaties.models import (
    Declaration,
    GroupChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.models.states import StateQuerySet
from treaties.pages.forms import (
    DAY_OF_EACH_YEAR,
    ChangesForm,
    CitationChoices,
    DoubtsForm,
    PinnedQuery,
    SeriesForm,
    StatusQueryForm,
    TreatiesForm,
    span_of,
)
from treaties.pages.pinned import citation_of, cited, title_of, title_of_changes, title_of_counts
from treaties.status.boards import (
    Board,
    Line,
    counts_series,
    first_day,
    lines_of,
    status_board,
    status_boards,
    status_changes,
)
from treaties.status.doubts import doubts_about, doubts_about_states
from treaties.status.duties import Duty, dated_duties
from treaties.status.explain import Reason, explain
from treaties.status.names import members_of
from treaties.status.sentences import what_is_not_certain

LONGEST_DAILY_SERIES = 12_000
"""Days: a third of a century in one answer."""


class StateViewSet(ListViewSet):
    """The 197 States."""

    queryset = State.objects.with_names_and_groups()
    serializer_class = StateSerializer
    entry_serializers = {"treaties": StandingUnderSerializer}
    filterset_class = StateFilters
    lookup_field = "iso3"
    lookup_value_regex = "[A-Za-z]{3}"
    ordering_fields = ["iso3", "name", "region", "subregion", "un_member_since"]
    search_fields = ["name", "common_name", "formal_name", "other_names__name", "other_names__formal_name"]

    def found_by(self, rows: StateQuerySet, words: str) -> StateQuerySet:
        """The States that have the words in a name of today or of earlier times, with or without accents."""
        return rows.named_like(words)

    def get_object(self) -> State:
        self.kwargs["iso3"] = self.kwargs["iso3"].upper()
        return super().get_object()

    @extend_schema(
        parameters=[day("on", "The day asked about. Default: today (UTC)."), KNOWN_AT], responses=StandingsSerializer
    )
    @action(detail=True)
    def treaties(self, request: Request, iso3: str) -> Response:
        """Where the State stands under each treaty on a day, each on the last day that the treaty's ledger can answer for."""
        query = parse_query(PinnedQuery, request.query_params)
        on, known_at = query["on"] or timezone.now().date(), query["known_at"]
        state = get_object_or_404(State, pk=iso3.upper())
        chosen = [t for t in ledger.known_rows(Treaty, known_at).order_by("adopted_on") if known_then(t, known_at)[0]]
        lines = [Under(treaty.slug, shown, line) for treaty, shown, line in lines_of(state, chosen, on, known_at)]
        answer = {"state": state, "on": on, "results": lines}
        return Response(StandingsSerializer(answer, context=self.get_serializer_context()).data)


class TreatyViewSet(PanelActions, ListViewSet):
    """The treaties, and what is computed from their ledgers."""

    queryset = Treaty.objects.all()
    filterset_class = TreatyFilters
    detail_parameters = frozenset({"on", "known_at", "cite"})
    serializer_class = TreatySerializer
    entry_serializers = {
        "board": StandingSerializer,
        "counts": CountsOnDaySerializer,
        "changes": ChangeSerializer,
        "doubts": DoubtSerializer,
        "ledger_head": LedgerHeadSerializer,
        "state_years": StateYearSerializer,
        "counts_by_region": PartSerializer,
    }
    lookup_field = "slug"
    lookup_value_regex = "[-A-Za-z0-9_]+"
    ordering_fields = ["slug", "short_title", "adopted_on", "entered_into_force_on"]
    search_fields = ["short_title", "title"]

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if self.action in ("list", "retrieve"):
            query = parse_query(
                TreatiesForm, self.request.query_params, also={"page", "page_size", "ordering", "search", "fields"}
            )
            on = query["on"] or timezone.now().date()
            chosen = self.get_queryset()
            if self.action == "retrieve":
                chosen = chosen.filter(slug=self.kwargs["slug"])
            boards = status_boards(chosen, on, query["known_at"])
            known = {board.treaty.pk: board for board in boards if known_then(board.treaty, query["known_at"])[0]}
            then = {board.treaty.pk: board.treaty for board in boards}
            context |= {"on": on, "boards": known, "known_at": query["known_at"], "then": then}
        return context

    @extend_schema(
        parameters=[
            day("on", "The day of the counts. Default: today (UTC)."),
            KNOWN_AT,
            OpenApiParameter("cite", enum=CitationChoices.values, description=CITED),
        ]
    )
    def retrieve(  # type: ignore[override]
        self, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """A treaty with its counts of a day."""
        query = parse_query(TreatiesForm, request.query_params, also={"fields"})
        (treaty,) = ledger.as_known([self.treaty()], query["known_at"])
        on = query["on"] or timezone.now().date()
        citation = citation_of(request, title_of(treaty, on), [treaty], query["known_at"], {"on": on})
        return cited(citation, query["cite"]) or super().retrieve(request, *args, **kwargs)

    def treaty(self) -> Treaty:
        found = Treaty.objects.filter(slug=self.kwargs["slug"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(
        parameters=[
            day("on", "The day asked about. Default: today (UTC)."),
            OpenApiParameter(
                "known_at",
                OpenApiTypes.DATETIME,
                description="What the record held then. Default: now, told as the moment of its last change.",
            ),
            OpenApiParameter("status", enum=StatusChoices.values, many=True, description="Repeat for several."),
            OpenApiParameter("region", description="Region or subregion."),
            OpenApiParameter("group", enum=GroupChoices.values, many=True, description=OF_GROUP),
            OpenApiParameter("state", many=True, description="ISO 3166-1 alpha-3; repeat for several."),
            OpenApiParameter(
                "expand",
                enum=["explanation", "evidence"],
                many=True,
                description="`explanation` adds the ordered reasons of each status, `evidence` the acts that make it so.",
            ),
            OpenApiParameter("cite", enum=CitationChoices.values, description=CITED),
        ],
        responses=BoardSerializer,
    )
    @action(detail=True, url_path="status", url_name="status")
    def board(self, request: Request, slug: str) -> HttpResponseBase:
        """Every State's status on a day. Counts are always over all States, whatever is filtered."""
        query = parse_query(StatusQueryForm, request.query_params)
        (treaty,) = ledger.as_known([self.treaty()], query["known_at"])
        on = query["on"] or timezone.now().date()
        citation = citation_of(request, title_of(treaty, on), [treaty], query["known_at"], {"on": on})
        if (cite := cited(citation, query["cite"])) is not None:
            return cite
        # Without a moment asked for, the one of the last change tells the same and lets caches keep the answer.
        known_at = query["known_at"] or ledger.last_change(treaty) or timezone.now()
        board = status_board(treaty, on, query["known_at"])
        is_known = not treaty.counts_are_withheld(on)
        has_record, since = known_then(treaty, query["known_at"])
        chosen = board.lines if has_record else []
        members = members_of(query["group"], on, query["known_at"]) if query["group"] else None
        lines = [line for line in chosen if _line_matches(line, query, members) and (is_known or not query["status"])]
        answer = {
            "treaty": treaty.slug,
            "on": on,
            "known_at": known_at,
            **since,
            **how_well_known(treaty),
            "not_certain": what_is_not_certain(board),
            "counts": shown_counts(board) if has_record else None,
            "counts_range": shown_ranges(board) if has_record else {},
            "results": _expanded(lines, board, query["expand"] if is_known else []),
        }
        shown = BoardSerializer(answer, context=self.get_serializer_context()).data
        if not is_known:
            for line in shown["results"]:
                line |= {"status": None, "certain": False, "possible": []}
        return Response(shown)

    @extend_schema(
        parameters=[
            day("from", "Default: the day of opening for signature."),
            day("to", "Default: today."),
            OpenApiParameter("step", enum=["day", "month", "year", "change"], description="Default: year."),
            OpenApiParameter(
                "anchor",
                {"type": "string", "pattern": DAY_OF_EACH_YEAR},
                description="With step=year: the day of each year that is counted, as MM-DD; 01-01 for each 1 January.",
            ),
            KNOWN_AT,
            OpenApiParameter(
                "group", enum=GroupChoices.values, many=True, description=f"Count these alone. {OF_GROUP}"
            ),
            OpenApiParameter("cite", enum=CitationChoices.values, description=CITED),
        ],
        responses=SeriesSerializer,
    )
    @action(detail=True)
    def counts(self, request: Request, slug: str) -> HttpResponseBase:
        """The counts over time: at each day, each month's or year's end, or each day of change."""
        query = parse_query(SeriesForm, request.query_params)
        (treaty,) = ledger.as_known([self.treaty()], query["known_at"])
        first, last = span_of(query, first_day(treaty), timezone.now().date())
        last = treaty.last_shown_day(last)
        citation = citation_of(
            request, title_of_counts(treaty, first, last), [treaty], query["known_at"], {"from": first, "to": last}
        )
        if (cite := cited(citation, query["cite"])) is not None:
            return cite
        if (last - first).days > LONGEST_DAILY_SERIES and query["step"] in ("day", "month"):
            message = _("At most %d days in one answer.") % LONGEST_DAILY_SERIES
            raise exceptions.ValidationError({"from": [message]}, "too_long")
        has_record, since = known_then(treaty, query["known_at"])
        is_counted = first <= last and has_record
        step, known_at = query["step"] or "year", query["known_at"]
        series = (
            counts_series(treaty, first, last, step, known_at, query["group"], query["anchor"]) if is_counted else []
        )
        answer = {
            "treaty": treaty.slug,
            "from": first,
            "to": last,
            "step": step,
            **how_well_known(treaty),
            **since,
            "results": [{"on": on, **counts.numbers(), "counts_range": counts.ranges} for on, counts in series],
        }
        return Response(answer)

    @extend_schema(parameters=[day("on", "The day asked about. Default: today (UTC).")], responses=DoubtsSerializer)
    @action(detail=True)
    def doubts(self, request: Request, slug: str) -> Response:
        """What the record does not know about the treaty, and about States whatever the treaty, with what would settle it."""
        query = parse_query(DoubtsForm, request.query_params)
        treaty = self.treaty()
        on = query["on"] or timezone.now().date()
        found = [*doubts_about(treaty, on), *doubts_about_states()]
        answer = {"treaty": treaty.slug, "on": on, **how_well_known(treaty), "results": found}
        return Response(DoubtsSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(responses=LedgerHeadSerializer)
    @action(detail=True, url_path="ledger-head", url_name="ledger-head")
    def ledger_head(self, request: Request, slug: str) -> Response:
        """The end of the treaty's chain: publish it elsewhere, and nobody can change the record unseen."""
        check_names(request.query_params, EVERYWHERE)
        treaty = self.treaty()
        head = ledger.head_of(treaty)
        answer = {
            "treaty": treaty.slug,
            "length": head.length if head else 0,
            "hash": head.hash if head else proof.GENESIS,
            "sealed_at": head.sealed_at.replace(microsecond=0) if head else None,
            "checkpoint": request.build_absolute_uri(reverse("treaties:checkpoint", args=[treaty.slug])),
        }
        return Response(LedgerHeadSerializer(answer).data)

    @extend_schema(
        parameters=[
            day("from", "Default: a year before `to`."),
            day("to", "Default: today."),
            KNOWN_AT,
            OpenApiParameter("cite", enum=CitationChoices.values, description=CITED),
        ],
        responses=ChangesSerializer,
    )
    @action(detail=True)
    def changes(self, request: Request, slug: str) -> HttpResponseBase:
        """The States whose status differs between two days, and the acts that did it."""
        query = parse_query(ChangesForm, request.query_params)
        (treaty,) = ledger.as_known([self.treaty()], query["known_at"])
        first, last = year_back(query)
        citation = citation_of(
            request, title_of_changes(treaty, first, last), [treaty], query["known_at"], {"from": first, "to": last}
        )
        if (cite := cited(citation, query["cite"])) is not None:
            return cite
        changes = status_changes(treaty, first, last, query["known_at"])
        found = ChangeSerializer(changes, many=True, context=self.get_serializer_context()).data
        _has_record, since = known_then(treaty, query["known_at"])
        return Response(
            {"treaty": treaty.slug, "from": first, "to": last, **how_well_known(treaty), **since, "results": found}
        )


def year_back(query: dict[str, Any]) -> tuple[date, date]:
    """The two days asked about; by default the year up to today."""
    last = query.get("to") or timezone.now().date()
    first = query.get("from") or rules.add_years(last, -1)
    if first > last:
        raise exceptions.ValidationError({"from": [_("The first day is after the last.")]}, "ends_before_it_begins")
    return first, last


@dataclass(frozen=True)
class ExplainedLine(Line):
    """A line of the board with its reasons, and with the acts that make it so, as far as they are asked for."""

    explanation: Sequence[Reason] | None = None
    evidence_acts: Sequence[TreatyAction] | None = None


def _expanded(lines: list[Line], board: Board, wanted: Collection[str]) -> Sequence[Line]:
    """The lines with what is asked for besides. One query for the acts of all lines."""
    if not wanted:
        return lines
    acts: dict[int, TreatyAction] = {}
    if "evidence" in wanted:
        acts = {act.pk: act for act in TreatyAction.objects.filter(treaty=board.treaty).for_ledger()}
    return [
        ExplainedLine(
            **vars(line),
            explanation=explain(line.state, board.treaty, board.actions[line.state.pk], board.on)
            if "explanation" in wanted
            else None,
            evidence_acts=[acts[number] for number in line.standing.evidence if number in acts]
            if "evidence" in wanted
            else None,
        )
        for line in lines
    ]


def _line_matches(line: Line, query: dict[str, Any], members: frozenset[str] | None) -> bool:
    return (
        (members is None or line.state.pk in members)
        and (not query["status"] or line.status in query["status"])
        and line.state.lies_in(query["region"])
        and (not query["state"] or line.state in query["state"])
    )


class TreatyActionViewSet(WritableViewSet):
    """The ledger: every confirmed act, replaced rows included, newest deposit first.

    An officer's token records an act; it counts, and is shown, once another officer has confirmed it.
    """

    http_method_names = ["get", "head", "options", "post"]
    write_serializer_class = TreatyActionWriteSerializer
    queryset = TreatyAction.objects.confirmed().for_ledger().newest_first()
    serializer_class = TreatyActionSerializer
    filterset_class = TreatyActionFilters
    pagination_class = Cursors
    ordering_fields = ["deposited_on", "effective_on", "recorded_at", "sequence", "id"]
    ordering = ["-deposited_on", "-id"]
    search_fields = [
        "state__name",
        "state__common_name",
        "state__other_names__name",
        "note",
        "notifications__reference",
    ]
    lookup_value_regex = "[0-9]{1,18}"

    def shown(self, row: Model) -> Any:
        return self.get_serializer(TreatyAction.objects.for_ledger().get(pk=row.pk)).data


class WithdrawalStepViewSet(ListViewSet):
    """The political and domestic steps around withdrawals. They never change a status."""

    queryset = WithdrawalStep.objects.for_display().order_by("-date", "-id")
    serializer_class = WithdrawalStepSerializer
    filterset_class = WithdrawalStepFilters
    ordering_fields = ["date", "id"]
    ordering = ["-date", "-id"]
    search_fields = ["detail", "note", "state__name"]
    lookup_value_regex = "[0-9]{1,18}"


class DeclarationViewSet(ListViewSet):
    """Declarations, reservations, understandings, objections and other texts. None of them changes a status."""

    queryset = Declaration.objects.for_display().newest_first()
    serializer_class = DeclarationSerializer
    filterset_class = DeclarationFilters
    ordering_fields = ["made_on", "id"]
    ordering = ["-made_on", "-id"]
    search_fields = ["summary", "text", "articles", "note", "state__name", "state__other_names__name"]
    lookup_value_regex = "[0-9]{1,18}"


class ObligationViewSet(viewsets.GenericViewSet):
    """The dated duties of every State that a treaty has bound, computed from its entry into force."""

    serializer_class = DutySerializer
    filter_backends: list[type] = []
    queryset = Treaty.objects.filter(dated_duties=True)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "treaty",
                {"type": "array", "items": {"type": "string", "pattern": KEY}},
                explode=True,
                description="By its key; repeat for several.",
            ),
            OpenApiParameter("state", many=True, description="ISO 3166-1 alpha-3; repeat for several."),
            OpenApiParameter("obligation", enum=ObligationChoices.values, many=True),
            OpenApiParameter("status", enum=ObligationStatusChoices.values, many=True),
            day("after", "Deadline on or after the day."),
            day("before", "Deadline on or before the day."),
            day("on", "The day asked about: the deadlines as they stood then. Default: today (UTC)."),
            OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="What was on record then. Default: now."),
            OpenApiParameter("ordering", enum=[sign + name for name in DUTIES_BY for sign in ("", "-")]),
        ]
    )
    def list(self, request: Request) -> Response:
        """The duties on a day, by deadline."""
        query = parse_query(ObligationQuery, request.query_params, also={"page", "page_size"})
        dated = ledger.known_rows(Treaty, query["known_at"]).filter(dated_duties=True)
        treaties = [t for t in dated if not query["treaty"] or t in query["treaty"]]
        duties = dated_duties(treaties, query["on"] or timezone.now().date(), known_at=query["known_at"])
        found = _in_order([duty for duty in duties if _duty_matches(duty, query)], query["ordering"])
        page = self.paginate_queryset(found)
        if page is None:
            return Response(self.get_serializer(found, many=True).data)
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        if query["known_at"]:
            answer.data["record_since"] = ledger.record_since()
        return answer


def _duty_matches(duty: Duty, query: dict[str, Any]) -> bool:
    return (
        (not query["state"] or duty.state in query["state"])
        and (not query["obligation"] or duty.obligation in query["obligation"])
        and (not query["status"] or duty.status in query["status"])
        and (not query["after"] or (duty.deadline or date.min) >= query["after"])
        and (not query["before"] or (duty.deadline or date.max) <= query["before"])
    )


def _in_order(duties: list[Duty], ordering: str) -> list[Duty]:
    """The duties by what was asked for; a day that is not known comes last."""
    name = ordering.lstrip("-")
    if not name:
        return duties

    def key(duty: Duty) -> Any:
        return duty.state.sort_name if name == "state" else getattr(duty, name)

    known = [duty for duty in duties if key(duty) is not None]
    unknown = [duty for duty in duties if key(duty) is None]
    return sorted(known, key=key, reverse=ordering.startswith("-")) + unknown
