"""Choices of the record. The values are those of `treaties.law.rules`; the labels are for editors and readers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from treaties.law import rules


class ActionChoices(models.TextChoices):
    """The acts that the Depositary records."""

    SIGNATURE = rules.ActionKind.SIGNATURE.value, _("Signature")
    RATIFICATION = rules.ActionKind.RATIFICATION.value, _("Ratification")
    ACCEPTANCE = rules.ActionKind.ACCEPTANCE.value, _("Acceptance")
    APPROVAL = rules.ActionKind.APPROVAL.value, _("Approval")
    ACCESSION = rules.ActionKind.ACCESSION.value, _("Accession")
    SUCCESSION = rules.ActionKind.SUCCESSION.value, _("Succession")
    WITHDRAWAL = rules.ActionKind.WITHDRAWAL.value, _("Notice of withdrawal")
    WITHDRAWAL_CANCELLED = rules.ActionKind.WITHDRAWAL_CANCELLED.value, _("Withdrawal cancelled")
    WITHDRAWAL_OF_RATIFICATION = (
        rules.ActionKind.WITHDRAWAL_OF_RATIFICATION.value,
        _("Ratification taken back"),
    )
    PROVISIONAL_APPLICATION = rules.ActionKind.PROVISIONAL_APPLICATION.value, _("Provisional application")


class StatusChoices(models.TextChoices):
    """The legal status of a State on a date."""

    PARTY = rules.Status.PARTY.value, _("Party")
    WITHDRAWING = rules.Status.WITHDRAWING.value, _("Withdrawing")
    CONSENTED = rules.Status.CONSENTED.value, _("Consented, not yet in force")
    SIGNATORY = rules.Status.SIGNATORY.value, _("Signatory")
    WITHDRAWN = rules.Status.WITHDRAWN.value, _("Withdrawn")
    NOT_PARTY = rules.Status.NOT_PARTY.value, _("Not party")


class EntryIntoForceChoices(models.TextChoices):
    """How the treaty counts from deposit to effect."""

    FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT = (
        rules.EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT.value,
        _("First day of the sixth month after the month of deposit"),
    )
    DAYS_AFTER_DEPOSIT = (
        rules.EntryIntoForceRule.DAYS_AFTER_DEPOSIT.value,
        _("A number of days after deposit"),
    )
    MONTHS_AFTER_DEPOSIT = (
        rules.EntryIntoForceRule.MONTHS_AFTER_DEPOSIT.value,
        _("A number of months after deposit"),
    )


class StepChoices(models.TextChoices):
    """The political and domestic steps around a withdrawal, in their usual order."""

    ANNOUNCED_INTENTION = "announced_intention", _("Intention announced")
    GOVERNMENT_DECISION = "government_decision", _("Decided by the government")
    PARLIAMENT_VOTE = "parliament_vote", _("Voted by parliament")
    PROMULGATED = "promulgated", _("Promulgated")
    NOTIFICATION_DEPOSITED = "notification_deposited", _("Notice deposited")
    TAKES_EFFECT = "takes_effect", _("Takes effect")
    SUSPENSION_NOTIFIED = "suspension_notified", _("Suspension notified")
    OBJECTION = "objection", _("Objection")
    INTENTION_REVERSED = "intention_reversed", _("Intention reversed")


class PrecisionChoices(models.TextChoices):
    """How sure the day of a recorded date is."""

    DAY = "day", _("To the day")
    MONTH = "month", _("To the month")
    YEAR = "year", _("To the year")
    REPORTED = "reported", _("Day of the report")
    INFERRED = "inferred", _("Inferred")
    ON_OR_BEFORE = "on_or_before", _("On or before that day")


class DeclarationChoices(models.TextChoices):
    """The texts that States lodge with their acts or send to the Depositary. None of them changes a status by itself."""

    DECLARATION = "declaration", _("Declaration")
    RESERVATION = "reservation", _("Reservation")
    OBJECTION = "objection", _("Objection")
    UNDERSTANDING = "understanding", _("Understanding")
    PROVISIONAL_APPLICATION = "provisional_application", _("Provisional application")
    TERRITORIAL_APPLICATION = "territorial_application", _("Territorial application")
    COMMUNICATION = "communication", _("Communication")

    @property
    def meaning(self) -> str:
        """What a text of this kind says, and what a reader must not take it for."""
        return str(_MEANINGS[self])


_MEANINGS = {
    DeclarationChoices.DECLARATION: _(
        "Says how the State sees the treaty, or what it means to do. It does not change the status."
    ),
    DeclarationChoices.RESERVATION: _(
        "Shuts out or changes the effect of some provisions for the State, which is bound by the others. It does not change the "
        "status."
    ),
    DeclarationChoices.OBJECTION: _(
        "Another State does not accept what was said or done. It changes the status of neither State."
    ),
    DeclarationChoices.UNDERSTANDING: _("Says how the State reads a provision. It does not change the status."),
    DeclarationChoices.PROVISIONAL_APPLICATION: _(
        "The State applies some of the duties before the treaty is in force for it. It does not become a party by it."
    ),
    DeclarationChoices.TERRITORIAL_APPLICATION: _(
        "Says to which of its territories the State applies the treaty. The status is that of the State."
    ),
    DeclarationChoices.COMMUNICATION: _(
        "Tells the Depositary, the other States or the public something. Whatever it announces, it does not change the status."
    ),
}


class StateNameChoices(models.TextChoices):
    """The kinds of names of a State beside those that it has today."""

    FORMER = "former", _("Former name")
    ALSO_KNOWN = "also_known", _("Also known as")


class GroupChoices(models.TextChoices):
    """Groups of States by which lists, maps and counts can be narrowed."""

    AFRICAN_UNION = "african_union", _("African Union")
    ARAB_LEAGUE = "arab_league", _("League of Arab States")
    ASEAN = "asean", _("Association of Southeast Asian Nations (ASEAN)")
    CIS = "cis", _("Commonwealth of Independent States (CIS)")
    EU = "eu", _("European Union")
    G20 = "g20", _("G20")
    NATO = "nato", _("North Atlantic Treaty Organization (NATO)")
    OAS = "oas", _("Organization of American States (OAS)")
    OSCE = "osce", _("Organization for Security and Co-operation in Europe (OSCE)")
    PACIFIC_ISLANDS_FORUM = "pacific_islands_forum", _("Pacific Islands Forum")


class ObligationChoices(models.TextChoices):
    """The dated duties of a State Party."""

    ARTICLE_4 = rules.ObligationKind.ARTICLE_4.value, _("Article 4: destroy stockpiles")
    ARTICLE_5 = rules.ObligationKind.ARTICLE_5.value, _("Article 5: clear mined areas")
    ARTICLE_7 = rules.ObligationKind.ARTICLE_7.value, _("Article 7: first report")


class ObligationStatusChoices(models.TextChoices):
    """Where a State stands with a duty on a date. Computed, except what the State itself has declared."""

    OVERDUE = rules.ObligationStatus.OVERDUE.value, _("Deadline passed")
    NOT_CONFIRMED = rules.ObligationStatus.NOT_CONFIRMED.value, _("Not confirmed: later decisions were not looked up")
    PENDING = rules.ObligationStatus.PENDING.value, _("Pending")
    COMPLETED = rules.ObligationStatus.COMPLETED.value, _("Completed")
    NONE_DECLARED = rules.ObligationStatus.NONE_DECLARED.value, _("None to be done, as declared")
    NOT_RECORDED = rules.ObligationStatus.NOT_RECORDED.value, _("Nothing on record")
    NO_LONGER_DUE = rules.ObligationStatus.NO_LONGER_DUE.value, _("No longer due: withdrawn")
