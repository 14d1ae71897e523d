"""What waits for the newsroom."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import ngettext

from news.models import Statement
from treaties.editing import link_to_list
from treaties.neighbours import Need


def newsroom_needs(user: User) -> Iterable[Need]:
    """Statements to be reviewed or published by the user, who is not their author."""
    if not user.has_perm("news.publish_statement"):
        return
    others = Statement.objects.exclude(author=user)
    review = others.filter(workflow=Statement.Workflow.IN_REVIEW).count()
    if review:
        text = ngettext("%(n)s statement waits for review", "%(n)s statements wait for review", review) % {"n": review}
        yield Need(text, link_to_list("news_statement", workflow__exact="in_review"))
    approved = others.filter(workflow=Statement.Workflow.APPROVED).count()
    if approved:
        text = ngettext("%(n)s statement is approved", "%(n)s statements are approved", approved) % {"n": approved}
        yield Need(text, link_to_list("news_statement", workflow__exact="approved"))
