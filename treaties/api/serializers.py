"""The serializers of States, treaties and the ledger: names only, no rule."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kit.api.links import RowAddressField, absolute
from config.kit.api.writing import AuditedSerializer
from treaties import ledger
from treaties.api.fields import StateKey
from treaties.law import rules
from treaties.models import (
    Declaration,
    Extension,
    GroupChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StateNameChoices,
    StatusChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.status.boards import Board, Line
from treaties.status.doubts import Doubt
from treaties.status.names import names_of


class StateRefSerializer(serializers.ModelSerializer):
    """A State wherever it is mentioned."""

    class Meta:
        model = State
        fields = ["iso3", "name"]


NameSerializer = type(
    "NameSerializer",
    (serializers.Serializer,),
    {
        "name": serializers.CharField(),
        "kind": serializers.ChoiceField(choices=["short", "formal", *StateNameChoices.values]),
        # "from" is a word of the contract and of Python.
        "from": serializers.CharField(allow_null=True, help_text="A day, or the year where the day was not read."),
        "to": serializers.CharField(allow_null=True, help_text="The last day, or the year where the day was not read."),
    },
)
MembershipSerializer = type(
    "MembershipSerializer",
    (serializers.Serializer,),
    {
        "group": serializers.ChoiceField(choices=GroupChoices.choices),
        "from": serializers.DateField(allow_null=True, help_text="Null where the day was not read."),
        "to": serializers.DateField(allow_null=True, help_text="The last day of a membership that has ended."),
    },
)


class CodesSerializer(serializers.Serializer):
    """The codes of a State on lists that researchers use; null where a list has it not."""

    iso2 = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    m49 = serializers.CharField(help_text="United Nations M49.")
    cow = serializers.CharField(allow_null=True, help_text="Correlates of War.")
    gw = serializers.CharField(allow_null=True, help_text="Gleditsch and Ward.")


class StateSerializer(serializers.ModelSerializer):
    url = RowAddressField(view_name="api:state-detail", lookup_field="iso3")
    page = serializers.SerializerMethodField(help_text="The State's page for people.")
    names = serializers.SerializerMethodField(help_text="All its names, of today first.")
    codes = serializers.SerializerMethodField(help_text="Its codes on other lists.")
    groups = serializers.SerializerMethodField(help_text="The groups that it belongs or belonged to.")

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
            "regional_group",
            "names",
            "codes",
            "groups",
            "url",
            "page",
        ]

    @extend_schema_field(NameSerializer(many=True))
    def get_names(self, state: State) -> list[dict[str, str | None]]:
        return names_of(state)

    @extend_schema_field(CodesSerializer)
    def get_codes(self, state: State) -> dict[str, str | None]:
        codes = {"iso2": state.iso2, "m49": state.m49, "cow": state.cow_code, "gw": state.gw_code}
        return {name: code or None for name, code in codes.items()}

    @extend_schema_field(MembershipSerializer(many=True))
    def get_groups(self, state: State) -> list[dict[str, Any]]:
        return [{"group": m.group, "from": m.since, "to": m.until} for m in state.memberships.all()]

    def get_page(self, state: State) -> str:
        return self.context["request"].build_absolute_uri(state.get_absolute_url())


COUNTS_RANGE = (
    "The counts that are not certain, since the day of an act is not known, each with the least and the most that it can be. "
    "`counts` then has the least, and the most of `not_parties` and `never_joined`."
)
COMPARED_ON = (
    "The day of the Depositary's table with which the ledger was last compared by two officers; null if never."
)
COMPLETE_TO = (
    "The day up to which all acts are on record. Later ones may be missing, so nothing of a later day is certain."
)


class CountsSerializer(serializers.Serializer):
    """Counts over the 197 States. `parties` counts from deposit, as the UN does."""

    signatories = serializers.IntegerField(help_text="States that have ever signed.")
    parties = serializers.IntegerField(help_text="consented + party + withdrawing.")
    in_force = serializers.IntegerField(help_text="party + withdrawing.")
    not_parties = serializers.IntegerField(help_text="States less parties.")
    withdrawing = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    never_joined = serializers.IntegerField(help_text="not_parties less withdrawn.")


class RangeField(serializers.ListField):
    """The least and the most that something can be, both included."""

    def __init__(self, child: serializers.Field, **kwargs: Any) -> None:
        super().__init__(child=child, min_length=2, max_length=2, **kwargs)


class CountsRangeSerializer(serializers.Serializer):
    """The least and the most of each count that is not certain; without the others."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: RangeField(serializers.IntegerField(), required=False) for name in rules.COUNTS}


