"""Statements, and the addresses that they had before."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from campaign.models import Campaign
from config.kit.formats.languages import ENGLISH, language_tag_of
from config.kit.models.fields import LanguageField, LineField, ProseField, SlugField, SourceField
from news.facts.tags import BadTag, tags_of
from news.models.choices import PUBLIC_STATES, Workflow
from news.models.photos import Photo
from news.models.speakers import Speaker, SpeakerRole
from treaties.models import Article, State, Treaty

Stage = Workflow
"""The class has a member of the same name."""


def is_public(at: datetime | None = None, prefix: str = "") -> Q:
    """A condition: released, and its moment of publication has come.

    Args: prefix: the path to the statement from another model, as `statement__`.
    """
    return Q(**{f"{prefix}workflow__in": PUBLIC_STATES, f"{prefix}publish_at__lte": at or timezone.now()})


class StatementQuerySet(models.QuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """What a visitor may see at a moment. Drafts and embargoed texts are never in it."""
        return self.filter(is_public(at))

    def scheduled(self) -> Self:
        """Released, with a moment of publication still to come."""
        return self.filter(workflow__in=PUBLIC_STATES, publish_at__gt=timezone.now())

    def unreviewed(self) -> Self:
        """Published in an emergency, and nobody else has approved it yet."""
        return self.exclude(emergency_reason="").filter(approved_by=None)

    def about_any(self, states: Iterable[State]) -> Self:
        """Those that name one of the States, each once, without comparing whole texts."""
        named = Statement.states.through.objects.filter(state__in=states)
        return self.filter(pk__in=named.values("statement"))

    def under_any(self, treaties: Iterable[Treaty]) -> Self:
        """Those that belong to an article of one of the treaties, each once."""
        found = Statement.articles.through.objects.filter(article__treaty__in=treaties)
        return self.filter(pk__in=found.values("statement"))

    def translations_of(self, statement: "Statement") -> Self:
        """The text and all others that belong to it: the original and its translations."""
        original = statement.translation_of_id or statement.pk
        return self.filter(Q(pk=original) | Q(translation_of=original))

    def for_reader_of(self, language: str) -> Self:
        """Each statement once: in the reader's language (a tag of BCP 47) where there is one, else as it was written.

        A translation that was withdrawn stands for nothing: the reader gets the original again.
        """
        stands = Q(language=language) & ~Q(workflow=Statement.Workflow.WITHDRAWN)
        # A list of keys, not a question for each row: it is made once, and a count of 100,000 takes a quarter of the time.
        translated = self.filter(stands).exclude(translation_of=None).values("translation_of")
        return self.filter(stands | Q(translation_of=None) & ~Q(pk__in=translated))

    def for_reader_here(self) -> Self:
        """The same for a reader of the page that is being made."""
        return self.for_reader_of(language_tag_of(get_language() or ENGLISH))

    def each_once(self) -> Self:
        """Each statement of those chosen once: in the language of the page, else as it was written, else in another language.

        Unlike `for_reader_here` it does not ask for the original, which may not have the words that were looked for.
        """
        here = Q(language=language_tag_of(get_language() or ENGLISH)) & ~Q(workflow=Statement.Workflow.WITHDRAWN)
        preference = Case(When(here, then=0), When(translation_of=None, then=1), default=2)
        place = Window(
            RowNumber(), partition_by=[Coalesce("translation_of", "pk")], order_by=[preference.asc(), F("pk").asc()]
        )
        return self.annotate(place=place).filter(place=1)

    def with_translations_into(self, language: str) -> Self:
        """The originals, and what was translated into a language."""
        return self.filter(Q(translation_of=None) | Q(language=language))

    def about(self, state: State) -> Self:
        return self.filter(states=state)

    def saying(self, words: str) -> Self:
        """Statements with the words in title, text, symbol, quotation or speaker."""
        return self.filter(
            Q(title__icontains=words)
            | Q(body__icontains=words)
            | Q(symbol__icontains=words)
            | Q(speaker__name__icontains=words)
            | Q(pk__in=self.model._default_manager.filter(quotations__text__icontains=words).values("pk"))
        )

    def newest_first(self) -> Self:
        return self.order_by("-dated_on", "-id")

    def for_list(self) -> Self:
        """With what a card shows."""
        return self.select_related("speaker", "campaign").prefetch_related("speaker__roles")

    def for_page(self) -> Self:
        """With all that the page of a statement shows."""
        return self.select_related("speaker", "campaign", "photo", "translation_of").prefetch_related(
            "speaker__roles",
            "states",
            Prefetch("articles", Article.objects.select_related("treaty")),
            "quotations",
            self._joined("figures", "treaty"),
            "corrections",
            self._joined("editions", "correction"),
        )

    def _joined(self, relation: str, field: str) -> Prefetch:
        """The rows of a relation, each with a row that it names: one query for both."""
        rows: Any = self.model._meta.get_field(relation).related_model
        return Prefetch(relation, rows._default_manager.select_related(field))

    def for_feed(self) -> Self:
        """With what an entry of a feed shows."""
        return self.select_related("speaker").prefetch_related("states")

    def with_words(self) -> Self:
        """With what was said in them, by whom, and of which States."""
        return self.select_related("speaker").prefetch_related("speaker__roles", "states", "quotations")


def check_tags(text: str) -> None:
    """Raises ValidationError, with an example, where a figure's tag cannot be read or names a treaty that is none."""
    try:
        tags = tags_of(text)
        named = {tag.treaty for tag in tags if tag.treaty}
    except BadTag as tag:
        raise ValidationError(
            _("%(tag)s cannot be read. Write for example {{ parties on 2025-06-16 }} or {{ parties today }}.")
            % {"tag": tag}
        ) from tag
    treaties = {treaty.slug: treaty for treaty in Treaty.objects.filter(slug__in=named)} if named else {}
    unknown = named - treaties.keys()
    if unknown:
        raise ValidationError(_("There is no treaty with the address %(slug)s.") % {"slug": ", ".join(sorted(unknown))})
    for cited in tags:
        if cited.treaty:
            check_counted_day(treaties[cited.treaty], cited.on or timezone.now().date())


