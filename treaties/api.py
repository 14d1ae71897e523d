"""The record as an API: names and shapes only. Every status and count comes from `treaties.status`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from treaties import ledger, proof, rules
from treaties import status as computed
from treaties.explain import Reason, explain
from treaties.forms import ChangesForm, SeriesForm, StatusQueryForm, span_of
from treaties.models import (
    ActionChoices,
    Declaration,
    DeclarationChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
    StepChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.parameters import (
    EVERYWHERE,
    Cursors,
    ISODateField,
    ISODateFilter,
    ISOMomentFilter,
    KeysField,
    KeysFilter,
    check_names,
    read,
)

LONGEST_DAILY_SERIES = 12_000
"""Days: a third of a century in one answer."""


# --- Shapes --------------------------------------------------------------------------------------------------


class StateRefSerializer(serializers.ModelSerializer):
    """A State wherever it is mentioned."""

    class Meta:
        model = State
        fields = ["iso3", "name"]


class StateSerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="api:state-detail", lookup_field="iso3")
    page = serializers.SerializerMethodField(help_text="The State's page for people.")

    class Meta:
        model = State
        fields = [
            "iso3",
            "iso2",
            "m49",
            "name",
            "common_name",
            "formal_name",
            "region",
            "subregion",
            "un_member",
            "un_member_since",
            "url",
            "page",
        ]

    def get_page(self, state: State) -> str:
        return self.context["request"].build_absolute_uri(state.get_absolute_url())


class CountsSerializer(serializers.Serializer):
    """Counts over the 197 States. `parties` counts from deposit, as the UN does."""

    signatories = serializers.IntegerField(help_text="States that have ever signed.")
    parties = serializers.IntegerField(help_text="consented + party + withdrawing.")
    in_force = serializers.IntegerField(help_text="party + withdrawing.")
    not_parties = serializers.IntegerField(help_text="States less parties.")
    withdrawing = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    never_joined = serializers.IntegerField(help_text="not_parties less withdrawn.")


class TreatySerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="api:treaty-detail", lookup_field="slug")
    page = serializers.SerializerMethodField(help_text="The treaty's page for people.")
    counts = serializers.SerializerMethodField(
        help_text="Today's counts; null where later acts are known to be missing."
    )
    counts_on = serializers.SerializerMethodField(help_text="The day of the counts.")

    class Meta:
        model = Treaty
        fields = [
            "slug",
            "short_title",
            "title",
            "reference",
            "depositary",
            "adopted_on",
            "adopted_at",
            "opened_on",
            "closed_on",
            "entered_into_force_on",
            "entry_into_force_rule",
            "entry_into_force_n",
            "withdrawal_notice_months",
            "withdrawal_notice_days",
            "armed_conflict_clause",
            "complete_to",
            "last_compared_on",
            "counts_withheld_after",
            "note",
            "source_url",
            "counts_on",
            "counts",
            "url",
            "page",
        ]

    def get_page(self, treaty: Treaty) -> str:
        return self.context["request"].build_absolute_uri(treaty.get_absolute_url())

    def get_counts_on(self, treaty: Treaty) -> date:
        return self.context["on"]

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, treaty: Treaty) -> dict[str, int] | None:
        return shown_counts(self.context["boards"][treaty.pk])


class ConsentSerializer(serializers.Serializer):
    action = serializers.ChoiceField(choices=sorted(rules.CONSENTS), source="kind")
    deposited_on = serializers.DateField()


class WithdrawalSerializer(serializers.Serializer):
    notified_on = serializers.DateField(source="withdrawal.deposited_on")
    effective_on = serializers.DateField(source="withdrawal_effective_on", allow_null=True)
    held_by_armed_conflict = serializers.BooleanField()


class ReasonSerializer(serializers.Serializer):
    """A step of the reasoning, with its article and its row of the ledger."""

    text = serializers.CharField()
    article = serializers.CharField(help_text="Of the treaty; empty where it is not recorded.")
    action = serializers.IntegerField(allow_null=True, help_text="Id of the treaty action.")


class StandingSerializer(serializers.Serializer):
    """A State's line on the status board."""

    state = StateRefSerializer()
    status = serializers.ChoiceField(choices=StatusChoices.choices)
    signed_on = serializers.DateField(source="standing.signed.deposited_on", default=None, allow_null=True)
    consent = ConsentSerializer(source="standing.consent", allow_null=True)
    in_force_on = serializers.DateField(source="standing.in_force_on", allow_null=True)
    withdrawal = serializers.SerializerMethodField()
    evidence = serializers.ListField(
        child=serializers.IntegerField(),
        source="standing.evidence",
        help_text="Ids of the treaty actions that make it so.",
    )

    explanation = ReasonSerializer(many=True, required=False, help_text="Ordered reasons, with ?expand=explanation.")

    @extend_schema_field(WithdrawalSerializer(allow_null=True))
    def get_withdrawal(self, line: computed.Line) -> dict[str, Any] | None:
        return WithdrawalSerializer(line.standing).data if line.standing.withdrawal else None


class BoardSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    on = serializers.DateField()
    known_at = serializers.DateTimeField()
    counts = CountsSerializer(allow_null=True)
    results = StandingSerializer(many=True)


class CountsOnDaySerializer(CountsSerializer):
    on = serializers.DateField()


class SeriesSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    step = serializers.CharField()
    results = CountsOnDaySerializer(many=True)


class TreatyActionSerializer(serializers.ModelSerializer):
    """A confirmed row of the ledger."""

    treaty = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer()
    effective_on = serializers.DateField(allow_null=True, help_text="Computed by the treaty's rule, or as stated.")
    replaces = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The earlier row that this one mends."
    )
    replaced_by = serializers.SerializerMethodField(help_text="The later row that mends this one.")

    class Meta:
        model = TreatyAction
        fields = [
            "id",
            "treaty",
            "state",
            "action",
            "deposited_on",
            "effective_on",
            "stated_effective_on",
            "stated_effective_reason",
            "source_url",
            "note",
            "recorded_at",
            "confirmed_at",
            "replaces",
            "replaced_by",
            "reason",
            "sequence",
            "previous_hash",
            "hash",
        ]

    def get_replaced_by(self, row: TreatyAction) -> int | None:
        found = getattr(row, "confirmed_replacements", [])
        return found[0].pk if found else None


class LedgerHeadSerializer(serializers.Serializer):
    """The end of a treaty's chain of rows."""

    treaty = serializers.SlugField()
    length = serializers.IntegerField(help_text="Confirmed rows: acts and armed-conflict holds.")
    hash = serializers.CharField(help_text="SHA-256 of the last row and the hash before it.")
    sealed_at = serializers.DateTimeField(allow_null=True)
    checkpoint = serializers.URLField(help_text="The whole chain, to be checked offline.")


class ChangeSerializer(serializers.Serializer):
    state = StateRefSerializer()
    before = serializers.ChoiceField(choices=StatusChoices.choices, source="before.status")
    after = serializers.ChoiceField(choices=StatusChoices.choices, source="after.status")
    actions = TreatyActionSerializer(many=True)


class ChangesSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    results = ChangeSerializer(many=True)


class WithdrawalStepSerializer(serializers.ModelSerializer):
    treaty = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer()
    actor = StateRefSerializer(allow_null=True)

    class Meta:
        model = WithdrawalStep
        fields = [
            "id",
            "treaty",
            "state",
            "step",
            "date",
            "date_precision",
            "actor",
            "votes_for",
            "votes_against",
            "abstentions",
            "detail",
            "source_url",
            "note",
        ]


class DutySerializer(serializers.Serializer):
    """A dated duty of a State Party. Deadline and status are computed."""

    treaty = serializers.SlugField(source="treaty.slug")
    state = StateRefSerializer()
    obligation = serializers.ChoiceField(choices=ObligationChoices.choices)
    in_force_on = serializers.DateField()
    original_deadline = serializers.DateField()
    deadline = serializers.DateField()
    status = serializers.ChoiceField(choices=ObligationStatusChoices.choices)
    completed_on = serializers.DateField(source="recorded.completed_on", default=None, allow_null=True)
    note = serializers.CharField(source="recorded.note", default="")
    source_url = serializers.CharField(source="recorded.source_url", default="")


class DeclarationSerializer(serializers.ModelSerializer):
    treaty = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer()
    with_action = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The treaty action that it was lodged with."
    )
    answers = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The declaration that an objection answers."
    )

    class Meta:
        model = Declaration
        fields = [
            "id",
            "treaty",
            "state",
            "kind",
            "made_on",
            "with_action",
            "answers",
            "text",
            "language",
            "source_url",
        ]