class TreatySerializer(serializers.ModelSerializer):
    url = RowAddressField(view_name="api:treaty-detail", lookup_field="slug")
    page = serializers.SerializerMethodField(help_text="The treaty's page for people.")
    counts = serializers.SerializerMethodField(
        help_text="Today's counts; null where later acts are known to be missing."
    )
    counts_range = serializers.SerializerMethodField(help_text=COUNTS_RANGE)
    counts_on = serializers.SerializerMethodField(help_text="The day of the counts.")
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    compared_on = serializers.DateField(source="last_compared_on", allow_null=True, help_text=COMPARED_ON)

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
            "compared_on",
            "compared_differences",
            "compared_contested",
            "counts_withheld_after",
            "note",
            "source_url",
            "counts_on",
            "counts",
            "counts_range",
            "url",
            "page",
        ]

    def get_page(self, treaty: Treaty) -> str:
        return self.context["request"].build_absolute_uri(treaty.get_absolute_url())

    def to_representation(self, treaty: Treaty) -> dict[str, Any]:
        """With the beginning of the record, where it is asked for as it was known at a moment."""
        shown: dict[str, Any] = super().to_representation(self.context["then"].get(treaty.pk, treaty))
        if self.context["known_at"]:
            shown["record_since"] = ledger.record_since(treaty)
        return shown

    def get_counts_on(self, treaty: Treaty) -> date:
        return self.context["on"]

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, treaty: Treaty) -> dict[str, int] | None:
        board = self.context["boards"].get(treaty.pk)
        return shown_counts(board) if board else None

    @extend_schema_field(CountsRangeSerializer)
    def get_counts_range(self, treaty: Treaty) -> dict[str, tuple[int, int]]:
        board = self.context["boards"].get(treaty.pk)
        return shown_ranges(board) if board else {}


class ActDaySerializer(serializers.Serializer):
    """When an act was done: on a day, or between two where the day is not known."""

    deposited_on = serializers.SerializerMethodField(help_text="Null where the day is not known.")
    deposited_between = serializers.SerializerMethodField(
        help_text="The first and the last day on which it can have been; null where the day is known."
    )

    def get_deposited_on(self, act: rules.Action | TreatyAction) -> date | None:
        return act.deposited_on if act.not_before is None else None

    @extend_schema_field(RangeField(serializers.DateField(), allow_null=True))
    def get_deposited_between(self, act: rules.Action | TreatyAction) -> tuple[date, date] | None:
        return None if act.not_before is None else (act.not_before, act.deposited_on)


class ConsentSerializer(ActDaySerializer):
    action = serializers.ChoiceField(choices=sorted(rules.CONSENTS), source="kind")


