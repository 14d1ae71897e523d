"""Comments on texts under review, and links that show a text before it is public."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kit.models.fields import LineField, ProseField
from config.kit.models.generations import PRIVATE
from news.models.statements import Statement


class ReviewComment(models.Model):
    """A comment of one editor for the others on a text in review. Never public."""

    generation = PRIVATE

    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="review_comments", verbose_name=_("statement")
    )
    text = ProseField(_("comment"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:60]


class PreviewLink(models.Model):
    """An address under which a text can be read before it is public. It expires, can be revoked, and is kept as a hash."""

    generation = PRIVATE

    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="preview_links", verbose_name=_("statement")
    )
    token_hash = LineField(max_length=64, unique=True, editable=False)
    made_for = LineField(_("for whom"), max_length=120)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return self.made_for


class PreviewOpening(models.Model):
    """When a preview link was opened, and by whom if they were signed in."""

    generation = PRIVATE

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
