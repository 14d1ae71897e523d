"""The OpenAPI description: the names and types of parameters as the filters take them, and what each operation may refuse."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from django.conf import settings
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from config.api.examples import QUESTIONS, Question, answers
from config.kit.api.authentication import Bearer
from config.kit.api.exports import FIELDS
from config.kit.api.problems import PROBLEM
from config.kit.api.tables import CSVRenderer, JSONLinesRenderer, XLSXRenderer
from config.kit.formats.languages import CODES
from config.kit.parameters import (
    KEY,
    ISODateFilter,
    ISOMomentFilter,
    LanguageFilter,
    NumberListField,
    NumberListFilter,
    SlugListFilter,
)
from treaties.api.fields import StateListFilter
from treaties.pages.pinned import MEDIA_TYPES

OPERATIONS: Mapping[str, tuple[str, str]] = {
    "root_retrieve": ("getHome", "Where everything is"),
    "states_list": ("listStates", "List States"),
    "states_retrieve": ("getState", "Get a State"),
    "states_treaties_retrieve": ("getStateUnderTreaties", "Get where a State stands under each treaty"),
    "treaties_list": ("listTreaties", "List treaties with their counts"),
    "treaties_retrieve": ("getTreaty", "Get a treaty with its counts"),
    "treaties_status_retrieve": ("getTreatyStatus", "Get the status of every State on a day"),
    "treaties_counts_retrieve": ("getTreatyCounts", "Get the counts over time"),
    "treaties_state_years_retrieve": ("getStateYears", "Get every State in each year"),
    "treaties_counts_by_region_retrieve": ("getCountsByRegion", "Get the counts of regions and groups"),
    "treaties_changes_retrieve": ("getTreatyChanges", "Get what changed between two days"),
    "treaties_doubts_retrieve": ("getTreatyDoubts", "Get what the record does not know"),
    "treaties_ledger_head_retrieve": ("getLedgerHead", "Get the end of a treaty's chain"),
    "treaty_actions_list": ("listTreatyActions", "List the acts of the ledger"),
    "treaty_actions_retrieve": ("getTreatyAction", "Get an act"),
    "treaty_actions_create": ("recordTreatyAction", "Record an act"),
    "withdrawal_steps_list": ("listWithdrawalSteps", "List steps around withdrawals"),
    "withdrawal_steps_retrieve": ("getWithdrawalStep", "Get a step"),
    "obligations_list": ("listObligations", "List dated duties"),
    "declarations_list": ("listDeclarations", "List declarations and objections"),
    "declarations_retrieve": ("getDeclaration", "Get a declaration"),
    "campaigns_list": ("listCampaigns", "List campaigns"),
    "campaigns_retrieve": ("getCampaign", "Get a campaign"),
    "campaigns_backing_retrieve": ("getBacking", "Get how many people back a campaign"),
    "campaigns_pledges_create": ("backCampaign", "Back a campaign"),
    "campaign_actions_list": ("listCampaignActions", "List calls, events and milestones"),
    "campaign_actions_retrieve": ("getCampaignAction", "Get a call, event or milestone"),
    "campaign_actions_create": ("proposeCampaignAction", "Propose a call, event or milestone"),
    "campaign_actions_partial_update": ("changeCampaignAction", "Propose a change of a call, event or milestone"),
    "commitments_list": ("listCommitments", "List commitments"),
    "commitments_retrieve": ("getCommitment", "Get a commitment"),
    "commitments_create": ("proposeCommitment", "Propose a commitment"),
    "commitments_partial_update": ("changeCommitment", "Propose a change of a commitment"),
    "endorsements_list": ("listEndorsements", "List cities, parliamentarians and organizations behind a campaign"),
    "states_overview_retrieve": ("getStateOverview", "Get all about one State"),
    "positions_list": ("listPositions", "List why States leave, and what others said of it"),
    "positions_retrieve": ("getPosition", "Get what was said of leaving a treaty"),
    "statements_list": ("listStatements", "List public statements"),
    "statements_retrieve": ("getStatement", "Get a public statement"),
    "statements_create": ("draftStatement", "Write a draft"),
    "statements_partial_update": ("changeDraft", "Change a draft"),
    "statements_moves_retrieve": ("getDraft", "Get a statement as its editors see it"),
    "statements_moves_create": ("moveStatement", "Submit, approve, publish or withdraw a statement"),
    "changes_list": ("listChanges", "List everything that became public or changed"),
    "translations_list": ("listTranslations", "List where each text stands in each language"),
    "webhooks_list": ("listWebhooks", "List your webhooks"),
    "webhooks_retrieve": ("getWebhook", "Get one of your webhooks"),
    "webhooks_create": ("makeWebhook", "Make a webhook"),
    "webhooks_partial_update": ("switchWebhook", "Switch a webhook on or off"),
    "webhooks_destroy": ("deleteWebhook", "Delete a webhook"),
}
"""By the name that is made of the address: the name that clients give the operation, and what it does in a few words."""

LANGUAGES = "Language of names and sentences."
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
TAGS: Mapping[str, str] = {
    "states": "The States, with the names, codes and groups that they have and had.",
    "treaties": "The treaties, and what is computed from their ledgers: status, counts, changes, doubts.",
    "treaty-actions": "The ledger: every signature, consent and withdrawal, as the Depositary holds it.",
    "withdrawal-steps": "The political and domestic steps around withdrawals.",
    "obligations": "Dated duties of States Parties, with their extensions.",
    "declarations": "Declarations, reservations and objections.",
    "campaigns": "Campaigns with their pillars, and how many people back them.",
    "campaign-actions": "Calls to action with their live targets, events and milestones.",
    "commitments": "What States and organizations have promised, with follow-ups.",
    "endorsements": "Cities, parliamentarians and organizations behind a campaign.",
    "positions": "Why States leave a treaty, and what others said of it.",
    "statements": "Statements with figures that are tied to the ledger.",
    "changes": "Everything that became public or changed, in order, for mirrors.",
    "translations": "In which languages each text is, which are behind their original, and since when.",
    "webhooks": "Addresses of your own programs to which the site sends what changes.",
    "home": "Where everything is.",
}
"""By the first word of the address: what its operations are about."""
YEARS = r"^[12][0-9]{3}-"
SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What is a space to Python, spelled out: other readers of patterns know a few more, or fewer."""
WORDS = rf"^[^\x00]*[^\x00{SPACES}][^\x00]*$"
"""A text with a sign that can be seen, and without null characters."""
WITH_ANOTHER_BODY = "This Idempotency-Key was used with another body."
NOT_JSON: Mapping[str, dict[str, Any]] = {
    CSVRenderer.media_type: {"type": "string"},
    XLSXRenderer.media_type: {"type": "string", "format": "binary"},
    JSONLinesRenderer.media_type: {"type": "string"},
}
"""What a table is to a program that does not read tables."""
CITED: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "bibtex": {"type": "string"},
    "csl": {"type": "array", "items": {"type": "object"}},
}
REFUSALS = {
    "400": "A parameter or a field is unknown or cannot be read: errors says which, and what to do.",
    "401": "The access token is missing, unknown, expired or revoked.",
    "403": "The editor's role may not do this.",
    "404": "There is no such thing.",
    "406": "Accept names no form that this answer has.",
    "409": "It cannot be done now: the first request with this key still runs, or the text is in another state of work.",
    "412": "It has changed since you saw it: changed names the fields. The answer carries the ETag of today.",
    "415": "The body is not JSON.",
    "422": WITH_ANOTHER_BODY,
    "428": "If-Match is missing. The answer carries the ETag of today.",
    "429": "Too many requests from one place: Retry-After says for how many seconds to wait.",
}


