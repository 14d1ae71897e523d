"""The reference of the API for people, printed from its description and its examples."""

import json
from collections.abc import Mapping
from functools import cache
from shlex import quote
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from drf_spectacular.generators import SchemaGenerator

from config.api.examples import QUESTIONS, Question, answers
from config.api.schema import REFUSALS, TAGS
from config.kit.api.problems import CODES

HEADERS = {"If-Match": '"the ETag that you saw"', "Idempotency-Key": "a-new-key-of-yours"}
"""What the example of a header is that every request has anew."""


def as_curl(method: str, path: str, question: Question, headers: Mapping[str, str]) -> str:
    """An example as a command of curl, one part a line."""
    query = f"?{urlencode(question.query, doseq=True)}" if question.query else ""
    parts = [f"curl {quote(settings.SITE_URL + path.format(**question.path) + query)}"]
    if method != "GET":
        parts[0] = f"curl -X {method}{parts[0].removeprefix('curl')}"
    parts += [f"-H {quote(f'{name}: {value}')}" for name, value in headers.items()]
    if question.body is not None:
        parts.append(f"-d {quote(json.dumps(question.body, ensure_ascii=False))}")
    return " \\\n  ".join(parts)


def _headers_of(method: str, operation: Mapping[str, Any]) -> dict[str, str]:
    """The headers that an example needs: a token where reading is not open, and what a writing request carries."""
    found = {}
    if {} not in operation.get("security", [{}]) and operation["operationId"] != "backCampaign":
        found["Authorization"] = "Bearer mf_..."
    names = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}
    found |= {name: example for name, example in HEADERS.items() if name in names}
    return found | ({"Content-Type": "application/json"} if method != "GET" else {})


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
                "curl": as_curl(method.upper(), path, QUESTIONS[name], _headers_of(method.upper(), operation)),
                "answer": json.dumps(answers()[name]["body"], ensure_ascii=False, indent=1),
                "status": answers()[name]["status"],
            }
            groups[operation["tags"][0]].append(entry)
    return groups


def api_docs(request: HttpRequest) -> HttpResponse:
    """The reference: how to begin, the rules, every operation with an example, and every refusal."""
    groups = [(name, TAGS[name], entries) for name, entries in documented_operations().items()]
    refusals = [(status, CODES[int(status)], sentence) for status, sentence in REFUSALS.items()]
    return render(request, "api_docs.html", {"groups": groups, "refusals": refusals})
