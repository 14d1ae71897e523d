"""The serializers of States, treaties and the ledger: names only, no rule."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kit.api.links import RowAddressField
from config.kit.api.writing import AuditedSerializer
from treaties import ledger
from treaties.api.fields import StateKey
from treaties.law import rules
from treaties.models import (
    Declaration,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.status.boards import Board, Line


class StateRefSerializer(serializers.ModelSerializer):
    """A State wherever it is mentioned."""

    class Meta:
        model = State
        fields = ["iso3", "name"]


class StateSerializer(serializers.ModelSerializer):
    url = RowAddressField(view_name="api:state-detail", lookup_field="iso3")
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
    url = RowAddressField(view_name="api:treaty-detail", lookup_field="slug")
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
    status = serializers.ChoiceField(
        choices=StatusChoices.choices,
        allow_null=True,
        help_text="Null on a day by which acts are known to be missing; the acts that are known are told.",
    )
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
    def get_withdrawal(self, line: Line) -> dict[str, Any] | None:
        return WithdrawalSerializer(line.standing).data if line.standing.withdrawal else None


class BoardSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    on = serializers.DateField()
    known_at = serializers.DateTimeField()
    record_since = serializers.DateTimeField(
        required=False,
        help_text="With `known_at`: the moment of the first row. As known before it there are no counts and no lines.",
    )
    counts = CountsSerializer(allow_null=True)
    results = StandingSerializer(many=True)


class CountsOnDaySerializer(CountsSerializer):
    on = serializers.DateField()


class SeriesSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    step = serializers.CharField()
    record_since = serializers.DateTimeField(allow_null=True, required=False, help_text="With `known_at`.")
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
    record_since = serializers.DateTimeField(allow_null=True, required=False, help_text="With `known_at`.")
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


def shown_counts(board: Board) -> dict[str, int] | None:
    """The counts of a board, or none where they are known to be wrong."""
    return None if board.treaty.counts_are_withheld(board.on) else asdict(board.counts)


class TreatyActionWriteSerializer(AuditedSerializer):
    """An act as an officer records it."""

    treaty = serializers.SlugRelatedField("slug", queryset=Treaty.objects.all())
    state = StateKey()
    replaces = serializers.PrimaryKeyRelatedField(
        queryset=TreatyAction.objects.confirmed(), required=False, allow_null=True
    )

    class Meta:
        model = TreatyAction
        fields = [
            "treaty",
            "state",
            "action",
            "deposited_on",
            "stated_effective_on",
            "stated_effective_reason",
            "source_url",
            "note",
            "replaces",
            "reason",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Leave the checks to the ledger, which also knows what the State can do on that day."""
        return attrs

    def write(self, values: dict[str, Any], by: User) -> TreatyAction:
        return ledger.record(TreatyAction(**values), by=by)