def shown_counts(board: computed.Board) -> dict[str, int] | None:
    """The counts of a board, or none where they are known to be wrong."""
    return None if board.treaty.counts_are_withheld(board.on) else asdict(board.counts)


# --- Endpoints -----------------------------------------------------------------------------------------------


def _day(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.DATE, description=description)


class StateFilters(django_filters.FilterSet):
    region = django_filters.CharFilter()
    subregion = django_filters.CharFilter()
    un_member = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="filter_member", help_text="true or false"
    )

    class Meta:
        model = State
        fields = ["region", "subregion", "un_member"]

    def filter_member(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(un_member=value == "true")


class StateViewSet(viewsets.ReadOnlyModelViewSet):
    """The 197 States."""

    queryset = State.objects.all()
    serializer_class = StateSerializer
    filterset_class = StateFilters
    lookup_field = "iso3"
    lookup_value_regex = "[A-Za-z]{3}"
    ordering_fields = ["iso3", "name", "region", "subregion", "un_member_since"]
    search_fields = ["name", "common_name", "formal_name"]

    def get_object(self) -> State:
        self.kwargs["iso3"] = self.kwargs["iso3"].upper()
        return super().get_object()


class TreatyViewSet(viewsets.ReadOnlyModelViewSet):
    """The treaties, and what is computed from their ledgers."""

    queryset = Treaty.objects.all()
    serializer_class = TreatySerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"
    ordering_fields = ["slug", "short_title", "adopted_on", "entered_into_force_on"]
    search_fields = ["short_title", "title"]

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if self.action in ("list", "retrieve"):
            today = timezone.now().date()
            chosen = self.get_queryset()
            if self.action == "retrieve":
                chosen = chosen.filter(slug=self.kwargs["slug"])
            context |= {"on": today, "boards": {b.treaty.pk: b for b in computed.boards(chosen, today)}}
        return context

    def treaty(self) -> Treaty:
        found = Treaty.objects.filter(slug=self.kwargs["slug"]).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(
        parameters=[
            _day("on", "The day asked about. Default: today (UTC)."),
            OpenApiParameter(
                "known_at",
                OpenApiTypes.DATETIME,
                description="What the record held then. Default: now, told as the moment of its last change.",
            ),
            OpenApiParameter("status", enum=StatusChoices.values, many=True, description="Repeat for several."),
            OpenApiParameter("region", description="Region or subregion."),
            OpenApiParameter("state", many=True, description="ISO 3166-1 alpha-3; repeat for several."),
            OpenApiParameter("expand", enum=["explanation"], description="Adds the ordered reasons of each status."),
        ],
        responses=BoardSerializer,
    )
    @action(detail=True, url_path="status", url_name="status")
    def board(self, request: Request, slug: str) -> Response:
        """Every State's status on a day. Counts are always over all States, whatever is filtered."""
        asked = read(StatusQueryForm, request.query_params)
        treaty = self.treaty()
        on = asked["on"] or timezone.now().date()
        # Without a moment asked for, the one of the last change tells the same and lets caches keep the answer.
        known_at = asked["known_at"] or ledger.last_change(treaty) or timezone.now()
        board = computed.board(treaty, on, asked["known_at"])
        lines = [line for line in board.lines if _is_asked(line, asked)]
        answer = {
            "treaty": treaty.slug,
            "on": on,
            "known_at": known_at,
            "counts": shown_counts(board),
            "results": [_explained(line, board) for line in lines] if asked["expand"] else lines,
        }
        return Response(BoardSerializer(answer, context=self.get_serializer_context()).data)

    @extend_schema(
        parameters=[
            _day("from", "Default: the day of opening for signature."),
            _day("to", "Default: today."),
            OpenApiParameter("step", enum=["day", "month", "year", "change"], description="Default: year."),
            OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="What the record held then. Default: now."),
        ],
        responses=SeriesSerializer,
    )
    @action(detail=True)
    def counts(self, request: Request, slug: str) -> Response:
        """The counts over time: at each day, each month's or year's end, or each day of change."""
        asked = read(SeriesForm, request.query_params)
        treaty = self.treaty()
        first, last = span_of(asked, computed.first_day(treaty), timezone.now().date())
        last = treaty.last_shown_day(last)
        if (last - first).days > LONGEST_DAILY_SERIES and asked["step"] in ("day", "month"):
            message = _("At most %d days in one answer.") % LONGEST_DAILY_SERIES
            raise exceptions.ValidationError({"from": [message]})
        series = (
            computed.counts_series(treaty, first, last, asked["step"] or "year", asked["known_at"])
            if first <= last
            else []
        )
        answer = {
            "treaty": treaty.slug,
            "from": first,
            "to": last,
            "step": asked["step"] or "year",
            "results": [{"on": on, **asdict(counts)} for on, counts in series],
        }
        return Response(answer)

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
            _day("from", "Default: a year before `to`."),
            _day("to", "Default: today."),
            OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="What the record held then. Default: now."),
        ],
        responses=ChangesSerializer,
    )
    @action(detail=True)
    def changes(self, request: Request, slug: str) -> Response:
        """The States whose status differs between two days, and the acts that did it."""
        asked = read(ChangesForm, request.query_params)
        treaty = self.treaty()
        first, last = year_back(asked)
        found = ChangeSerializer(computed.changes(treaty, first, last, asked["known_at"]), many=True).data
        return Response({"treaty": treaty.slug, "from": first, "to": last, "results": found})