class WithdrawalSerializer(serializers.Serializer):
    notified_on = serializers.SerializerMethodField(help_text="Null where the day is not known.")
    notified_between = serializers.SerializerMethodField(help_text="Null where the day is known.")
    effective_on = serializers.SerializerMethodField(help_text="Null while the day is not known.")
    effective_between = RangeField(
        serializers.DateField(allow_null=True),
        source="withdrawal_effective_between",
        allow_null=True,
        help_text="Where the rule gives an interval.",
    )
    held_by_armed_conflict = serializers.BooleanField(source="standing.held_by_armed_conflict")

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_notified_on(self, line: Line) -> str | None:
        found: str | None = ActDaySerializer(line.standing.withdrawal).data["deposited_on"]
        return found

    @extend_schema_field(RangeField(serializers.DateField(), allow_null=True))
    def get_notified_between(self, line: Line) -> list[str] | None:
        found: list[str] | None = ActDaySerializer(line.standing.withdrawal).data["deposited_between"]
        return found

    def get_effective_on(self, line: Line) -> date | None:
        return None if line.withdrawal_effective_between else line.standing.withdrawal_effective_on


class ReasonSerializer(serializers.Serializer):
    """A step of the reasoning, with its article and its row of the ledger."""

    text = serializers.CharField()
    article = serializers.CharField(help_text="Of the treaty; empty where it is not recorded.")
    action = serializers.IntegerField(allow_null=True, help_text="Id of the treaty action.")


class EvidenceActSerializer(ActDaySerializer, serializers.ModelSerializer):
    """An act of the ledger, as far as a lawyer needs it to cite it."""

    depositary_reference = serializers.SerializerMethodField(
        help_text="The number of the Depositary's notification (C.N.); empty where none was found."
    )
    url = RowAddressField(view_name="api:treaty-action-detail")

    class Meta:
        model = TreatyAction
        fields = ["id", "action", "deposited_on", "deposited_between", "source_url", "depositary_reference", "url"]

    def get_depositary_reference(self, row: TreatyAction) -> str:
        return " ".join(notification.reference for notification in row.told)


class StandingSerializer(serializers.Serializer):
    """A State's line on the status board."""

    state = StateRefSerializer()
    name_then = serializers.CharField(
        source="then", help_text="How to name it on the day, where its name was another one; else empty."
    )
    status = serializers.ChoiceField(
        choices=StatusChoices.choices,
        allow_null=True,
        help_text="Null on a day by which acts are known to be missing; the acts that are known are told.",
    )
    certain = serializers.BooleanField(
        help_text="No other status is possible: neither by an act whose day is not known, nor by one that may be missing, "
        "since it was done after `complete_to`."
    )
    possible = serializers.ListField(
        child=serializers.ChoiceField(choices=StatusChoices.choices),
        help_text="The statuses that are possible, first the one that is told; one where it is certain.",
    )
    signed_on = serializers.SerializerMethodField(help_text="Null where it never signed, or the day is not known.")
    signed_between = serializers.SerializerMethodField(help_text="Where the day of signature is not known.")
    consent = ConsentSerializer(source="standing.consent", allow_null=True)
    in_force_on = serializers.SerializerMethodField(help_text="Null while the day is not known.")
    in_force_between = RangeField(
        serializers.DateField(allow_null=True), allow_null=True, help_text="Where the rule gives an interval."
    )
    withdrawal = serializers.SerializerMethodField()
    evidence = serializers.ListField(
        child=serializers.IntegerField(),
        source="standing.evidence",
        help_text="Ids of the treaty actions that make it so.",
    )

    explanation = ReasonSerializer(many=True, required=False, help_text="Ordered reasons, with ?expand=explanation.")
    evidence_acts = EvidenceActSerializer(
        many=True, required=False, help_text="The acts that make it so, with ?expand=evidence."
    )

    def to_representation(self, line: Any) -> dict[str, Any]:
        """Without what was not asked for besides."""
        shown: dict[str, Any] = super().to_representation(line)
        for name in ("explanation", "evidence_acts"):
            if shown.get(name) is None:
                shown.pop(name, None)
        return shown

    def get_signed_on(self, line: Line) -> date | None:
        signed = line.standing.signed
        return signed.deposited_on if signed and signed.not_before is None else None

    @extend_schema_field(RangeField(serializers.DateField(), allow_null=True))
    def get_signed_between(self, line: Line) -> tuple[date, date] | None:
        signed = line.standing.signed
        return (signed.not_before, signed.deposited_on) if signed and signed.not_before else None

    def get_in_force_on(self, line: Line) -> date | None:
        return None if line.in_force_between else line.standing.in_force_on

    @extend_schema_field(WithdrawalSerializer(allow_null=True))
    def get_withdrawal(self, line: Line) -> dict[str, Any] | None:
        return WithdrawalSerializer(line).data if line.standing.withdrawal else None


class BoardSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    on = serializers.DateField()
    known_at = serializers.DateTimeField()
    record_since = serializers.DateTimeField(
        required=False,
        help_text="With `known_at`: the moment of the first row. As known before it there are no counts and no lines.",
    )
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    compared_on = serializers.DateField(allow_null=True, help_text=COMPARED_ON)
    compared_differences = serializers.IntegerField(help_text="How many differences that comparison found.")
    compared_contested = serializers.IntegerField(help_text="How many of them are contested.")
    not_certain = serializers.ListField(
        child=serializers.CharField(),
        help_text="Why some of it is not certain, in sentences; empty where all of it is.",
    )
    counts = CountsSerializer(allow_null=True)
    counts_range = CountsRangeSerializer()
    results = StandingSerializer(many=True)


class CountsOnDaySerializer(CountsSerializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        """The day first: it is what a line of the series is found by."""
        return {"on": serializers.DateField(), **super().get_fields(), "counts_range": CountsRangeSerializer()}


PeriodSerializer: Any = type(
    "PeriodSerializer",
    (serializers.Serializer,),
    {
        "treaty": serializers.SlugField(),
        "from": serializers.DateField(help_text="The first day."),
        "to": serializers.DateField(help_text="The last day."),
    },
)


class SeriesSerializer(PeriodSerializer):
    """The counts over time."""

    step = serializers.CharField()
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    compared_on = serializers.DateField(allow_null=True, help_text=COMPARED_ON)
    compared_differences = serializers.IntegerField()
    compared_contested = serializers.IntegerField()
    record_since = serializers.DateTimeField(allow_null=True, required=False, help_text="With `known_at`.")
    results = CountsOnDaySerializer(many=True)


class TreatyActionSerializer(ActDaySerializer, serializers.ModelSerializer):
    """A confirmed row of the ledger."""

    treaty = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer()
    effective_on = serializers.SerializerMethodField(
        help_text="Computed by the treaty's rule, or as stated; null where it is not known."
    )
    effective_between = RangeField(
        serializers.DateField(allow_null=True),
        source="effect_between",
        allow_null=True,
        read_only=True,
        help_text="The first and the last day of effect, where the rule gives an interval.",
    )
    replaces = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The earlier row that this one mends."
    )
    replaced_by = serializers.SerializerMethodField(help_text="The later row that mends this one.")
    depositary_reference = serializers.SerializerMethodField(
        help_text="The number of the Depositary's notification (C.N.); empty where none was found."
    )
    url = RowAddressField(view_name="api:treaty-action-detail")
    page = serializers.SerializerMethodField(help_text="The row in the ledger, for people.")

    class Meta:
        model = TreatyAction
        fields = [
            "id",
            "treaty",
            "state",
            "action",
            "deposited_on",
            "deposited_between",
            "interval_source",
            "effective_on",
            "effective_between",
            "stated_effective_on",
            "stated_effective_reason",
            "source_url",
            "note",
            "recorded_at",
            "confirmed_at",
            "replaces",
            "replaced_by",
            "is_annulment",
            "reason",
            "sequence",
            "previous_hash",
            "hash",
            "depositary_reference",
            "url",
            "page",
        ]

    def get_effective_on(self, row: TreatyAction) -> date | None:
        return None if row.effect_between else row.effective_on

    def get_depositary_reference(self, row: TreatyAction) -> str:
        return " ".join(notification.reference for notification in row.told)

    def get_page(self, row: TreatyAction) -> str:
        return absolute(self.context["request"], row.get_absolute_url())

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
    possible_before = serializers.ListField(
        child=serializers.ChoiceField(choices=StatusChoices.choices), source="before.possible"
    )
    possible_after = serializers.ListField(
        child=serializers.ChoiceField(choices=StatusChoices.choices), source="after.possible"
    )
    actions = TreatyActionSerializer(many=True)


