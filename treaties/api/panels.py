"""Answers for researchers: each State in each year, and the counts of regions and groups."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.parameters import parse_query
from treaties import ledger
from treaties.api.answers import KNOWN_AT, OF_GROUP, day, known_then
from treaties.api.serializers import PartsSerializer, StateYearsSerializer
from treaties.models import GroupChoices, Treaty
from treaties.pages.forms import DAY_OF_EACH_YEAR, PinnedQuery, StateYearsForm, span_of
from treaties.status.boards import first_day, status_board
from treaties.status.names import members_of
from treaties.status.panels import AT_THE_END, parts_of, state_years


class PanelActions:
    """Operations on one treaty, for its viewset."""

    def treaty(self) -> Treaty:
        """The treaty of the address. Raises Http404."""
        raise NotImplementedError

    @extend_schema(
        parameters=[
            day("from", "Default: the day of opening for signature."),
            day("to", "Default: today."),
            OpenApiParameter(
                "anchor",
                {"type": "string", "pattern": DAY_OF_EACH_YEAR},
                description=f"The day of each year that is looked at, as MM-DD. Default: {AT_THE_END}.",
            ),
            OpenApiParameter("state", many=True, description="ISO 3166-1 alpha-3; repeat for several."),
            OpenApiParameter("group", enum=GroupChoices.values, many=True, description=OF_GROUP),
            KNOWN_AT,
        ],
        responses=StateYearsSerializer,
    )
    @action(detail=True, url_path="state-years")
    def state_years(self, request: Request, slug: str) -> Response:
        """Every State on a day of each year: a panel for statistics, by State and year.

        Days that the treaty's ledger cannot answer for are left out. A group's members are those of the last day.
        """
        query = parse_query(StateYearsForm, request.query_params)
        known_at = query["known_at"]
        (treaty,) = ledger.as_known([self.treaty()], known_at)
        first, last = span_of(query, first_day(treaty), timezone.now().date())
        anchor = query["anchor"] or AT_THE_END
        has_record, since = known_then(treaty, known_at)
        found = state_years(treaty, first, last, known_at, anchor) if has_record else []
        if query["state"]:
            found = [row for row in found if row.line.state in query["state"]]
        if query["group"]:
            members = members_of(query["group"], last, known_at)
            found = [row for row in found if row.line.state.pk in members]
        answer = {
            "treaty": treaty.slug,
            "from": first,
            "to": last,
            "anchor": anchor,
            "complete_to": treaty.complete_to,
            **since,
            "results": found,
        }
        return Response(StateYearsSerializer(answer).data)

    @extend_schema(
        parameters=[day("on", "The day asked about. Default: today (UTC)."), KNOWN_AT], responses=PartsSerializer
    )
    @action(detail=True, url_path="counts-by-region")
    def counts_by_region(self, request: Request, slug: str) -> Response:
        """The counts of each region, subregion and group on a day; none on a day that the ledger cannot answer for."""
        query = parse_query(PinnedQuery, request.query_params)
        (treaty,) = ledger.as_known([self.treaty()], query["known_at"])
        on = query["on"] or timezone.now().date()
        has_record, since = known_then(treaty, query["known_at"])
        is_shown = has_record and not treaty.counts_are_withheld(on)
        found = parts_of(status_board(treaty, on, query["known_at"])) if is_shown else []
        answer = {
            "treaty": treaty.slug,
            "on": on,
            "complete_to": treaty.complete_to,
            **since,
            "results": [
                {
                    "kind": part.kind,
                    "key": part.key,
                    "name": part.name,
                    "states": part.states,
                    "counts": part.counts.numbers(),
                    "counts_range": part.counts.ranges,
                }
                for part in found
            ],
        }
        return Response(PartsSerializer(answer).data)
