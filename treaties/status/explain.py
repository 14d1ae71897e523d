"""The reasons for a State's status, in order, each with its article and its row of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.formats.lists import one_or_other
from treaties.law import intervals, rules
from treaties.models import State, Treaty
from treaties.status.sentences import acts_on_record_to, between, headline, when

Kind = rules.ActionKind


@dataclass(frozen=True)
class Reason:
    """A step of the reasoning."""

    text: str
    article: str = ""
    action: int | None = None


def explain(state: State, treaty: Treaty, actions: Iterable[rules.Action], on: date) -> list[Reason]:
    """The reasons for a State's status on a day, in the order of the acts; the last one is the conclusion."""
    known = [a for a in rules.chronological(actions) if (a.not_before or a.deposited_on) <= on]
    at = rules.standing(state.pk, known, treaty.rules, on)
    possible = intervals.possible_statuses(state.pk, known, treaty.rules, on)
    found = [reason for act in known for reason in _of_act(act, treaty, at, on)]
    if not known:
        found.append(Reason(_("No act of %(state)s is in the ledger by that day.") % {"state": state.name}))
    if on > treaty.complete_to:
        found.append(Reason(acts_on_record_to(treaty)))
    status = one_or_other([headline(one) for one in possible])
    conclusion = _("So on %(day)s: %(status)s.") % {"day": written(on), "status": status}
    return [*found, Reason(conclusion)]


def _of_act(act: rules.Action, treaty: Treaty, at: rules.Standing, on: date) -> list[Reason]:
    names = {"when": when(act)}
    if act.kind is Kind.SIGNATURE:
        return [Reason(_("Signed %(when)s.") % names, treaty.article_signature, act.id)]
    if act.kind in rules.CONSENTS:
        first = Reason(_("Consented to be bound by a deposit %(when)s.") % names, treaty.article_consent, act.id)
        return [first, _entry_into_force(act, treaty, on)]
    if act.kind is Kind.WITHDRAWAL:
        first = Reason(
            _("Notified a withdrawal, which the Depositary received %(when)s.") % names,
            treaty.article_withdrawal,
            act.id,
        )
        counts = at.withdrawal is not None and at.withdrawal.id == act.id
        return [first, *(_effect_of_withdrawal(act, treaty, on) if counts else [])]
    sentence = {
        Kind.WITHDRAWAL_CANCELLED: _("Cancelled its withdrawal %(when)s."),
        Kind.WITHDRAWAL_OF_RATIFICATION: (
            _("Took back its consent %(when)s; the signature stays.")
            if at.signed
            else _("Took back its consent %(when)s.")
        ),
        Kind.PROVISIONAL_APPLICATION: _("Declared provisional application %(when)s, which changes no status."),
    }[act.kind]
    return [Reason(sentence % names, action=act.id)]


def _entry_into_force(act: rules.Action, treaty: Treaty, on: date) -> Reason:
    article = treaty.article_entry_into_force
    first, effect = intervals.effect_interval(act, treaty.rules)
    if first != effect:
        in_force = _("In force %(when)s, by the day of deposit, which is not known.")
        return Reason(in_force % {"when": between(first, effect)}, article, act.id)
    if effect is None:
        return Reason(_("The treaty itself is not in force."), article, act.id)
    names = {"day": written(effect), "n": treaty.entry_into_force_n}
    if act.stated_effective_on is not None:
        return Reason(_("Effective on %(day)s, as the Depositary states.") % names, "", act.id)
    if act.kind is Kind.SUCCESSION:
        return Reason(
            _("A succession continues an earlier consent; no day of effect is stated, so it counts from deposit."),
            "",
            act.id,
        )
    if effect == treaty.entered_into_force_on:
        return Reason(_("In force on %(day)s, when the treaty itself entered into force.") % names, article, act.id)
    sentence = {
        rules.EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT: _(
            "In force on %(day)s, the first day of the sixth month after the month of deposit."
        ),
        rules.EntryIntoForceRule.DAYS_AFTER_DEPOSIT: _("In force on %(day)s, %(n)s days after deposit."),
        rules.EntryIntoForceRule.MONTHS_AFTER_DEPOSIT: _("In force on %(day)s, %(n)s months after deposit."),
    }[rules.EntryIntoForceRule(treaty.entry_into_force_rule)]
    return Reason(sentence % names, article, act.id)


def _effect_of_withdrawal(act: rules.Action, treaty: Treaty, on: date) -> list[Reason]:
    expiry = rules.withdrawal_notice_expires(act.deposited_on, treaty.rules)
    effect = rules.effective_on(act, treaty.rules)
    article = treaty.article_withdrawal
    first, last = intervals.effect_interval(act, treaty.rules)
    if first != last:
        takes_effect = _("The withdrawal takes effect %(when)s, by the day of receipt, which is not known.")
        return [Reason(takes_effect % {"when": between(first, last)}, article, act.id)]
    found = [Reason(_("The notice runs out on %(day)s.") % {"day": written(expiry)}, article, act.id)]
    if effect is None:
        found.append(
            Reason(_("An armed conflict recorded for that day postpones the effect until its end."), article, act.id)
        )
    elif effect != expiry:
        ends = [h.ended_on for h in rules.covering_holds(act.deposited_on, treaty.rules, act.holds)]
        sentence = (
            _("An armed conflict on that day postponed the effect to %(day)s, when it ended.")
            if effect in ends
            else _("Effective on %(day)s, as the Depositary states.")
        )
        found.append(Reason(sentence % {"day": written(effect)}, article, act.id))
    if effect is None or effect > on:
        found.append(Reason(_("Until the effect the State is bound."), article, act.id))
    return found
