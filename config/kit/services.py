"""The shape that all service functions share.

A service function changes one thing. It takes the object first and keyword arguments after it, `by` being the actor, and goes
through the same steps: lock the row, check the actor's right, run the checks, save with `update_fields`, record the event.
It raises a subclass of `Refused` where it does not act.
"""

from typing import Protocol


class Actor(Protocol):
    """Who acts: a user of the site."""

    pk: int

    def has_perm(self, perm: str) -> bool: ...


class Refused(Exception):
    """A request of an editor that a rule of the site refuses. The message is a sentence for the editor."""

    @classmethod
    def if_any(cls, reason: str) -> None:
        """Raise the refusal with this reason; do nothing where the reason is empty."""
        if reason:
            raise cls(reason)

    @classmethod
    def unless_permitted(cls, actor: Actor, permission: str, reason: str) -> None:
        """Raise the refusal unless the actor has a permission."""
        if not actor.has_perm(permission):
            raise cls(reason)