class ProblemSerializer(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank: the status says what it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="What it is in a word, which stays the same.")
    detail = serializers.CharField(help_text="A sentence for a person.")
    instance = serializers.CharField(help_text="The address that was asked for.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by parameter, or by field of the body.",
    )
    codes = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For each sentence of `errors` a word, which stays the same.",
    )
    changed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="412: what is another since you saw it, by field."
    )


class FiltersInWords(DjangoFilterExtension):
    """Says of each filter what its field takes: a column of the database would tell of keys that nobody outside has."""

    target_class = "config.kit.api.filter_backends.StrictFilters"
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> list[dict[str, Any]]:
        schema = self.taken_by(filter_field)
        if schema is None:
            found: list[dict[str, Any]] = super().resolve_filter_field(
                auto_schema, model, filterset_class, field_name, filter_field
            )
            return found
        repeated = {"explode": True, "style": "form"} if schema["type"] == "array" else {}
        return [
            build_parameter_type(
                name=field_name,
                schema=schema,
                location=OpenApiParameter.QUERY,
                description=filter_field.extra.get("help_text") or self.words_for(filter_field),
                **repeated,
            )
        ]

    @staticmethod
    def taken_by(filter_field: Any) -> dict[str, Any] | None:
        """The values that a filter of ours takes; None for one of the library's."""
        match filter_field:
            case StateListFilter():
                return {"type": "array", "items": {"type": "string"}}
            case SlugListFilter():
                is_number = filter_field.extra.get("key") == "pk"
                item = {"type": "integer", "minimum": 1} if is_number else {"type": "string", "pattern": KEY}
                return {"type": "array", "items": item}
            case NumberListFilter():
                number = {"type": "integer", "minimum": 1, "maximum": NumberListField.LARGEST}
                return {"type": "array", "items": number, "maxItems": NumberListField.MOST}
            case LanguageFilter():
                return {"type": "string", "pattern": LANGUAGE, "maxLength": 10}
            case ISODateFilter():
                return {"type": "string", "format": "date"}
            case ISOMomentFilter():
                return {"type": "string", "format": "date-time"}
        return None

    @staticmethod
    def words_for(filter_field: Any) -> str:
        match filter_field:
            case StateListFilter():
                return "A State by its ISO 3166-1 alpha-3 code, or by a name that it has or had; repeat for several."
            case SlugListFilter():
                return "By its key; repeat for several."
            case LanguageFilter():
                return "The language of the text (BCP 47)."
        return ""


