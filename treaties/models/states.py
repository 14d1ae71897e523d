"""The 197 States, their names over time, and the groups that they belong to."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import HasLocalTexts, LineField, LocalLineField, ProseField, SourceField, english_text
from config.kit.models.taken_out import STANDS, CanBeTakenOut, StandingManager
from treaties.models.choices import GroupChoices, StateNameChoices
from treaties.models.local_names import state_name, state_sort_key

models.CharField.register_lookup(Length)


def alphabetical_key(name: str) -> str:
    """Letters only, without case and accents, so that every database sorts the names alike (Côte d'Ivoire before Cuba)."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z]", "", plain)


def name_key(name: str) -> str:
    """A State's name in letters alone, without articles, so that the spellings of lists and notes agree."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\((?:the)\)", "", name, flags=re.I)).casefold()
    plain = re.sub(r"^the\s+|\bst\.\s*", lambda found: "saint " if found[0].startswith("st") else "", plain.strip())
    return re.sub(r"[^a-z]", "", plain)


def named_so(words: str) -> tuple[Q, Q]:
    """The conditions by which States, and other names of States, contain the words or have them for a code."""
    match = Q(common_name__icontains=words) | Q(formal_name__icontains=words) | Q(iso3__iexact=words)
    other = Q(name__icontains=words) | Q(formal_name__icontains=words)
    if key := alphabetical_key(words):
        match |= Q(sort_name__contains=key)
        other |= Q(sort_name__contains=key)
    return match, other


class StateQuerySet(models.QuerySet):
    def codes_by_name(self) -> dict[str, str]:
        """The code of each State by every English name of it, as spelled, of today and earlier, whatever the language of the page.

        What is a State's name today goes first. Two queries.
        """
        found: dict[str, str] = {}
        for name in StateName.objects.order_by("pk"):
            found |= {spelled: name.state_id for spelled in (name.formal_name, name.name) if spelled}
        states = list(State.objects.order_by("pk"))
        for state in states:
            found |= dict.fromkeys((state.formal_name, english_text(state, "common_name")), state.pk)
        return found | {english_text(state, "name"): state.pk for state in states}

    def codes_by_key(self) -> dict[str, str]:
        """The code of each State by its own code and by the key of every name of it (see `name_key`), for tables of others."""
        found = {name_key(state.name): state.pk for state in State.objects.order_by("pk")}
        found |= {name_key(name): iso3 for name, iso3 in self.codes_by_name().items()}
        return found | {iso3.casefold(): iso3 for iso3 in found.values()}

    def named_like(self, words: str) -> Self:
        """States one of whose names, of today or earlier, contains the words, or whose code they are."""
        match, other = named_so(words)
        return self.filter(match | Q(Exists(StateName.objects.filter(other, state=OuterRef("pk")))))

    def in_groups(self, groups: Iterable[str], on: date) -> Self:
        """States that belong on a day to one of the groups."""
        return self.filter(Exists(GroupMembership.objects.on(on).filter(group__in=list(groups), state=OuterRef("pk"))))

    def with_names_and_groups(self) -> Self:
        return self.prefetch_related("other_names", "memberships")


class State(HasLocalTexts):
    """One of the 197: the United Nations' Member States, Cook Islands, Niue, the Holy See and the State of Palestine."""

    iso3 = LineField(_("ISO code"), max_length=3, primary_key=True, help_text=_("ISO 3166-1 alpha-3, in capitals."))
    iso2 = LineField(_("ISO code, two letters"), max_length=2, unique=True)
    m49 = LineField(_("UN M49 code"), max_length=3, unique=True)
    name = LocalLineField(
        _("name"), max_length=80, unique=True, help_text=_("Short name as the UN uses it."), in_language=state_name
    )
    common_name = LocalLineField(_("common name"), max_length=80, in_language=state_name)
    formal_name = LineField(_("formal name"), max_length=120)
    sort_name = LocalLineField(max_length=80, editable=False, db_index=True, in_language=state_sort_key)
    region = LineField(_("region"), max_length=30, db_index=True)
    subregion = LineField(_("subregion"), max_length=40, db_index=True)
    un_member = models.BooleanField(_("UN Member State"))
    un_member_since = models.DateField(_("UN Member since"), null=True, blank=True)
    cow_code = LineField(
        _("Correlates of War number"),
        max_length=3,
        blank=True,
        help_text=_("Empty for a State that is not on that list."),
    )
    cow_abbreviation = LineField(_("Correlates of War abbreviation"), max_length=3, blank=True)
    gw_code = LineField(
        _("Gleditsch and Ward number"),
        max_length=3,
        blank=True,
        help_text=_("Empty for a State that is not on that list."),
    )
    regional_group = LineField(
        _("regional group"), max_length=20, blank=True, help_text=_("Of the United Nations; empty for no Member State.")
    )

    history = HistoricalRecords()
    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name"]
        verbose_name = _("State")
        verbose_name_plural = _("States")
        constraints = [
            models.CheckConstraint(name="state_key_has_three_letters", condition=Q(iso3__length=3)),
            models.CheckConstraint(
                name="state_member_of_the_un_since_a_day",
                condition=Q(un_member=True, un_member_since__isnull=False)
                | Q(un_member=False, un_member_since__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = alphabetical_key(english_text(self, "name"))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return _address_of(self.iso3, get_script_prefix(), get_language())

    @property
    def codes_of_researchers(self) -> list[tuple[str, str]]:
        """Lists of States that researchers use, with the code of this one; those that have none are left out."""
        lists = [("Correlates of War", self.cow_code), ("Gleditsch and Ward", self.gw_code)]
        return [(name, code) for name, code in lists if code]

    def lies_in(self, region: str) -> bool:
        """Whether it lies in a region or subregion; in any, if none is named."""
        return not region or region in (self.region, self.subregion)


def check_year_or_day(text: str) -> None:
    """Raises ValidationError for what is neither a day nor, where the day was not read, a year."""
    try:
        first_of(text)
    except ValueError as error:
        raise ValidationError(
            _("Give a day (YYYY-MM-DD), or the year where the day is not known."), code="invalid"
        ) from error


def first_of(text: str) -> date:
    """The day that a text names, or the first one of the year. Raises ValueError for what is neither."""
    return date.fromisoformat(f"{text}-01-01" if re.fullmatch(r"\d{4}", text) else text)


def last_of(text: str) -> date:
    """The day that a text names, or the last one of the year. Raises ValueError for what is neither."""
    return date.fromisoformat(f"{text}-12-31" if re.fullmatch(r"\d{4}", text) else text)


@lru_cache(maxsize=1024)
def _address_of(iso3: str, prefix: str, language: str | None) -> str:
    """The address of a State's page: pages link to hundreds of States. Prefix and language are part of every address."""
    return reverse("treaties:state", args=[iso3.lower()])


class YearOrDayField(LineField):
    """A day, or the year where the day was not read. Its validator stands here, so that migrations name no code of the project."""

    default_validators = [check_year_or_day]


class StateName(CanBeTakenOut):
    """A name that a State had before, or under which people know it, beside its names of today."""

    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="other_names", verbose_name=_("State"))
    kind = LineField(_("kind"), max_length=12, choices=StateNameChoices.choices)
    name = LineField(_("name"), max_length=80)
    formal_name = LineField(_("formal name"), max_length=120, blank=True)
    valid_from = YearOrDayField(
        _("valid from"),
        max_length=10,
        blank=True,
        help_text=_("A day, or the year where the day is not known."),
    )
    valid_to = YearOrDayField(
        _("valid to"),
        max_length=10,
        blank=True,
        help_text=_("The last day, or the year where the day is not known."),
    )
    sort_name = LineField(max_length=80, editable=False, db_index=True)
    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager()

    class Meta:
        ordering = ["state", "kind", "-valid_to", "name"]
        verbose_name = _("name of a State")
        verbose_name_plural = _("names of States")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=STANDS,
                name="statename_stands_for_one_state",
                violation_error_message=_("This name stands for a State already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = alphabetical_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        super().clean()
        if self.kind == StateNameChoices.FORMER and self.name and State.objects.filter(name=self.name).exists():
            raise ValidationError({"name": _("A State has this name today.")})

    def was_used_on(self, on: date) -> bool | None:
        """Whether it was the State's name on a day; None where that is not known, since only the year of a change is."""
        if self.kind != StateNameChoices.FORMER or not self.valid_to:
            return False
        began = (first_of(self.valid_from), last_of(self.valid_from)) if self.valid_from else (date.min, date.min)
        ended = (first_of(self.valid_to), last_of(self.valid_to))
        if on < began[0] or on > ended[1]:
            return False
        has_begun = on >= began[0] if began[0] == began[1] else on > began[1]
        is_still = on <= ended[1] if ended[0] == ended[1] else on < ended[0]
        return True if has_begun and is_still else None


def holds_on(day: date) -> Q:
    """The memberships that hold on a day. Where the first day was not read, they count from the beginning."""
    return Q(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class GroupMembershipQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(holds_on(day))


class GroupMembership(CanBeTakenOut):
    """A State's membership of a group, from a day to a day."""

    group = LineField(_("group"), max_length=25, choices=GroupChoices.choices)
    state = models.ForeignKey(State, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("State"))
    since = models.DateField(_("since"), null=True, blank=True, help_text=_("Empty where the day was not read."))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day of a membership that has ended.")
    )
    source_url = SourceField(_("source"))
    note = ProseField(_("note"), blank=True)

    history = HistoricalRecords()
    objects = StandingManager.from_queryset(GroupMembershipQuerySet)()

    class Meta:
        ordering = ["group", "state"]
        verbose_name = _("membership of a group")
        verbose_name_plural = _("memberships of groups")
        indexes = [models.Index(fields=["group", "since"], name="membership_group_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "state", "since"], condition=STANDS, name="membership_once_since_a_day"
            ),
            models.UniqueConstraint(
                fields=["group", "state"],
                condition=Q(since=None) & STANDS,
                name="membership_once_without_a_day",
                violation_error_message=_("This membership is recorded already."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_began",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("It cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.state_id}"
