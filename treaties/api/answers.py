"""What several operations on treaties say in the same words, and tell of how well the record is known."""

from datetime import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from treaties import ledger
from treaties.models import Treaty

OF_GROUP = "States that belong to the group on the day asked about; repeat for several."
CITED = "Instead of the answer, how to cite it: with the day, the moment, the head of the ledger and the address."


def day(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.DATE, description=description)


KNOWN_AT = OpenApiParameter(
    "known_at",
    OpenApiTypes.DATETIME,
    description="What the record held then, by the rules and names known then. Default: now.",
)


def known_then(treaty: Treaty, known_at: datetime | None) -> tuple[bool, dict[str, datetime | None]]:
    """Whether there was a record at the moment asked for, and what the answer says of its beginning; nothing for now."""
    if known_at is None:
        return True, {}
    since = ledger.record_since(treaty)
    return since is not None and since <= known_at, {"record_since": since}


def how_well_known(treaty: Treaty) -> dict[str, Any]:
    """To which day all acts are on record, and what the last comparison with the Depositary's table found."""
    return {
        "complete_to": treaty.complete_to,
        "compared_on": treaty.last_compared_on,
        "compared_differences": treaty.compared_differences,
        "compared_contested": treaty.compared_contested,
    }
