"""The beginning of the API: where everything else is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from config.kit.parameters import EVERYWHERE, check_names

LISTS = {
    "states": "api:state-list",
    "treaties": "api:treaty-list",
    "treaty-actions": "api:treaty-action-list",
    "withdrawal-steps": "api:withdrawal-step-list",
    "obligations": "api:obligation-list",
    "declarations": "api:declaration-list",
    "campaigns": "api:campaign-list",
    "campaign-actions": "api:campaign-action-list",
    "commitments": "api:commitment-list",
    "positions": "api:position-list",
    "endorsements": "api:endorsement-list",
    "statements": "api:statement-list",
    "changes": "api:change-list",
    "translations": "api:translation-list",
    "webhooks": "api:webhook-list",
    "schema": "api:schema",
    "docs": "api:docs",
}


class Root(APIView):
    """The addresses of all lists, of the description for programs and of the reference for people."""

    renderer_classes = [JSONRenderer]

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request, **kwargs: Any) -> Response:
        check_names(request.query_params, EVERYWHERE)
        return Response({name: reverse(view, request=request) for name, view in LISTS.items()})