class DocumentedSchema(AutoSchema):
    """Names each operation as a person would, and adds the parameters that all have and the errors that it may answer with."""

    _named: tuple[str, str] | None = None
    _parameters: list[dict[str, Any]]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        self._named, self._parameters = None, []  # the instance goes from one operation to the next
        return super().get_operation(*args, **kwargs)

    def _name_and_summary(self) -> tuple[str, str]:
        """Asked for in every part of an operation; the library makes its own name from a serializer, which costs much."""
        if self._named is None:
            self._named = OPERATIONS[super().get_operation_id()]
        return self._named

    def get_operation_id(self) -> str:
        return self._name_and_summary()[0]

    def get_tags(self) -> list[str]:
        return super().get_tags() or ["home"]

    def get_summary(self) -> str:
        return self._name_and_summary()[1]

    def get_override_parameters(self) -> list[Any]:
        language = OpenApiParameter("lang", str, description=LANGUAGES, enum=sorted(CODES))
        own = [language]
        view: Any = self.view
        if FIELDS in getattr(view, "reading_parameters", ()) and view.action in ("list", "retrieve"):
            one = f"({'|'.join(view.serializer_class().fields)})"
            own.append(
                OpenApiParameter(
                    FIELDS,
                    {"type": "string", "pattern": f"^{one}(,{one})*$"},
                    description="Fields to answer with, with commas between them; the others are left out, in tables too.",
                )
            )
        return [*super().get_override_parameters(), *own]

    def get_request_serializer(self) -> Any:
        """What the server takes: the writing serializer of a view, where it has one."""
        writer = getattr(self.view, "write_serializer_class", None)
        is_own = getattr(self.view, "action", "") in ("create", "partial_update")
        return writer if writer is not None and is_own else super().get_request_serializer()

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        found = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, serializers.SlugRelatedField) and field.allow_null:
            found.pop("minLength", None)  # an empty text stands for none
        return found

    def get_filter_backends(self) -> list[Any]:
        """Without those that the view has no use for: its lists are not searched, or have one order."""
        unused = [
            name
            for name, fields in (("StrictOrdering", "ordering_fields"), ("StrictSearch", "search_fields"))
            if not getattr(self.view, fields, None)
        ]
        return [backend for backend in super().get_filter_backends() if backend.__name__ not in unused]

    def _get_parameters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super()._get_parameters()
        for parameter in found:
            match parameter["name"], parameter["in"]:
                case "ordering", "query" if "enum" not in parameter["schema"]:
                    names = list(getattr(self.view, "ordering_fields", []))
                    one = f"-?({'|'.join(map(re.escape, names))})"
                    parameter["schema"] = {"type": "string", "pattern": f"^{one}(,{one})*$"}
                    parameter["description"] = (
                        f"Fields to order by, with commas between them; `-` before one turns it. Available: {', '.join(names)}."
                    )
                case "id", "path":
                    parameter["schema"] = {"type": "integer", "minimum": 1}
                case "page_size", "query":
                    parameter["schema"] |= {"minimum": 1, "maximum": 500, "default": 50}
                case "page", "query":
                    parameter["schema"] |= {"minimum": 1}
                case _, "query":
                    parameter["schema"] |= self.edges_of(parameter["schema"])
            asked = self.question.path if parameter["in"] == "path" else self.question.query
            if parameter["name"] in asked:
                parameter["example"] = asked[parameter["name"]]
        self._parameters = found
        return found

    @property
    def question(self) -> Question:
        """The example of the operation."""
        return QUESTIONS[self.get_operation_id()]

    def _get_request_body(self, direction: Literal["request", "response"] = "request") -> dict[str, Any] | None:
        found: dict[str, Any] | None = super()._get_request_body(direction)
        for body in (found or {}).get("content", {}).values():
            body["example"] = self.question.body
        return found

    @staticmethod
    def edges_of(schema: dict[str, Any]) -> dict[str, Any]:
        """What every text of a query has to be, whichever filter reads it: not empty, and a day within the years that are read."""
        match schema:
            case {"type": "string", "format": "date" | "date-time"}:
                return {"pattern": YEARS}
            case {"type": "array", "items": dict(items)}:
                return {"items": items | DocumentedSchema.edges_of(items), "minItems": 1}
            case {"type": "string"} if not {"enum", "pattern", "format"} & schema.keys():
                return {"minLength": 1, "pattern": WORDS}
        return {}

    def get_auth(self) -> list[dict[str, Any]]:
        """Reading needs no token, unless the view asks for one; one that is sent has to be good."""
        found: list[dict[str, Any]] = super().get_auth()
        is_open = self.method == "GET" and not self._needs_token
        return [{}, *found] if is_open and found and {} not in found else found

    @property
    def answer(self) -> dict[str, Any]:
        """What the site answered to the example; empty until it was asked, which `make examples` does."""
        return answers().get(self.get_operation_id(), {})

    def refusals(self) -> list[str]:
        """The errors that the operation may answer with, besides those of a server that is down."""
        method, takes_tokens = self.method, Bearer in self.view.authentication_classes
        found = ["400", "406"]
        if "{" in self.path:
            found.append("404")
        if takes_tokens:
            found.append("401")
        if method in ("POST", "PATCH"):
            found.append("415")
        action = getattr(self.view, "action", "")
        if action == "create":
            found.append("403")
        if action in ("create", "pledge"):
            found += ["409", "422"]
        if action == "pledge" or method == "GET":
            found.append("429")
        if action == "partial_update":
            found.append("403")
        is_versioned = hasattr(self.view, "write_serializer_class")
        if (action == "partial_update" and is_versioned) or (action == "move" and method == "POST"):
            found += ["412", "428"]
        if action == "move":
            found += ["403", *(["409"] if method == "POST" else [])]
        if self._needs_token:
            found.append("403")
        return sorted(set(found))

    @property
    def _needs_token(self) -> bool:
        return any(isinstance(permission, IsAuthenticated) for permission in self.view.get_permissions())

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        for status, answer in found.items():
            for media_type in NOT_JSON.keys() & answer.get("content", {}).keys():
                answer["content"][media_type] = {"schema": NOT_JSON[media_type]}
            if status == str(self.answer.get("status")) and "content" in answer:
                answer["content"]["application/json"]["example"] = self.answer["body"]
            if status == "200" and any(parameter["name"] == "cite" for parameter in self._parameters):
                answer["content"] |= {media_type: {"schema": CITED[form]} for form, media_type in MEDIA_TYPES.items()}
        for status in self.refusals():
            described = OpenApiResponse(ProblemSerializer, description=REFUSALS[status])
            found.setdefault(status, self._get_response_for_code(described, status, media_types=[PROBLEM]))
        return found


def with_the_site(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Where the API is, who answers for it, and what its parts are about."""
    result["servers"] = [{"url": settings.SITE_URL}]
    result["info"]["contact"] = {"name": "Minefree", "url": f"{settings.SITE_URL}/about/"}
    result["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    return result
