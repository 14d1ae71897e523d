"""The reference of the API for people, printed from its description and its examples."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from config.api.examples import QUESTIONS, answers
from config.api.schema import TAGS
from config.pages.snippets import Call, in_all_languages

HEADERS = {"If-Match": '"the ETag that you saw"', "Idempotency-Key": "a-new-key-of-yours"}
"""What the example of a header is that every request has anew."""


def call_of(method: str, path: str, operation: Mapping[str, Any]) -> Call:
    """The request of an operation's example."""
    question = QUESTIONS[operation["operationId"]]
    address = settings.SITE_URL + path.format(**question.path)
    return Call(method, address, question.query, _headers_of(method, operation), question.body)


def _headers_of(method: str, operation: Mapping[str, Any]) -> dict[str, str]:
    """The headers that an example needs: a token where reading is not open, and what a writing request carries."""
    found = {}
    if {} not in operation.get("security", [{}]) and operation["operationId"] != "backCampaign":
        found["Authorization"] = "Bearer mf_..."
    names = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}
    found |= {name: example for name, example in HEADERS.items() if name in names}
    return found | ({"Content-Type": "application/json"} if method in ("POST", "PATCH") else {})


def _shown(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, indent=1) if body is not None else ""


@cache
def documented_operations() -> dict[str, list[dict[str, Any]]]:
    """The operations of the API by what they are about. They change only with the code."""
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in TAGS}
    for path, operations in SchemaGenerator().get_schema(public=True)["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"]
            entry = {
                "id": name,
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "description": operation.get("description", ""),
                "parameters": operation.get("parameters", []),
                "examples": in_all_languages(call_of(method.upper(), path, operation)),
                "answer": _shown(answers()[name]["body"]),
                "status": answers()[name]["status"],
            }
            groups[operation["tags"][0]].append(entry)
    return groups


def api_docs(request: HttpRequest) -> HttpResponse:
    """The reference: the rules, and every operation with an example."""
    groups = [(name, TAGS[name], entries) for name, entries in documented_operations().items()]
    return render(request, "api/reference.html", {"groups": groups})
