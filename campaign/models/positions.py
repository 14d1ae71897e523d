"""What States and organizations said of leaving a treaty: why a State leaves, and what others say of it."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.formats.lists import listed
from config.kit.models.fields import HasLocalTexts, LineField, ProseField, SourceField, english_text
from config.kit.models.taken_out import CanBeTakenOut, StandingManager
from config.kit.models.translations import InLanguage, TranslatedLineField, TranslatedProseField
from treaties.models import State, Treaty


class PositionQuerySet(models.QuerySet):
    def concerning(self, state: State) -> Self:
        """What a State said, and what others said about it; each once."""
        found = type(self)(self.model).filter(Q(states=state) | Q(about=state)).order_by().values("pk")
        return self.filter(pk__in=found)

    def for_display(self) -> Self:
        return self.prefetch_related("states", "about")


class Position(HasLocalTexts, CanBeTakenOut):
    """What a State or an organization said, told in our words with its source; the words themselves where they were read."""

    class Kind(models.TextChoices):
        REASON = "reason", _("Reason for leaving")
        REGRET = "regret", _("Regret")
        OBJECTION = "objection", _("Objection")
        APPEAL = "appeal", _("Appeal")
        STATEMENT = "statement", _("Statement")

    kind = LineField(_("kind"), max_length=10, choices=Kind.choices)
    treaty = models.ForeignKey(Treaty, on_delete=models.PROTECT, related_name="positions", verbose_name=_("treaty"))
    states = models.ManyToManyField(
        State,
        related_name="positions",
        blank=True,
        verbose_name=_("States that say it"),
        help_text=_("None: an organization."),
    )
    who = TranslatedLineField(
        _("who"),
        max_length=250,
        blank=True,
        help_text=_("The office within the State, or the organization."),
    )
    about = models.ManyToManyField(
        State,
        related_name="positions_about",
        blank=True,
        verbose_name=_("about the States"),
        help_text=_("None: it names no State."),
    )
    said_on = models.DateField(_("said on"))
    summary = TranslatedProseField(_("summary"), help_text=_("In our words, so that a reader knows what was said."))
    quote = ProseField(_("words"), blank=True, help_text=_("As the source has them."))
    language = LineField(
        _("said in"), max_length=10, blank=True, help_text=_("The language in which the words were said: en, pl, uk.")
    )
    source_url = SourceField(_("source"))
    note = TranslatedProseField(_("note"), blank=True, help_text=_("How sure the day is, or how the source was read."))

    history = HistoricalRecords(m2m_fields=[states, about])
    objects = StandingManager.from_queryset(PositionQuerySet)()

    class Meta:
        ordering = ["said_on", "id"]
        verbose_name = _("position")
        verbose_name_plural = _("positions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.said_on}: {self.who or self.summary[:40]}"

    def clean(self) -> None:
        super().clean()
        if self.said_on and self.said_on > timezone.now().date():
            raise ValidationError(
                {"said_on": _("Nobody has said anything on a day to come: give the day on which it was said.")}
            )
        if self.language:
            try:
                get_language_info(self.language)
            except KeyError as error:
                raise ValidationError({"language": _("Give the code of a language, such as en, pl or uk.")}) from error

    @property
    def speaker(self) -> str:
        """Who said it, for readers: the State and the office, several States, or the organization.

        In the language of the page, or all in English where the office is not translated.
        """
        who = self.who
        if who and not isinstance(who, InLanguage):
            return ", ".join([*(english_text(state, "name") for state in self.states.all()), who])
        words = [*(state.name for state in self.states.all()), *([who] if who else [])]
        return InLanguage(listed(words), who.behind if isinstance(who, InLanguage) else None)

    @property
    def said_in(self) -> str:
        """The name of the language in which it was said, where that is not English: the words shown are a translation."""
        return str(get_language_info(self.language)["name_translated"]) if self.language not in ("", "en") else ""
