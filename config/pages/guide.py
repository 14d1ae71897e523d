"""The API for people: how to begin, what others asked of it, how to read on, what everything means; and the same for programs."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from config.api.schema import REFUSALS, TAGS
from config.kit.api.problems import CODES
from config.kit.models.telling import kinds
from config.kit.pages.markdown import to_html
from config.pages.reference import documented_operations
from config.pages.snippets import Call, as_curl, in_all_languages
from treaties.models import StatusChoices

CHANGELOG = Path(settings.BASE_DIR) / "CHANGELOG.md"
MBC = "treaties/mine-ban-convention"


@dataclass(frozen=True)
class Worked:
    """A question that a reader asked, and the call that answers it."""

    question: Any
    path: str
    query: dict[str, Any]

    @property
    def call(self) -> Call:
        return Call("GET", f"{settings.SITE_URL}/api/v1/{self.path}/", self.query)

    @property
    def curl(self) -> str:
        return as_curl(self.call)


WORKED: list[tuple[Any, list[Worked]]] = [
    (
        _("A journalist"),
        [
            Worked(_("How many parties were there on 16 June 2025?"), MBC, {"on": "2025-06-16"}),
            Worked(_("Who is leaving, and from when on?"), f"{MBC}/status", {"status": ["withdrawing", "withdrawn"]}),
            Worked(_("Why do they leave, in their own words?"), "positions", {"kind": "reason"}),
            Worked(_("Which statements cite a number that does not hold?"), "statements", {"contradicted": "true"}),
        ],
    ),
    (
        _("A lawyer"),
        [
            Worked(
                _("Which acts make Estonia's status, with their notifications?"),
                f"{MBC}/status",
                {"state": "EST", "expand": ["evidence", "explanation"]},
            ),
            Worked(_("What does the record not know, and what would settle it?"), f"{MBC}/doubts", {}),
            Worked(_("Who has objected?"), "declarations", {"kind": "objection"}),
            Worked(_("How do I cite the status of a day?"), MBC, {"on": "2025-06-16", "cite": "text"}),
        ],
    ),
    (
        _("A campaign developer"),
        [
            Worked(_("What is asked of Ukraine, what did it promise, who backs it?"), "states/UKR/overview", {}),
            Worked(_("At which States are calls aimed today?"), "campaign-actions", {"kind": "call_to_action"}),
            Worked(_("Which promises are overdue or silent?"), "commitments", {"overdue": "true"}),
            Worked(_("What has changed since I last asked?"), "changes", {"cursor": "2000"}),
        ],
    ),
    (
        _("A researcher"),
        [
            Worked(
                _("Every State in each year, with codes of other data sets, as a table"),
                f"{MBC}/state-years",
                {"format": "csv"},
            ),
            Worked(_("Parties on each 1 January"), f"{MBC}/counts", {"step": "year", "anchor": "01-01"}),
            Worked(_("The counts of regions and groups"), f"{MBC}/counts-by-region", {"on": "2025-12-27"}),
            Worked(
                _("All acts, three columns"),
                "treaty-actions",
                {"format": "csv", "fields": "state,action,deposited_on"},
            ),
        ],
    ),
]
"""Questions of four kinds of readers. A test asks each of them."""

STATUSES = {
    StatusChoices.PARTY: _("It is bound: its consent is deposited and in force."),
    StatusChoices.WITHDRAWING: _("It is bound still: its notice of withdrawal has not taken effect."),
    StatusChoices.CONSENTED: _(
        "Its consent is deposited and counts as a party's; it enters into force on a later day."
    ),
    StatusChoices.SIGNATORY: _("It has signed and not consented to be bound."),
    StatusChoices.WITHDRAWN: _("It was bound and has left."),
    StatusChoices.NOT_PARTY: _("It has neither signed nor consented to be bound."),
}


def guide(request: HttpRequest) -> HttpResponse:
    """How to begin, worked questions, paging, following, webhooks, limits, errors, words."""
    first = Call("GET", f"{settings.SITE_URL}/api/v1/{MBC}/status/", {"on": "2025-06-16", "state": "EST"})
    context = {
        "first": in_all_languages(first),
        "worked": WORKED,
        "statuses": [(status.value, status.label, words) for status, words in STATUSES.items()],
        "refusals": [(status, CODES[int(status)], sentence) for status, sentence in REFUSALS.items()],
        "groups": [(name, TAGS[name], entries) for name, entries in documented_operations().items()],
        "kinds": sorted(kinds()),
        "reads_per_minute": settings.API_READS_PER_MINUTE,
    }
    return render(request, "api/guide.html", context)


@cache
def _changelog() -> str:
    text = CHANGELOG.read_text(encoding="utf-8")
    return to_html(text.partition("\n")[2])


def changelog(request: HttpRequest) -> HttpResponse:
    """What changes for readers, editors, consumers of the API and operators."""
    return render(request, "api/changelog.html", {"changelog": _changelog()})


def llms_txt(request: HttpRequest) -> HttpResponse:
    """What a language model has to know to answer from the record, and where it finds more (llmstxt.org)."""
    operations = [
        entry for entries in documented_operations().values() for entry in entries if entry["method"] == "GET"
    ]
    context = {
        "site": settings.SITE_URL,
        "operations": operations,
        "statuses": [(s.value, w) for s, w in STATUSES.items()],
    }
    text = render_to_string("api/llms.txt", context)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
