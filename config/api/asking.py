"""Asks the API from within the site, without a network: for files and programs that are told what everybody is told."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import ResolverMatch, resolve


def request_for(path: str) -> tuple[ResolverMatch, HttpRequest]:
    """The view of an address of the API, and a request to it under the site's public address."""
    site = urlsplit(settings.SITE_URL)
    request = RequestFactory(HTTP_HOST=site.netloc).get(path, secure=site.scheme == "https")
    return resolve(request.path), request


def answer_to(path: str) -> Any:
    """What the API answers to a question. Whole: a long answer has been read to its end."""
    match, request = request_for(path)
    answer: Any = match.func(request, *match.args, **match.kwargs)
    if answer.streaming:
        answer.body = b"".join(answer.streaming_content)
    else:
        answer.body = (answer.render() if hasattr(answer, "render") else answer).content
    return answer
