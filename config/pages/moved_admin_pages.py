"""Earlier addresses of admin pages that have moved. They redirect permanently."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import path

MOVED = {
    "treaties/accesstoken": "kit/accesstoken",
    "treaties/loadedrow": "kit/loadedrow",
    "campaign/look": "campaign/accesslogentry",
}


def redirect(request: HttpRequest, rest: str, new: str) -> HttpResponsePermanentRedirect:
    """Redirect to the new address; method, body and query are kept (308)."""
    query = request.META.get("QUERY_STRING", "")
    address = f"/admin/{new}/{rest}" + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address, preserve_request=True)


urlpatterns = [
    pattern
    for old, new in MOVED.items()
    for pattern in (
        path(f"admin/{old}/", redirect, {"rest": "", "new": new}),
        path(f"admin/{old}/<path:rest>", redirect, {"new": new}),
    )
]
