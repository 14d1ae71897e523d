"""The endpoints of the campaign. Targets of calls are computed from the ledger; backing never names a person."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaign.api.filters import CampaignActionFilters, CommitmentFilters, EndorsementFilters, PositionFilters
from campaign.api.serializers import (
    BackingSerializer,
    CampaignActionSerializer,
    CampaignActionWriteSerializer,
    CampaignSerializer,
    CommitmentSerializer,
    CommitmentWriteSerializer,
    EndorsementSerializer,
    PledgeSerializer,
    PledgeTakenSerializer,
    PositionSerializer,
    ProposedCampaignActionSerializer,
    ProposedCommitmentSerializer,
)
from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, Position
from campaign.pledging import pledges
from campaign.pledging.backing import backing_of
from campaign.pledging.rate_limits import check_limits, network_key
from campaign.targets import targets_of
from config.kit.api.exports import ListOnlyViewSet, ListViewSet
from config.kit.api.idempotency import IDEMPOTENCY_KEY, idempotent
from config.kit.api.writing import WritableViewSet
from config.kit.incoming.visitors import RateLimited, address_of
from config.kit.parameters import EVERYWHERE, check_names, parse_query
from treaties import ledger
from treaties.models import Treaty
from treaties.pages.forms import PinnedQuery


class CampaignViewSet(ListViewSet):
    """Campaigns with their pillars."""

    queryset = Campaign.objects.prefetch_related("treaties", "pillars")
    serializer_class = CampaignSerializer
    entry_serializers = {"backing": BackingSerializer}
    lookup_field = "slug"
    lookup_value_regex = "[-A-Za-z0-9_]+"
    ordering_fields = ["announced_on", "slug"]
    search_fields = ["title", "summary"]

    @extend_schema(responses=BackingSerializer, filters=False)
    @action(detail=True)
    def backing(self, request: Request, slug: str) -> Response:
        """How many people back the campaign."""
        check_names(request.query_params, EVERYWHERE)
        found = backing_of(self.get_object())
        answer = {
            "confirmed": found.confirmed,
            "by_state": [{"state": state, "confirmed": n} for state, n in found.by_state],
            "other": found.other,
            "by_day": [{"day": day, "confirmed": n} for day, n in found.by_day],
            "demonstration": found.is_demonstration,
        }
        return Response(BackingSerializer(answer).data)

    @extend_schema(request=PledgeSerializer, responses={202: PledgeTakenSerializer}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="pledges")
    def pledge(self, request: Request, slug: str) -> Response:
        """Back the campaign. The same answer to everybody; a mail with a link asks to confirm."""
        check_names(request.query_params, EVERYWHERE)
        campaign = self.get_object()
        return idempotent(request, lambda: self.take(request, campaign))

    def take(self, request: Request, campaign: Campaign) -> Response:
        given = PledgeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            check_limits(request, given.validated_data["email"])
        except RateLimited as error:
            raise exceptions.Throttled(int(error.wait.total_seconds())) from error
        pledges.pledge(campaign, **given.validated_data, network_key=network_key(address_of(request)))
        answer = {
            "detail": _("Thank you. If this address can be written to, a mail with a link to confirm is on its way.")
        }
        return Response(answer, status=status.HTTP_202_ACCEPTED)


@extend_schema_view(
    create=extend_schema(responses={201: ProposedCampaignActionSerializer}),
    partial_update=extend_schema(
        responses={200: CampaignActionSerializer, 202: ProposedCampaignActionSerializer},
    ),
)
class CampaignActionViewSet(WritableViewSet):
    """Calls to action with their live targets, events, milestones and deliveries."""

    queryset = CampaignAction.objects.public().for_display().order_by("-date", "-id")
    serializer_class = CampaignActionSerializer
    write_serializer_class = CampaignActionWriteSerializer
    filterset_class = CampaignActionFilters
    detail_parameters = frozenset({"on", "known_at"})
    lookup_field = "slug"
    lookup_value_regex = "[-A-Za-z0-9_]+"
    ordering_fields = ["date", "slug"]
    ordering = ["-date", "-id"]
    search_fields = ["title", "summary", "who", "place"]

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        pinned = self.request.query_params.copy()
        for name in pinned.keys() - PinnedQuery.base_fields.keys():
            del pinned[name]  # the filters look at it
        asked = parse_query(PinnedQuery, pinned) if self.action in ("list", "retrieve") else {}
        on, known_at = asked.get("on") or timezone.now().date(), asked.get("known_at")
        since = ledger.record_since() if known_at else None
        has_record = known_at is None or (since is not None and since <= known_at)
        calls = CampaignAction.objects.public().calls()
        context["targets"] = targets_of(calls, on, known_at) if has_record else {}
        then = ledger.known_rows(Treaty, known_at) if known_at else []
        context["treaties_then"] = {treaty.pk: treaty for treaty in then}
        context["states_then"] = ledger.states_known(known_at) if known_at else {}
        return context


@extend_schema_view(
    create=extend_schema(responses={201: ProposedCommitmentSerializer}),
    partial_update=extend_schema(responses={200: CommitmentSerializer, 202: ProposedCommitmentSerializer}),
)
class CommitmentViewSet(WritableViewSet):
    """What States and organizations have promised, with follow-ups."""

    queryset = Commitment.objects.for_display()
    serializer_class = CommitmentSerializer
    write_serializer_class = CommitmentWriteSerializer
    filterset_class = CommitmentFilters
    lookup_field = "slug"
    lookup_value_regex = "[-A-Za-z0-9_]+"
    ordering_fields = ["announced_on", "due_on", "slug"]
    ordering = ["-announced_on", "-id"]
    search_fields = ["title", "by_organization", "by_state__name"]


class PositionViewSet(ListViewSet):
    """Why States leave a treaty, and what others said of it: in our words, with the source and the words where they were read."""

    queryset = Position.objects.select_related("treaty").for_display().order_by("-said_on", "-id")
    serializer_class = PositionSerializer
    filterset_class = PositionFilters
    ordering_fields = ["said_on", "id"]
    ordering = ["-said_on", "-id"]
    search_fields = ["summary", "quote", "who", "states__name"]
    lookup_value_regex = "[0-9]{1,18}"


class EndorsementViewSet(ListOnlyViewSet):
    """Cities, parliamentarians and organizations that stand behind a campaign, each verified by its source."""

    queryset = Endorsement.objects.verified().order_by("-endorsed_on", "-id")
    serializer_class = EndorsementSerializer
    filterset_class = EndorsementFilters
    ordering_fields = ["endorsed_on", "name", "id"]
    ordering = ["-endorsed_on", "-id"]
    search_fields = ["name", "state__name"]