class ChangesSerializer(PeriodSerializer):
    """What changed between two days."""

    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    compared_on = serializers.DateField(allow_null=True, help_text=COMPARED_ON)
    compared_differences = serializers.IntegerField()
    compared_contested = serializers.IntegerField()
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


class DecisionSerializer(serializers.ModelSerializer):
    """An extension, as the States Parties granted it."""

    deadline = serializers.DateField(source="extended_to", allow_null=True, help_text="Null where it was not found.")

    class Meta:
        model = Extension
        fields = ["deadline", "granted_at", "granted_on", "known_to", "source_url", "note"]


class DutySerializer(serializers.Serializer):
    """A dated duty of a State Party. Deadline and status are computed."""

    treaty = serializers.SlugField(source="treaty.slug")
    state = StateRefSerializer()
    obligation = serializers.ChoiceField(choices=ObligationChoices.choices)
    in_force_on = serializers.DateField()
    original_deadline = serializers.DateField()
    deadline = serializers.DateField(
        allow_null=True, help_text="As it stands on the day; null where it was extended to a day that was not found."
    )
    known_to = serializers.DateField(
        allow_null=True, help_text="The last day up to which no later decision exists, as far as the source goes."
    )
    status = serializers.ChoiceField(
        choices=ObligationStatusChoices.choices,
        help_text="`overdue` only where the deadline passed up to `known_to`; `not_confirmed` where it passed after it.",
    )
    completed_on = serializers.DateField(allow_null=True)
    decisions = DecisionSerializer(many=True)
    note = serializers.CharField(source="recorded.note", default="")
    source_url = serializers.CharField(source="recorded.source_url", default="")


class StateYearSerializer(serializers.Serializer):
    """Where a State stood on one day of a year, with the codes that data sets of others know it by."""

    state = StateRefSerializer(source="line.state")
    cow = serializers.CharField(source="line.state.cow_code", help_text="Correlates of War; empty where it has none.")
    gw = serializers.CharField(source="line.state.gw_code", help_text="Gleditsch and Ward; empty where it has none.")
    year = serializers.IntegerField()
    on = serializers.DateField()
    status = serializers.ChoiceField(choices=StatusChoices.choices, source="line.status")
    certain = serializers.BooleanField(source="line.certain", help_text="No other status is possible.")
    party = serializers.BooleanField(help_text="As `parties` counts: consented, party or withdrawing.")
    in_force = serializers.BooleanField(help_text="As `in_force` counts: party or withdrawing.")


class StateYearsSerializer(PeriodSerializer):
    """Every State on a day of each year."""

    anchor = serializers.CharField(help_text="The day of each year, as MM-DD.")
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    record_since = serializers.DateTimeField(required=False, help_text="With `known_at`.")
    results = StateYearSerializer(many=True)


class PartSerializer(serializers.Serializer):
    """A region, a subregion or a group of States, with the counts over its States."""

    kind = serializers.ChoiceField(choices=["region", "subregion", "group"])
    key = serializers.CharField(help_text="What `region` or `group` takes in filters.")
    name = serializers.CharField()
    states = serializers.IntegerField(help_text="How many States belong to it on the day.")
    counts = CountsSerializer()
    counts_range = CountsRangeSerializer()


class PartsSerializer(serializers.Serializer):
    """The counts of each region, subregion and group on a day."""

    treaty = serializers.SlugField()
    on = serializers.DateField()
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    record_since = serializers.DateTimeField(required=False, help_text="With `known_at`.")
    results = PartSerializer(many=True)