def check_counted_day(treaty: Treaty, on: date) -> None:
    """Raises ValidationError, with the last day that can be asked for, where the counts of a day would be wrong."""
    if treaty.counts_are_withheld(on):
        raise ValidationError(
            _("The counts of the %(treaty)s go to %(day)s: later acts are missing. Ask for that day or an earlier one.")
            % {"treaty": treaty.short_title, "day": treaty.last_shown_day(on).isoformat()}
        )


class Statement(models.Model):
    """A text that is public or on its way to publication."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Statement")
        PRESS_RELEASE = "press_release", _("Press release")
        NEWS = "news", pgettext_lazy("a text of this kind", "News")
        SPEECH = "speech", _("Speech")
        MESSAGE = "message", _("Message")

    Workflow = Workflow

    class Stance(models.TextChoices):
        UPHOLDS = "upholds", _("Upholds the treaty")
        LEAVES = "leaves", _("Leaves the treaty")
        REPORTS = "reports", _("Reports")

    slug = SlugField(_("address"), max_length=100, unique=True)
    kind = LineField(_("kind"), max_length=15, choices=Kind.choices)
    symbol = LineField(_("symbol"), max_length=40, blank=True, help_text=_("For example SG/SM/22686."))
    title = LineField(_("title"), max_length=250)
    body = ProseField(_("text"), help_text=_("Markdown. Quotations and figures have their own places below."))
    language = LanguageField(_("language"), default="en", help_text=_("BCP 47 tag of the text."))
    translation_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translation of"),
    )
    dated_on = models.DateField(_("date"), help_text=_("The day on which it was said or published at its source."))
    date_note = LineField(_("how sure the day is"), max_length=250, blank=True)
    speaker = models.ForeignKey(
        Speaker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("speaker"),
    )
    byline = LineField(_("byline"), max_length=120, blank=True)
    stance = LineField(_("stance"), max_length=10, choices=Stance.choices, default=Stance.REPORTS)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("campaign"),
    )
    states = models.ManyToManyField(State, related_name="statements", blank=True, verbose_name=_("States"))
    articles = models.ManyToManyField(Article, related_name="statements", blank=True, verbose_name=_("articles"))
    photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("photo"),
    )
    source_url = SourceField(_("source"))
    source_note = ProseField(_("note on the source"), blank=True)

    workflow = LineField(_("state of work"), max_length=10, choices=Workflow.choices, default=Workflow.DRAFT)
    publish_at = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("UTC. An approved statement is visible to nobody outside before this minute."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
        help_text=_("The publisher who is asked to review it. Never its author."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    emergency_reason = ProseField(
        _("why published without review"),
        blank=True,
        editable=False,
        help_text=_("Stays on the list until another approves it."),
    )
    withdrawn_reason = ProseField(_("why withdrawn"), blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_contents = ProseField(_("fingerprint of what was approved"), blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    rendered_body: str
    """The text with its tags computed. Set by `render_figures`, not saved."""
    tag_figures: list[Any]
    """The figures of the text's tags, checked. Set by `render_figures`, not saved."""

    history = HistoricalRecords(m2m_fields=[states, articles])
    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-dated_on", "-id"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        permissions = [("publish_statement", "Can approve, publish and withdraw statements")]
        indexes = [
            models.Index(fields=["workflow", "publish_at"], name="statement_public"),
            models.Index(fields=["kind", "-dated_on"], name="statement_kind_day"),
            models.Index(fields=["language", "-dated_on"], name="statement_language_day"),
            models.Index(fields=["-dated_on", "-id"], name="statement_newest_first"),
            models.Index(fields=["publish_at", "id"], name="statement_by_moment"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["symbol", "language"],
                condition=~Q(symbol=""),
                name="statement_symbol_once_per_language",
                violation_error_message=_("This symbol is in use already."),
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False),
                name="statement_translated_once_per_language",
                violation_error_message=_("There is a translation into this language already."),
            ),
            models.CheckConstraint(
                name="statement_public_has_its_minute",
                condition=~Q(workflow__in=PUBLIC_STATES) | Q(publish_at__isnull=False),
                violation_error_message=_("A published statement needs the minute from which it is public."),
            ),
            models.CheckConstraint(
                name="statement_withdrawn_says_why",
                condition=~Q(workflow=Workflow.WITHDRAWN) | ~Q(withdrawn_reason=""),
                violation_error_message=_("Say why the statement is withdrawn: its page shows it."),
            ),
            models.CheckConstraint(
                name="statement_approved_by_another",
                condition=Q(approved_by__isnull=True) | Q(author__isnull=True) | ~Q(approved_by=F("author")),
                violation_error_message=_("The author cannot approve the statement."),
            ),
            models.CheckConstraint(
                name="statement_reviewed_by_another",
                condition=Q(reviewer__isnull=True) | Q(author__isnull=True) | ~Q(reviewer=F("author")),
                violation_error_message=_("The author cannot be the reviewer."),
            ),
            models.CheckConstraint(
                name="statement_translates_another",
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:statement", args=[self.slug])

    def clean(self) -> None:
        """Refuse a text whose figures cannot be computed, whoever writes it."""
        try:
            check_tags(self.body)
        except ValidationError as error:
            raise ValidationError({"body": error.messages}) from error

    @property
    def stage(self) -> Stage:
        """The workflow state at this moment: a scheduled text is published from its moment of publication on."""
        workflow = Workflow(self.workflow)
        if workflow in (Workflow.SCHEDULED, Workflow.PUBLISHED):
            return Workflow.SCHEDULED if self.is_still_to_come else Workflow.PUBLISHED
        return workflow

    @property
    def is_still_to_come(self) -> bool:
        """Its moment of publication lies ahead."""
        return self.publish_at is not None and self.publish_at > timezone.now()

    @property
    def is_scheduled(self) -> bool:
        """Released, with a moment of publication still to come."""
        return self.stage is Workflow.SCHEDULED

    @property
    def is_unreviewed(self) -> bool:
        """Published in an emergency, and nobody else has approved it yet."""
        return bool(self.emergency_reason) and self.approved_by_id is None

    @property
    def told_corrections(self) -> list[Any]:
        """The corrections that its page tells above the text."""
        return [c for c in self.corrections.all() if not c.is_small]

    @property
    def small_changes(self) -> list[Any]:
        """The corrections of a comma or a letter, which are listed apart."""
        return [c for c in self.corrections.all() if c.is_small]

    def quoted(self) -> list[tuple[Any, str]]:
        """Its quotations, each with the language of its words (BCP 47). A translation has some in the language of the original."""
        quotations = list(self.quotations.all())
        original = self.translation_of if quotations else None
        as_said = set(original.quotations.values_list("text", flat=True)) if original else set()
        return [
            (quotation, original.language if original and quotation.text in as_said else self.language)
            for quotation in quotations
        ]

    @property
    def role(self) -> SpeakerRole | None:
        """The speaker's role on the day of the statement."""
        return self.speaker.role_on(self.dated_on) if self.speaker else None


class OldSlug(models.Model):
    """An address that a public statement had before. It leads to the one of today for good, and is given to no other."""

    slug = SlugField(max_length=100, unique=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="old_slugs")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


def public_speakers() -> models.QuerySet[Speaker]:
    """Those who speak in what is public now: a speaker of drafts alone is unknown outside."""
    return Speaker.objects.filter(Exists(Statement.objects.public().filter(speaker=OuterRef("pk"))))


def public_states() -> models.QuerySet[State]:
    """The States that what is public now names."""
    named = Statement.states.through.objects.filter(state=OuterRef("pk"))
    return State.objects.filter(Exists(named.filter(is_public(prefix="statement__"))))


def public_treaties() -> models.QuerySet[Treaty]:
    """The treaties that what is public now is about."""
    about = Statement.articles.through.objects.filter(article__treaty=OuterRef("pk"))
    return Treaty.objects.filter(Exists(about.filter(is_public(prefix="statement__"))))


def public_languages() -> list[str]:
    """The languages of what is public now."""
    return list(Statement.objects.public().order_by().values_list("language", flat=True).distinct())
