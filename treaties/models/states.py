"""The 197 States."""

import re
import unicodedata
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.kit.models.fields import LineField

models.CharField.register_lookup(Length)


def alphabetical_key(name: str) -> str:
    """Letters only, without case and accents, so that every database sorts the names alike (Côte d'Ivoire before Cuba)."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z]", "", plain)


class StateQuerySet(models.QuerySet):
    def named_like(self, words: str) -> Self:
        """States whose short, common or formal name contains the words, or whose code they are."""
        match = Q(common_name__icontains=words) | Q(formal_name__icontains=words) | Q(iso3__iexact=words)
        key = alphabetical_key(words)
        if key:
            match |= Q(sort_name__contains=key)
        return self.filter(match)


class State(models.Model):
    """One of the 197: the United Nations' Member States, Cook Islands, Niue, the Holy See and the State of Palestine."""

    iso3 = LineField(_("ISO code"), max_length=3, primary_key=True, help_text=_("ISO 3166-1 alpha-3, in capitals."))
    iso2 = LineField(_("ISO code, two letters"), max_length=2, unique=True)
    m49 = LineField(_("UN M49 code"), max_length=3, unique=True)
    name = LineField(_("name"), max_length=80, unique=True, help_text=_("Short name as the UN uses it."))
    common_name = LineField(_("common name"), max_length=80)
    formal_name = LineField(_("formal name"), max_length=120)
    sort_name = LineField(max_length=80, editable=False, db_index=True)
    region = LineField(_("region"), max_length=30, db_index=True)
    subregion = LineField(_("subregion"), max_length=40, db_index=True)
    un_member = models.BooleanField(_("UN Member State"))
    un_member_since = models.DateField(_("UN Member since"), null=True, blank=True)

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
        self.sort_name = alphabetical_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("treaties:state", args=[self.iso3.lower()])

    def lies_in(self, region: str) -> bool:
        """Whether it lies in a region or subregion; in any, if none is named."""
        return not region or region in (self.region, self.subregion)
