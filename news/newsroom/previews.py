"""Preview links: they show a text that is not public yet, until they expire or are revoked."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.secret_links import hash_secret, new_secret
from news.models import PreviewLink, PreviewOpening, Statement
from news.models.choices import PUBLIC_STATES, Workflow
from news.newsroom.workflow import NewsroomError


def make(statement: Statement, *, made_for: str, expires_at: datetime, by: User) -> tuple[PreviewLink, str]:
    """Make a link. Returns it with its secret, of which only a hash is saved. Raises NewsroomError for who is no editor."""
    _check_editor(by)
    secret = new_secret()
    link = PreviewLink.objects.create(
        statement=statement, token_hash=hash_secret(secret), made_for=made_for, expires_at=expires_at, made_by=by
    )
    return link, secret


def revoke(link: PreviewLink, *, by: User) -> None:
    """Make a link useless from now on. Raises NewsroomError for who is no editor."""
    _check_editor(by)
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def _check_editor(by: User) -> None:
    NewsroomError.unless_permitted(by, "news.change_statement", _("Only an editor of the newsroom may do this."))


def open_link(secret: str, user: User | AnonymousUser) -> Statement | None:
    """The statement behind a working link, and record the opening; None for a link that does not work."""
    link = (
        PreviewLink.objects.filter(token_hash=hash_secret(secret), expires_at__gt=timezone.now(), revoked_at=None)
        .exclude(statement__workflow=Workflow.WITHDRAWN)
        .first()
    )
    if link is None:
        return None
    statement = Statement.objects.for_page().get(pk=link.statement_id)
    if statement.workflow not in PUBLIC_STATES or not Statement.objects.public().filter(pk=statement.pk).exists():
        PreviewOpening.objects.create(link=link, user=user if isinstance(user, User) else None)
    return statement