def year_back(asked: dict[str, Any]) -> tuple[date, date]:
    """The two days asked about; by default the year up to today."""
    last = asked.get("to") or timezone.now().date()
    first = asked.get("from") or rules.add_years(last, -1)
    if first > last:
        raise exceptions.ValidationError({"from": [_("The first day is after the last.")]})
    return first, last


@dataclass(frozen=True)
class ExplainedLine(computed.Line):
    """A line of the board with its reasons."""

    explanation: Sequence[Reason]


def _explained(line: computed.Line, board: computed.Board) -> ExplainedLine:
    reasons = explain(line.state, board.treaty, board.actions[line.state.pk], board.on)
    return ExplainedLine(line.state, line.standing, reasons)


def _is_asked(line: computed.Line, asked: dict[str, Any]) -> bool:
    region = asked["region"]
    return (
        (not asked["status"] or line.status in asked["status"])
        and (not region or region in (line.state.region, line.state.subregion))
        and (not asked["state"] or line.state in asked["state"])
    )


class TreatyActionFilters(django_filters.FilterSet):
    treaty = KeysFilter(queryset=Treaty.objects.all(), key="slug")
    state = KeysFilter(queryset=State.objects.all(), key="iso3")
    action = django_filters.MultipleChoiceFilter(choices=ActionChoices.choices)
    deposited_after = ISODateFilter(field_name="deposited_on", lookup_expr="gte", help_text="On or after the day.")
    deposited_before = ISODateFilter(field_name="deposited_on", lookup_expr="lte", help_text="On or before the day.")
    effective_after = ISODateFilter(field_name="effective_on", lookup_expr="gte", help_text="On or after the day.")
    effective_before = ISODateFilter(field_name="effective_on", lookup_expr="lte", help_text="On or before the day.")
    recorded_after = ISOMomentFilter(field_name="confirmed_at", lookup_expr="gt", help_text="Counting since a moment.")

    class Meta:
        model = TreatyAction
        fields: list[str] = []


class TreatyActionViewSet(viewsets.ReadOnlyModelViewSet):
    """The ledger: every confirmed act, replaced rows included, newest deposit first."""

    queryset = TreatyAction.objects.confirmed().for_ledger().newest_first()
    serializer_class = TreatyActionSerializer
    filterset_class = TreatyActionFilters
    pagination_class = Cursors
    ordering_fields = ["deposited_on", "effective_on", "recorded_at", "sequence", "id"]
    ordering = ["-deposited_on", "-id"]
    search_fields = ["state__name", "state__common_name", "note"]
    lookup_value_regex = "[0-9]{1,18}"


class DateSpanFilters(django_filters.FilterSet):
    """What the lists of dated things under a treaty are filtered by."""

    treaty = KeysFilter(queryset=Treaty.objects.all(), key="slug")
    state = KeysFilter(queryset=State.objects.all(), key="iso3")


