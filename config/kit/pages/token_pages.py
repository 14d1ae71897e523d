"""Pages that hold something personal or private: behind links in mails, and forms that anybody may send."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.kit.secret_links import LinkDead, LinkUsed

View = Callable[..., HttpResponse]
Context = dict[str, Any]


def no_store(view: View) -> View:
    """Mark a page of one person: no cache keeps it, no search engine lists it, no other site learns its address."""

    @wraps(view)
    def answer(*args: object, **kwargs: object) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer


def same_origin_only(view: View) -> View:
    """Accept a form from anybody, signed in or not, but refuse (403) one that another site sends in their name.

    Browsers name the page's site when they post across sites (Fetch standard, `Origin`). The check needs no cookie, so
    visitors who refuse cookies can send the form too.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin is not None and origin.partition("://")[2] != request.get_host():
            return render(request, "403_form.html", status=403)
        return view(request, *args, **kwargs)

    return answer


def token_page(
    *,
    base: Callable[..., Context],
    look_up: Callable[[Context, str], Context],
    button: str,
    used: str,
    dead: str,
) -> Callable[[View], View]:
    """Make a view into the page behind a link in a mail: GET shows one button and changes nothing, POST calls the view.

    Mail scanners open links, so opening one must not act. A forged request lacks the secret in the link, so the page needs no
    cookie; the browsers inside mail programs keep none.

    Args:
        base: makes the context that all pages share, from the parts of the address beside the token.
        look_up: finds what the button's page shows besides. It and the view may raise LinkDead or LinkUsed.
        button, used, dead: the templates of the button, of a link that was used already, of a dead link (404).
    The view gets the request, the shared context and the token.
    """

    def wrap(act: View) -> View:
        @csrf_exempt
        @no_store
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(act)
        def answer(request: HttpRequest, token: str, **address: str) -> HttpResponse:
            context = base(**address)
            try:
                if request.method == "POST":
                    return act(request, context, token)
                return render(request, button, context | look_up(context, token))
            except LinkUsed:
                return render(request, used, context)
            except LinkDead:
                return render(request, dead, context, status=404)

        return answer

    return wrap
