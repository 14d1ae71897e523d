"""Sentences for readers: what a status, a change or a rule means."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from treaties.law import rules
from treaties.models import State, Treaty

Kind = rules.ActionKind


def written(day: date) -> str:
    """A date with the month's name, as in 1 March 1999."""
    return date_format(day, "DATE_FORMAT")


def _consented_after_signing(kind: rules.ActionKind) -> str:
    return {
        Kind.RATIFICATION: _("It ratified the treaty on %(day)s."),
        Kind.ACCEPTANCE: _("It accepted the treaty on %(day)s."),
        Kind.APPROVAL: _("It approved the treaty on %(day)s."),
        Kind.ACCESSION: _("It acceded to the treaty on %(day)s."),
        Kind.SUCCESSION: _("It succeeded to the treaty by a notification of %(day)s."),
    }[kind]


def _consented(kind: rules.ActionKind) -> str:
    return {
        Kind.RATIFICATION: _("%(state)s ratified the %(treaty)s on %(day)s."),
        Kind.ACCEPTANCE: _("%(state)s accepted the %(treaty)s on %(day)s."),
        Kind.APPROVAL: _("%(state)s approved the %(treaty)s on %(day)s."),
        Kind.ACCESSION: _("%(state)s acceded to the %(treaty)s on %(day)s."),
        Kind.SUCCESSION: _("%(state)s succeeded to the %(treaty)s by a notification of %(day)s."),
    }[kind]


def status_sentences(state: State, treaty: Treaty, at: rules.Standing, on: date) -> list[str]:
    """A State's standing in full sentences, in the order of the acts."""
    names = {"state": state.name, "treaty": treaty.short_title}
    sentences = []
    if at.signed:
        sentences.append(
            _("%(state)s signed the %(treaty)s on %(day)s.") % {**names, "day": written(at.signed.deposited_on)}
        )
    if at.consent is None:
        if at.signed:
            sentences.append(_("It has not consented to be bound."))
        else:
            sentences.append(_("%(state)s has neither signed the %(treaty)s nor joined it.") % names)
        return sentences
    consented = _consented_after_signing if at.signed else _consented
    sentences.append(consented(at.consent.kind) % {**names, "day": written(at.consent.deposited_on)})
    if at.in_force_on is not None:
        sentences.append(
            (
                _("It has been in force for the State since %(day)s.")
                if at.in_force_on <= on and at.status is not rules.Status.WITHDRAWN
                else _("It entered into force for the State on %(day)s.")
                if at.in_force_on <= on
                else _("It enters into force for the State on %(day)s.")
            )
            % {"day": written(at.in_force_on)}
        )
    if at.withdrawal is not None:
        sentences.append(_withdrawal_sentence(at, on))
    return sentences


def _withdrawal_sentence(at: rules.Standing, on: date) -> str:
    assert at.withdrawal is not None  # noqa: S101 - for the type checker: the caller has looked
    received = written(at.withdrawal.deposited_on)
    if at.held_by_armed_conflict:
        return _(
            "It notified its withdrawal on %(received)s; an armed conflict postpones the effect (Art. 20(3)), "
            "so the State is still bound."
        ) % {"received": received}
    if at.withdrawal_effective_on is None:
        return _("It notified its withdrawal on %(received)s; when that takes effect is not known.") % {
            "received": received
        }
    days = {"received": received, "effect": written(at.withdrawal_effective_on)}
    if at.withdrawal_effective_on <= on:
        return _("It notified its withdrawal on %(received)s, which took effect on %(effect)s.") % days
    return (
        _("It notified its withdrawal on %(received)s, which takes effect on %(effect)s: until then it is bound.")
        % days
    )


def headline(at: rules.Standing) -> str:
    """A status in a few words."""
    return {
        rules.Status.PARTY: _("Bound: a party"),
        rules.Status.WITHDRAWING: _("Still bound: its notice of withdrawal is running"),
        rules.Status.CONSENTED: _("Has consented; not yet in force for it"),
        rules.Status.SIGNATORY: _("Has signed; not bound"),
        rules.Status.WITHDRAWN: _("No longer bound: has withdrawn"),
        rules.Status.NOT_PARTY: _("Not bound: has never joined"),
    }[at.status]


def entry_into_force_in_words(treaty: Treaty) -> str:
    """The treaty's rule of entry into force, as a sentence."""
    n = treaty.entry_into_force_n
    match rules.EntryIntoForceRule(treaty.entry_into_force_rule):
        case rules.EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT:
            return _(
                "For a State it enters into force on the first day of the sixth month after the month of its deposit."
            )
        case rules.EntryIntoForceRule.DAYS_AFTER_DEPOSIT:
            return _("For a State it enters into force %(n)s days after its deposit.") % {"n": n}
        case rules.EntryIntoForceRule.MONTHS_AFTER_DEPOSIT:
            return _("For a State it enters into force %(n)s months after its deposit.") % {"n": n}


def withdrawal_in_words(treaty: Treaty) -> str:
    """The treaty's rule of withdrawal, as a sentence."""
    if treaty.withdrawal_notice_days is not None:
        sentence = _("A withdrawal takes effect %(n)s days after the Depositary receives the notice.") % {
            "n": treaty.withdrawal_notice_days
        }
    else:
        sentence = _(
            "A withdrawal takes effect %(n)s months after the Depositary receives the notice, on the same day of the month."
        ) % {"n": treaty.withdrawal_notice_months}
    if treaty.armed_conflict_clause:
        sentence += " " + _(
            "If the State is then in an armed conflict, it does not take effect before the end of that conflict."
        )
    return sentence
