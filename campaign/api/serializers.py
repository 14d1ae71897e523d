"""The shapes of the campaign: what the API shows, and what it takes from editors and from people."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, FollowUp, MailLanguage, Pillar, Position
from campaign.pledging.names import LONGEST, clean_name
from config.kit.api.links import RowAddressField
from config.kit.api.writing import AuditedSerializer, ProposalRefSerializer, Strict
from config.kit.incoming.addresses import clean_address
from treaties.api.fields import StateKey
from treaties.api.serializers import StateRefSerializer
from treaties.models import Article, Treaty


class PillarSerializer(serializers.ModelSerializer):
    class Meta:
        model = Pillar
        fields = ["slug", "role", "title", "summary", "source_url"]


class CampaignSerializer(serializers.ModelSerializer):
    treaties: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", many=True, read_only=True)
    pillars = PillarSerializer(many=True)
    url = RowAddressField(view_name="api:campaign-detail", lookup_field="slug")
    page = serializers.SerializerMethodField(help_text="The campaign's page for people.")

    class Meta:
        model = Campaign
        fields = [
            "slug",
            "title",
            "title_note",
            "summary",
            "announced_by",
            "announced_on",
            "launched_on",
            "window_starts_on",
            "window_ends_on",
            "treaties",
            "pillars",
            "result",
            "result_note",
            "source_url",
            "url",
            "page",
        ]

    def get_page(self, campaign: Campaign) -> str:
        return self.context["request"].build_absolute_uri(campaign.get_absolute_url())


class ArticleRefSerializer(serializers.Serializer):
    treaty = serializers.SlugField(source="treaty.slug")
    article = serializers.IntegerField(source="number")


class CampaignActionSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugField(source="pillar.campaign.slug")
    pillar: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", read_only=True)
    target_treaty: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    states = StateRefSerializer(many=True)
    articles = ArticleRefSerializer(many=True)
    url = RowAddressField(view_name="api:campaign-action-detail", lookup_field="slug")
    target_states = serializers.SerializerMethodField(
        help_text="The States that the call is aimed at on the day, computed from the ledger; null without a live target."
    )
    target_complete_to = serializers.SerializerMethodField(
        help_text="The day up to which all acts under the target's treaty are on record; later ones may be missing.",
    )

    class Meta:
        model = CampaignAction
        fields = [
            "slug",
            "campaign",
            "pillar",
            "kind",
            "title",
            "summary",
            "date",
            "end_date",
            "date_precision",
            "place",
            "who",
            "status",
            "direction",
            "official",
            "audience",
            "target_rule",
            "target_treaty",
            "target_states",
            "target_complete_to",
            "states",
            "articles",
            "doubt",
            "source_url",
            "url",
        ]

    @extend_schema_field(StateRefSerializer(many=True, allow_null=True))
    def get_target_states(self, row: CampaignAction) -> list[dict[str, Any]] | None:
        found = self.context["targets"].get(row.pk)
        return None if found is None else list(StateRefSerializer(found, many=True).data)

    def get_target_complete_to(self, row: CampaignAction) -> date | None:
        if row.target_treaty is None:
            return None
        treaty: Treaty = self.context["treaties_then"].get(row.target_treaty_id, row.target_treaty)
        return treaty.complete_to

    def to_representation(self, row: CampaignAction) -> dict[str, Any]:
        """With the States' names of the moment, where it is asked for as the record was known at one."""
        shown: dict[str, Any] = super().to_representation(row)
        then = self.context["states_then"]
        for state in shown.get("states", []):
            if state["iso3"] in then:
                state |= StateRefSerializer(then[state["iso3"]]).data
        return shown


class FollowUpSerializer(serializers.ModelSerializer):
    class Meta:
        model = FollowUp
        fields = ["on", "status", "text", "amount", "evidence_url"]


class CommitmentSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugField(source="pillar.campaign.slug")
    pillar: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", read_only=True)
    by_state = StateRefSerializer(allow_null=True)
    overdue = serializers.SerializerMethodField(help_text="Due before today and not settled.")
    silent = serializers.SerializerMethodField(help_text="Not settled, and nobody has spoken of it for a year.")
    last_heard_on = serializers.DateField(help_text="The day of the last follow-up, or of the promise itself.")
    trackable_by = serializers.SerializerMethodField(help_text="What makes it possible to tell whether it was kept.")
    reached = serializers.DecimalField(
        16, 2, allow_null=True, help_text="The amount last told, in the unit of the target."
    )
    progress = serializers.IntegerField(
        allow_null=True, help_text="Per cent of the way from the baseline to the target."
    )
    done_is_checked = serializers.BooleanField(
        allow_null=True,
        help_text="Whether two editors here have seen the evidence that it is done; null for what is not done.",
    )
    follow_ups = FollowUpSerializer(
        source="public_follow_ups", many=True, help_text="'done' is told once a second person has confirmed it."
    )
    url = RowAddressField(view_name="api:commitment-detail", lookup_field="slug")

    class Meta:
        model = Commitment
        fields = [
            "slug",
            "campaign",
            "pillar",
            "by_state",
            "by_organization",
            "title",
            "text",
            "announced_on",
            "date_precision",
            "due_on",
            "status",
            "overdue",
            "silent",
            "last_heard_on",
            "trackable_by",
            "baseline_amount",
            "target_amount",
            "target_unit",
            "reached",
            "progress",
            "done_is_checked",
            "follow_ups",
            "doubt",
            "source_url",
            "url",
        ]

    def get_overdue(self, commitment: Commitment) -> bool:
        return commitment.is_overdue(timezone.now().date())

    def get_silent(self, commitment: Commitment) -> bool:
        return commitment.is_silent(timezone.now().date())

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_trackable_by(self, commitment: Commitment) -> list[str]:
        return commitment.trackable_by()


class PositionSerializer(serializers.ModelSerializer):
    """What States or an organization said of leaving a treaty."""

    treaty: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", read_only=True)
    states = StateRefSerializer(many=True, help_text="Who says it; empty for an organization.")
    about = StateRefSerializer(many=True, help_text="The States that it is about; empty where it names none.")

    class Meta:
        model = Position
        fields = [
            "id",
            "kind",
            "treaty",
            "states",
            "who",
            "about",
            "said_on",
            "summary",
            "quote",
            "language",
            "source_url",
            "note",
        ]


class EndorsementSerializer(serializers.ModelSerializer):
    """A city, parliamentarian or organization that stands behind a campaign, as its source says."""

    campaign: serializers.SlugRelatedField = serializers.SlugRelatedField("slug", read_only=True)
    state = StateRefSerializer(allow_null=True)

    class Meta:
        model = Endorsement
        fields = ["id", "campaign", "kind", "name", "state", "endorsed_on", "source_url"]


class BackingByStateSerializer(serializers.Serializer):
    state = StateRefSerializer()
    confirmed = serializers.IntegerField()


class BackingByDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    confirmed = serializers.IntegerField()


class BackingSerializer(serializers.Serializer):
    """Confirmed pledges only. A State with fewer than five is counted in `other`, as are those who named none."""

    confirmed = serializers.IntegerField()
    by_state = BackingByStateSerializer(many=True)
    other = serializers.IntegerField()
    by_day = BackingByDaySerializer(many=True)
    demonstration = serializers.BooleanField(help_text="True where the numbers contain demonstration data.")


# --- What is taken -------------------------------------------------------------------------------------------


class LanguageField(serializers.ChoiceField):
    """One of the six languages, whatever the case of its letters (BCP 47)."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data.casefold() if isinstance(data, str) else data)


class AddressField(serializers.EmailField):
    """An e-mail address of a public mailbox, in the form in which it is kept and mailed."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return clean_address(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, code="invalid") from error

    def run_validators(self, value: Any) -> None:
        """None more: `clean_address` has judged it."""


