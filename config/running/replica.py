"""Public answers may be read from a replica of the database (`REPLICA_URL`), as long as it is not behind.

Whether it is behind is asked of both for each answer that is made: the generations of all public tables are compared. So lag shows
nothing too early and hides nothing that was written. What is private, and all that is written, is of the first database alone.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Model

from config.kit.models import Generation
from config.kit.models.generations import PRIVATE, Standing, scopes, standing_of_answer

REPLICA, FIRST = "replica", "default"
logger = logging.getLogger(__name__)
_is_read: ContextVar[bool] = ContextVar("is_read", default=False)


@contextmanager
def read_from_replica(standing: Standing) -> Iterator[None]:
    """Read what is public from the replica within the block, if there is one and it has all that stands."""
    token = _is_read.set(REPLICA in settings.DATABASES and _has(standing))
    try:
        yield
    finally:
        _is_read.reset(token)


def _has(standing: Standing) -> bool:
    try:
        return Generation.objects.using(REPLICA).tokens() == standing.tokens
    except DatabaseError as error:
        logger.warning("The replica does not answer, the first database is read: %s", error)
        return False


class PublicReads:
    """The router of Django that sends reads to the replica."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        # Outside of public answers, and after something was written for one, nothing is known of the replica.
        is_public = scopes().get(model._meta.db_table, PRIVATE) != PRIVATE
        return REPLICA if is_public and _is_read.get() and standing_of_answer() is not None else FIRST

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return FIRST

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
