"""A request to the API as a program would write it: curl, Python, JavaScript and R."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from shlex import quote
from typing import Any

from django.utils.http import urlencode


@dataclass(frozen=True)
class Call:
    """A request: its method, its whole address without the query, its query, headers and body."""

    method: str
    address: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def url(self) -> str:
        """The address with its query."""
        return self.address + (f"?{urlencode(self.query, doseq=True)}" if self.query else "")

    @property
    def json(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


def as_curl(call: Call) -> str:
    """As a command of curl, one part a line."""
    parts = [f"curl {quote(call.url)}"]
    if call.method != "GET":
        parts[0] = f"curl -X {call.method}{parts[0].removeprefix('curl')}"
    parts += [f"-H {quote(f'{name}: {value}')}" for name, value in call.headers.items()]
    if call.body is not None:
        parts.append(f"-d {quote(call.json)}")
    return " \\\n  ".join(parts)


def as_python(call: Call) -> str:
    """As Python with requests."""
    parts = [f'"{call.url}"']
    if call.headers:
        parts.append(f"headers={dict(call.headers)!r}")
    if call.body is not None:
        parts.append(f"json={call.body!r}")
    inside = ",\n    ".join(parts)
    arguments = f"\n    {inside},\n" if len(parts) > 1 else inside
    ask = f"answer = requests.{call.method.lower()}({arguments})"
    return f"import requests\n\n{ask}\nanswer.raise_for_status()\n{_READ[call.method]}"


_READ = dict.fromkeys(("GET", "POST", "PATCH"), "data = answer.json()") | {"DELETE": "print(answer.status_code)"}


def as_javascript(call: Call) -> str:
    """As JavaScript of browsers and Node.js."""
    options = [f'method: "{call.method}"'] if call.method != "GET" else []
    if call.headers:
        options.append(f"headers: {json.dumps(dict(call.headers))}")
    if call.body is not None:
        options.append(f"body: JSON.stringify({call.json})")
    inside = ",\n  ".join(options)
    more = f", {{\n  {inside},\n}}" if options else ""
    read = "console.log(answer.status);" if call.method == "DELETE" else "const data = await answer.json();"
    return (
        f'const answer = await fetch("{call.url}"{more});\nif (!answer.ok) throw new Error(answer.statusText);\n{read}'
    )


def as_r(call: Call) -> str:
    """As R with httr2."""
    steps = [f'request("{call.url}")']
    if call.method != "GET":
        steps.append(f'req_method("{call.method}")')
    if call.headers:
        named = ", ".join(f"`{name}` = {json.dumps(value)}" for name, value in call.headers.items())
        steps.append(f"req_headers({named})")
    if call.body is not None:
        steps.append(f'req_body_raw(r"---({call.json})---", "application/json")')
    steps.append("req_perform()")
    if call.method != "DELETE":
        steps.append("resp_body_json()")
    return "library(httr2)\n\ndata <- " + " |>\n  ".join(steps)


LANGUAGES = {"curl": as_curl, "Python": as_python, "JavaScript": as_javascript, "R": as_r}


def in_all_languages(call: Call) -> list[tuple[str, str]]:
    """The request in each language, with the language's name."""
    return [(name, write(call)) for name, write in LANGUAGES.items()]