class PledgeSerializer(Strict):
    """A person's wish to back the campaign."""

    name = serializers.CharField(max_length=LONGEST)
    email = AddressField(max_length=254)
    state = StateKey(required=False, allow_null=True, default=None)
    show_name = serializers.BooleanField(required=False, default=False)
    language = LanguageField(choices=MailLanguage.choices, required=False, default=MailLanguage.ENGLISH.value)

    def validate_name(self, name: str) -> str:
        try:
            return clean_name(name)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class PledgeTakenSerializer(serializers.Serializer):
    """The same for everybody, whether or not the address is known."""

    detail = serializers.CharField()


class ProposedCampaignActionSerializer(CampaignActionSerializer):
    """A campaign action as it would be, once a second editor has accepted it."""

    proposal = ProposalRefSerializer()

    class Meta(CampaignActionSerializer.Meta):
        fields = [*CampaignActionSerializer.Meta.fields, "proposal"]


class ProposedCommitmentSerializer(CommitmentSerializer):
    """A commitment as it would be, once a second editor has accepted it."""

    proposal = ProposalRefSerializer()

    class Meta(CommitmentSerializer.Meta):
        fields = [*CommitmentSerializer.Meta.fields, "proposal"]


@extend_schema_field(
    {
        "type": "string",
        "pattern": "^[-A-Za-z0-9_]+/[-A-Za-z0-9_]+$",
        "examples": ["humanitarian-disarmament/uphold-norms"],
    }
)
class PillarKey(serializers.Field):
    """A pillar as `campaign/pillar`, since pillars of two campaigns may have one name."""

    default_error_messages = {"unknown": _("Give a pillar as campaign/pillar, for example a/b. There is no %(key)s.")}

    def to_internal_value(self, data: Any) -> Pillar:
        campaign, _slash, slug = data.partition("/") if isinstance(data, str) else ("", "", "")
        found = Pillar.objects.filter(campaign__slug=campaign, slug=slug).first()
        if found is None:
            raise serializers.ValidationError(self.default_error_messages["unknown"] % {"key": data})
        return found


@extend_schema_field(
    {
        "type": "object",
        "properties": {"treaty": {"type": "string"}, "article": {"type": "integer"}},
        "required": ["treaty", "article"],
        "examples": [{"treaty": "mine-ban-convention", "article": 5}],
    }
)
class ArticleKey(serializers.Field):
    """An article as {"treaty", "article"}."""

    def to_internal_value(self, data: Any) -> Article:
        if isinstance(data, dict) and type(data.get("article")) is int and isinstance(data.get("treaty"), str):
            found = Article.objects.filter(treaty__slug=data["treaty"], number=data["article"]).first()
            if found is not None:
                return found
        raise serializers.ValidationError(_('Give an article that is on record as {"treaty": "...", "article": 5}.'))


class CampaignActionWriteSerializer(AuditedSerializer):
    """A campaign action as an editor writes it."""

    pillar = PillarKey(help_text="campaign/pillar")
    target_treaty = serializers.SlugRelatedField("slug", queryset=Treaty.objects.all(), allow_null=True, required=False)
    states = StateKey(many=True, required=False)
    articles = serializers.ListField(child=ArticleKey(), required=False)

    class Meta:
        model = CampaignAction
        fields = [
            "pillar",
            "slug",
            "kind",
            "title",
            "summary",
            "date",
            "end_date",
            "date_precision",
            "place",
            "who",
            "status",
            "direction",
            "official",
            "audience",
            "target_rule",
            "target_treaty",
            "states",
            "articles",
            "doubt",
            "source_url",
        ]


class CommitmentWriteSerializer(AuditedSerializer):
    """A commitment as an editor writes it. Its status is moved by follow-ups."""

    pillar = PillarKey(help_text="campaign/pillar")
    by_state = StateKey(required=False, allow_null=True)
    articles = serializers.ListField(child=ArticleKey(), required=False)

    class Meta:
        model = Commitment
        fields = [
            "pillar",
            "slug",
            "by_state",
            "by_organization",
            "title",
            "text",
            "announced_on",
            "date_precision",
            "due_on",
            "baseline_amount",
            "target_amount",
            "target_unit",
            "articles",
            "doubt",
            "source_url",
        ]
