"""One State in one answer: where it stands, what is asked of it, what it promised, who stands behind it there."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaign.api.serializers import (
    CampaignActionSerializer,
    CommitmentSerializer,
    EndorsementSerializer,
    PositionSerializer,
)
from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, Position
from campaign.pledging.backing import backing_by_people_of
from campaign.targets import targets_of
from config.kit.parameters import parse_query
from treaties import ledger
from treaties.api.answers import KNOWN_AT, day, known_then
from treaties.api.serializers import StandingUnderSerializer, StateSerializer, Under
from treaties.models import State, Treaty
from treaties.pages.forms import PinnedQuery
from treaties.status.boards import lines_of


class BackersSerializer(serializers.Serializer):
    """How many people of a State back a campaign."""

    campaign = serializers.SlugField()
    confirmed = serializers.IntegerField(allow_null=True, help_text="Null where it is fewer than five.")


class StateOverviewSerializer(serializers.Serializer):
    """All that the site knows of one State on a day."""

    state = StateSerializer()
    on = serializers.DateField()
    treaties = StandingUnderSerializer(many=True)
    asked = CampaignActionSerializer(many=True, help_text="The calls that are aimed at it on the day.")
    commitments = CommitmentSerializer(many=True)
    positions = PositionSerializer(many=True, help_text="What it said of leaving a treaty, and what was said about it.")
    endorsements = EndorsementSerializer(many=True)
    backers = BackersSerializer(many=True)


class StateOverview(APIView):
    """One State in one answer."""

    renderer_classes = [JSONRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("iso3", str, OpenApiParameter.PATH),
            day("on", "The day of statuses and calls. Default: today (UTC)."),
            KNOWN_AT,
        ],
        responses=StateOverviewSerializer,
    )
    def get(self, request: Request, iso3: str) -> Response:
        """Where the State stands under each treaty, what is asked of it, what it promised and said, and its backers.

        Commitments, positions, endorsements and backers are those of today.
        """
        query = parse_query(PinnedQuery, request.query_params)
        on, known_at = query["on"] or timezone.now().date(), query["known_at"]
        state = get_object_or_404(State.objects.with_names_and_groups(), pk=iso3.upper())
        chosen = [t for t in ledger.known_rows(Treaty, known_at).order_by("adopted_on") if known_then(t, known_at)[0]]
        calls = list(CampaignAction.objects.public().calls().for_display().order_by("-date", "-id"))
        targets = targets_of(calls, on, known_at)
        said = Position.objects.select_related("treaty").for_display()
        backers = backing_by_people_of(state)
        answer = {
            "state": state,
            "on": on,
            "treaties": [Under(t.slug, shown, line) for t, shown, line in lines_of(state, chosen, on, known_at)],
            "asked": [call for call in calls if state in targets.get(call.pk, ()) or state in call.states.all()],
            "commitments": Commitment.objects.for_display().filter(by_state=state),
            "positions": said.concerning(state).order_by("-said_on", "-id"),
            "endorsements": Endorsement.objects.verified().filter(state=state),
            "backers": [
                {"campaign": campaign.slug, "confirmed": backers.get(campaign.pk)}
                for campaign in Campaign.objects.order_by("pk")
            ],
        }
        context: dict[str, Any] = {"request": request, "view": self, "targets": targets}
        context |= {"treaties_then": {}, "states_then": ledger.states_known(known_at) if known_at else {}}
        return Response(StateOverviewSerializer(answer, context=context).data)
