"""In which language a request is answered."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from config.kit.formats.languages import ENGLISH, begin_answer, language_of, language_tag_of, made_in, nearest
from config.kit.models.translations import read_once

Handler = Callable[[HttpRequest], HttpResponseBase]
API = "/api/v1/"


def languages(get_response: Handler) -> Handler:
    """Answer a page in the language of its address, the API in that of `?lang=` or else of `Accept-Language`.

    The editors' pages are in English. No cookie and no session has a say.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        of_the_api = request.path.startswith(API)
        language = language_asked(request) if of_the_api else language_of(request.path)
        begin_answer()
        with override(language), read_once():
            response = get_response(request)
        if response.streaming and language != ENGLISH:
            stream = cast(StreamingHttpResponse, response)
            if not stream.is_async:
                stream.streaming_content = made_in(language, stream)
        response.setdefault("Content-Language", language_tag_of(language))
        if of_the_api:
            patch_vary_headers(response, ("Accept-Language",))
        return response

    return answer


def language_asked(request: HttpRequest) -> str:
    """The language in which a program wants its answer; English where it names none that there is."""
    if "lang" in request.GET:
        return nearest(request.GET["lang"]) or ENGLISH
    accepted = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    return next((language for tag, _weight in accepted if (language := nearest(tag))), ENGLISH)