class WithdrawalStepFilters(DateSpanFilters):
    step = django_filters.MultipleChoiceFilter(choices=StepChoices.choices)
    after = ISODateFilter(field_name="date", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="date", lookup_expr="lte", help_text="On or before the day.")
    status = django_filters.MultipleChoiceFilter(
        choices=StatusChoices.choices,
        method="filter_status",
        help_text="The State's status today under the treaty.",
    )

    class Meta:
        model = WithdrawalStep
        fields: list[str] = []

    def filter_status(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        today = timezone.now().date()
        chosen = queryset.none()
        for board in computed.boards(Treaty.objects.filter(withdrawal_steps__isnull=False).distinct(), today):
            states = [line.state for line in board.with_status(*value)]
            chosen = chosen | queryset.filter(treaty=board.treaty, state__in=states)
        return chosen


class WithdrawalStepViewSet(viewsets.ReadOnlyModelViewSet):
    """The political and domestic steps around withdrawals. They never change a status."""

    queryset = WithdrawalStep.objects.for_display().order_by("-date", "-id")
    serializer_class = WithdrawalStepSerializer
    filterset_class = WithdrawalStepFilters
    ordering_fields = ["date", "id"]
    ordering = ["-date", "-id"]
    search_fields = ["detail", "note", "state__name"]
    lookup_value_regex = "[0-9]{1,18}"


class DeclarationFilters(DateSpanFilters):
    kind = django_filters.MultipleChoiceFilter(choices=DeclarationChoices.choices)
    after = ISODateFilter(field_name="made_on", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="made_on", lookup_expr="lte", help_text="On or before the day.")

    class Meta:
        model = Declaration
        fields: list[str] = []


class DeclarationViewSet(viewsets.ReadOnlyModelViewSet):
    """Declarations, reservations, objections, understandings, territorial applications."""

    queryset = Declaration.objects.select_related("state", "treaty").order_by("-made_on", "-id")
    serializer_class = DeclarationSerializer
    filterset_class = DeclarationFilters
    ordering_fields = ["made_on", "id"]
    ordering = ["-made_on", "-id"]
    search_fields = ["text", "state__name"]
    lookup_value_regex = "[0-9]{1,18}"


class ObligationQuery(forms.Form):
    treaty = KeysField(Treaty.objects.all(), "slug", required=False)
    state = KeysField(State.objects.all(), "iso3", required=False)
    obligation = forms.MultipleChoiceField(required=False, choices=ObligationChoices.choices)
    status = forms.MultipleChoiceField(required=False, choices=ObligationStatusChoices.choices)
    after = ISODateField(required=False)
    before = ISODateField(required=False)


class ObligationViewSet(viewsets.GenericViewSet):
    """The dated duties of every State that a treaty has bound, computed from its entry into force."""

    serializer_class = DutySerializer
    filter_backends: list[type] = []
    queryset = Treaty.objects.filter(dated_duties=True)

    @extend_schema(
        parameters=[
            OpenApiParameter("treaty", many=True),
            OpenApiParameter("state", many=True, description="ISO 3166-1 alpha-3; repeat for several."),
            OpenApiParameter("obligation", enum=ObligationChoices.values, many=True),
            OpenApiParameter("status", enum=ObligationStatusChoices.values, many=True),
            _day("after", "Deadline on or after the day."),
            _day("before", "Deadline on or before the day."),
        ]
    )
    def list(self, request: Request) -> Response:
        """Today's duties by deadline."""
        asked = read(ObligationQuery, request.query_params, also={"page", "page_size"})
        treaties = [t for t in self.get_queryset() if not asked["treaty"] or t in asked["treaty"]]
        today = timezone.now().date()
        found = [duty for duty in computed.duties(treaties, today) if _is_duty_asked(duty, asked)]
        page = self.paginate_queryset(found)
        if page is None:
            return Response(self.get_serializer(found, many=True).data)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _is_duty_asked(duty: computed.Duty, asked: dict[str, Any]) -> bool:
    return (
        (not asked["state"] or duty.state in asked["state"])
        and (not asked["obligation"] or duty.obligation in asked["obligation"])
        and (not asked["status"] or duty.status in asked["status"])
        and (not asked["after"] or duty.deadline >= asked["after"])
        and (not asked["before"] or duty.deadline <= asked["before"])
    )
