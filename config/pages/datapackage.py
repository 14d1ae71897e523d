"""The open data as a Data Package 2.0: each resource is a list of the API as CSV."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop as _

from treaties import ledger

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}

RESOURCES: list[dict[str, Any]] = [
    {
        "name": "states",
        "title": _("States"),
        "description": _("The 197 States with codes, all names and their days, regions and groups."),
        "path": "/api/v1/states/?format=csv",
        "fields": [("iso3", "string"), ("name", "string"), ("region", "string"), ("un_member", "boolean")],
        "key": ["iso3"],
    },
    {
        "name": "treaties",
        "title": _("Treaties"),
        "description": _("The treaties with their rules, how complete their ledgers are, and their counts today."),
        "path": "/api/v1/treaties/?format=csv",
        "fields": [("slug", "string"), ("short_title", "string"), ("adopted_on", "date"), ("complete_to", "date")],
        "key": ["slug"],
    },
    {
        "name": "treaty-actions",
        "title": _("Ledger of treaty actions"),
        "description": _("Every signature, consent and withdrawal with its days and source."),
        "path": "/api/v1/treaty-actions/?format=csv",
        "fields": [
            ("id", "integer"),
            ("treaty", "string"),
            ("state_iso3", "string"),
            ("action", "string"),
            ("deposited_on", "date"),
            ("effective_on", "date"),
        ],
        "key": ["id"],
    },
    {
        "name": "status",
        "title": _("Status today"),
        "description": _(
            "The status of every State under the Mine Ban Convention. Add &on=YYYY-MM-DD for another day."
        ),
        "path": "/api/v1/treaties/mine-ban-convention/status/?format=csv",
        "fields": [
            ("state_iso3", "string"),
            ("status", "string"),
            ("signed_on", "date"),
            ("in_force_on", "date"),
        ],
        "key": ["state_iso3"],
    },
    {
        "name": "counts",
        "title": _("Counts over time"),
        "description": _("Parties, signatories and the other counts on every day of change."),
        "path": "/api/v1/treaties/mine-ban-convention/counts/?step=change&format=csv",
        "fields": [
            ("on", "date"),
            ("signatories", "integer"),
            ("parties", "integer"),
            ("in_force", "integer"),
        ],
        "key": ["on"],
    },
    {
        "name": "state-years",
        "title": _("States in each year"),
        "description": _(
            "Every State at the end of each year, with the codes of Correlates of War and of Gleditsch and Ward. "
            "Add &anchor=01-01 for another day of the year."
        ),
        "path": "/api/v1/treaties/mine-ban-convention/state-years/?format=csv",
        "fields": [
            ("state_iso3", "string"),
            ("cow", "string"),
            ("gw", "string"),
            ("year", "integer"),
            ("on", "date"),
            ("status", "string"),
            ("certain", "boolean"),
            ("party", "boolean"),
            ("in_force", "boolean"),
        ],
        "key": ["state_iso3", "year"],
    },
    {
        "name": "counts-by-region",
        "title": _("Counts of regions and groups"),
        "description": _(
            "The counts of each region, subregion and group of States today. Add &on=YYYY-MM-DD for another day."
        ),
        "path": "/api/v1/treaties/mine-ban-convention/counts-by-region/?format=csv",
        "fields": [
            ("kind", "string"),
            ("key", "string"),
            ("name", "string"),
            ("states", "integer"),
            ("counts_parties", "integer"),
        ],
        "key": ["kind", "key"],
    },
    {
        "name": "withdrawal-steps",
        "title": _("Withdrawal steps"),
        "description": _("Announcements, decisions, votes, notices and objections."),
        "path": "/api/v1/withdrawal-steps/?format=csv",
        "fields": [
            ("id", "integer"),
            ("treaty", "string"),
            ("state_iso3", "string"),
            ("step", "string"),
            ("date", "date"),
        ],
        "key": ["id"],
    },
    {
        "name": "obligations",
        "title": _("Obligations"),
        "description": _("The dated duties of every State Party with computed deadlines."),
        "path": "/api/v1/obligations/?format=csv",
        "fields": [
            ("treaty", "string"),
            ("state_iso3", "string"),
            ("obligation", "string"),
            ("deadline", "date"),
            ("status", "string"),
        ],
        "key": ["treaty", "state_iso3", "obligation"],
    },
    {
        "name": "declarations",
        "title": _("Declarations"),
        "description": _("Declarations, reservations, objections and other texts lodged with the acts."),
        "path": "/api/v1/declarations/?format=csv",
        "fields": [
            ("id", "integer"),
            ("treaty", "string"),
            ("state_iso3", "string"),
            ("kind", "string"),
            ("made_on", "date"),
        ],
        "key": ["id"],
    },
    {
        "name": "campaigns",
        "title": _("Campaigns"),
        "description": _("Campaigns with their pillars."),
        "path": "/api/v1/campaigns/?format=csv",
        "fields": [("slug", "string"), ("title", "string"), ("announced_on", "date"), ("launched_on", "date")],
        "key": ["slug"],
    },
    {
        "name": "campaign-actions",
        "title": _("Calls, events and milestones"),
        "description": _(
            "What a campaign asks of States, with the States that it is aimed at today, and what happened."
        ),
        "path": "/api/v1/campaign-actions/?format=csv",
        "fields": [("slug", "string"), ("kind", "string"), ("title", "string"), ("date", "date"), ("status", "string")],
        "key": ["slug"],
    },
    {
        "name": "endorsements",
        "title": _("Endorsements"),
        "description": _("Cities, parliamentarians and organizations behind a campaign, with their sources."),
        "path": "/api/v1/endorsements/?format=csv",
        "fields": [("id", "integer"), ("campaign", "string"), ("kind", "string"), ("name", "string")],
        "key": ["id"],
    },
    {
        "name": "commitments",
        "title": _("Commitments"),
        "description": _("What States and organizations have promised."),
        "path": "/api/v1/commitments/?format=csv",
        "fields": [("slug", "string"), ("title", "string"), ("announced_on", "date"), ("status", "string")],
        "key": ["slug"],
    },
    {
        "name": "positions",
        "title": _("Reasons and reactions"),
        "description": _("Why States leave, and what others said of it, with sources."),
        "path": "/api/v1/positions/?format=csv",
        "fields": [
            ("id", "integer"),
            ("kind", "string"),
            ("treaty", "string"),
            ("states", "string"),
            ("about", "string"),
            ("said_on", "date"),
            ("summary", "string"),
        ],
        "key": ["id"],
    },
    {
        "name": "statements",
        "title": _("Statements"),
        "description": _("What was said, by whom, with sources."),
        "path": "/api/v1/statements/?format=csv",
        "fields": [("slug", "string"), ("kind", "string"), ("title", "string"), ("dated_on", "date")],
        "key": ["slug"],
    },
]


def datapackage(absolute: Callable[[str], str]) -> dict[str, Any]:
    """The description that tools read. Fields not listed are there too: the schema names the ones to rely on."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "minefree",
        "title": "Minefree: the record of the Anti-Personnel Mine Ban Convention",
        "homepage": absolute("/data/"),
        "licenses": [LICENCE],
        "checkpoint": str(ledger.checkpoint_line()),
        "resources": [
            {
                "name": r["name"],
                "title": r["title"],
                "description": r["description"],
                "path": absolute(r["path"]),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": n, "type": t} for n, t in r["fields"]],
                    "fieldsMatch": "subset",
                    "primaryKey": r["key"],
                },
            }
            for r in RESOURCES
        ],
    }