@dataclass(frozen=True)
class Under:
    """Where a State stands under one treaty on a day."""

    treaty: str
    on: date
    line: Line


class StandingUnderSerializer(StandingSerializer):
    """Where a State stands under one treaty, on the last day that the treaty's ledger can answer for."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"treaty": serializers.SlugField(), "on": serializers.DateField(), **super().get_fields()}

    def to_representation(self, under: Under) -> dict[str, Any]:
        line = StandingSerializer(under.line, context=self.context).data
        return {"treaty": under.treaty, "on": under.on.isoformat(), **line}


class StandingsSerializer(serializers.Serializer):
    """Where one State stands under each treaty on a day."""

    state = StateRefSerializer()
    on = serializers.DateField()
    results = StandingUnderSerializer(many=True)


class DoubtSerializer(serializers.Serializer):
    """Something that the record does not know."""

    key = serializers.CharField(help_text="It stays while the doubt does.")
    kind = serializers.CharField()
    state = StateRefSerializer(allow_null=True)
    sentence = serializers.CharField()
    settled_by = serializers.CharField(help_text="What a source would have to say.")
    page = serializers.SerializerMethodField(help_text="Where the record shows it.")

    def get_page(self, doubt: Doubt) -> str:
        found: str = self.context["request"].build_absolute_uri(doubt.url)
        return found


class DoubtsSerializer(serializers.Serializer):
    treaty = serializers.SlugField()
    on = serializers.DateField()
    complete_to = serializers.DateField(help_text=COMPLETE_TO)
    compared_on = serializers.DateField(allow_null=True, help_text=COMPARED_ON)
    compared_differences = serializers.IntegerField()
    compared_contested = serializers.IntegerField()
    results = DoubtSerializer(many=True)


class DeclarationSerializer(serializers.ModelSerializer):
    treaty = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer()
    with_action = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The treaty action that it was lodged with."
    )
    answers = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The text that an objection answers."
    )
    answered_by = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, help_text="The objections to this text."
    )
    about = StateRefSerializer(
        allow_null=True, help_text="The State whose act it is about, where it answers no text of that State."
    )
    depositary_reference = serializers.SerializerMethodField(
        help_text="The number of the Depositary's notification (C.N.); empty where none was found."
    )
    page = serializers.SerializerMethodField(help_text="Where people read it.")

    class Meta:
        model = Declaration
        fields = [
            "id",
            "treaty",
            "state",
            "kind",
            "made_on",
            "articles",
            "with_action",
            "answers",
            "answered_by",
            "about",
            "summary",
            "text",
            "language",
            "withdrawn_on",
            "is_public_statement",
            "depositary_reference",
            "source_url",
            "note",
            "page",
        ]

    def get_depositary_reference(self, declaration: Declaration) -> str:
        return " ".join(notification.reference for notification in declaration.told)

    def get_page(self, declaration: Declaration) -> str:
        return self.context["request"].build_absolute_uri(declaration.get_absolute_url())


def shown_counts(board: Board) -> dict[str, int] | None:
    """The counts of a board, or none where they are known to be wrong."""
    return None if board.treaty.counts_are_withheld(board.on) else board.counts.numbers()


def shown_ranges(board: Board) -> dict[str, tuple[int, int]]:
    """The least and the most of each count of a board that is not certain, as far as its counts are shown."""
    return {} if board.treaty.counts_are_withheld(board.on) else dict(board.counts.ranges)


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
            "not_before",
            "interval_source",
            "stated_effective_on",
            "stated_effective_reason",
            "source_url",
            "note",
            "replaces",
            "is_annulment",
            "reason",
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Leave the checks to the ledger, which also knows what the State can do on that day."""
        return attrs

    def write(self, values: dict[str, Any], by: User) -> TreatyAction:
        return ledger.record(TreatyAction(**values), by=by)
