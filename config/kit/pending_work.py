"""Work that waits for an editor, shown on the first page of the admin. Each app registers what it knows of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from config.kit.extension_points import ExtensionPoint


@dataclass(frozen=True)
class PendingTask:
    """Something that an editor is asked to do: a sentence, and the address where it is done."""

    text: str
    url: str


pending_tasks: ExtensionPoint[Callable[[User], Iterable[PendingTask]]] = ExtensionPoint()
"""Functions that find the tasks of an editor."""


begun_work: ExtensionPoint[Callable[[User], Iterable[PendingTask]]] = ExtensionPoint()
"""Functions that find what an editor has begun and others must go on with, should the editor leave."""


def begun_work_of(user: User) -> list[PendingTask]:
    """What an editor has begun and not finished, from all apps."""
    return [task for find in begun_work for task in find(user)]


def pending_tasks_of(user: User) -> list[PendingTask]:
    """The tasks of an editor from all apps, in the order in which the apps registered."""
    return [task for find in pending_tasks for task in find(user)]
