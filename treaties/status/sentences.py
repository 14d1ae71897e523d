"""Sentences for readers: what a status, a change or a rule means."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config.kit.formats.days import written
from config.kit.formats.lists import one_or_other
from treaties.law import intervals, rules
from treaties.models import ActionChoices, State, StatusChoices, Treaty, TreatyAction
from treaties.status.boards import Board, Line

Kind = rules.ActionKind


def when(act: rules.Action | TreatyAction) -> str:
    """When an act was done: on a day, or between two days where the day is not known."""
    if act.not_before is None:
        return _("on %(day)s") % {"day": written(act.deposited_on)}
    return between(act.not_before, act.deposited_on)


def between(first: date | None, last: date | None) -> str:
    """A day that is not known, between two days; None where no rule gives the day yet."""
    if first is None:
        return _("on a day that is not known")
    if last is None:
        return _("not before %(first)s") % {"first": written(first)}
    return _("between %(first)s and %(last)s") % {"first": written(first), "last": written(last)}


def number_in_words(least: int, most: int) -> str:
    """A number that is known, or its range: 161 or 162; 161 to 164."""
    if least == most:
        return str(least)
    if most == least + 1:
        return _("%(least)s or %(most)s") % {"least": least, "most": most}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def count_in_words(counts: rules.Counts, name: str) -> str:
    """A count, or its range where days of acts are not known."""
    return number_in_words(*counts.range_of(name))


def acts_on_record_to(treaty: Treaty) -> str:
    """Why nothing of a later day is certain: the words that every page and answer has for it."""
    return _("All acts up to %(day)s are on record; later ones may be missing.") % {"day": written(treaty.complete_to)}


def compared(treaty: Treaty) -> str:
    """What the last closed comparison with the Depositary's table found; an empty text where there was none."""
    if treaty.last_compared_on is None:
        return ""
    names = {
        "day": written(treaty.last_compared_on),
        "n": treaty.compared_differences,
        "contested": treaty.compared_contested,
    }
    if not treaty.compared_differences:
        return _("Compared with the Depositary on %(day)s: no difference.") % names
    return (
        ngettext(
            "Compared with the Depositary on %(day)s: %(n)d difference, %(contested)d contested.",
            "Compared with the Depositary on %(day)s: %(n)d differences, %(contested)d contested.",
            treaty.compared_differences,
        )
        % names
    )


def comparison_is_due(treaty: Treaty, on: date) -> str:
    """That the ledger should be compared with the Depositary's table again; an empty text while the last time is not long ago."""
    if not treaty.comparison_is_due(on):
        return ""
    if treaty.last_compared_on is None:
        return _("Not yet compared with the Depositary's own table here.")
    return _("Not compared with the Depositary's own table since %(day)s.") % {"day": written(treaty.last_compared_on)}


def on_record_to(treaty: Treaty) -> str:
    """The same in a few words, behind a number."""
    return _("acts on record to %(day)s") % {"day": written(treaty.complete_to)}


def statuses_in_words(statuses: Iterable[rules.Status]) -> str:
    """The statuses of which one is so."""
    return _statuses_in_words(tuple(statuses), get_language())


@lru_cache(maxsize=512)
def _statuses_in_words(statuses: tuple[rules.Status, ...], language: str | None) -> str:
    """The same in a language: a map says it of every State."""
    return one_or_other([str(StatusChoices(str(status)).label) for status in statuses])


def open_act(state: State, treaty: Treaty, act: rules.Action) -> str:
    """An act whose day is not known, as a sentence."""
    names = {"state": state.name, "treaty": treaty.short_title, "when": when(act)}
    if act.kind in rules.CONSENTS:
        sentence = _consented(act.kind) % names
    else:
        names["act"] = str(ActionChoices(act.kind.value).label)
        sentence = _("%(act)s of %(state)s under the %(treaty)s: %(when)s.") % names
    return f"{sentence} {_('The day is not known.')}"


def what_is_open(treaty: Treaty, acts: Iterable[tuple[State, rules.Action]]) -> list[str]:
    """Why counts or statuses are told as a range: the acts whose days are not known, with their effect."""
    found = []
    for state, act in acts:
        sentence = open_act(state, treaty, act)
        first, last = intervals.effect_interval(act, treaty.rules)
        if first != last and act.kind in rules.CONSENTS:
            sentence += " " + _("So it enters into force for the State %(when)s.") % {"when": between(first, last)}
        elif first != last and act.kind is Kind.WITHDRAWAL:
            sentence += " " + _("So the withdrawal takes effect %(when)s.") % {"when": between(first, last)}
        found.append(sentence)
    return found


def _consented_after_signing(kind: rules.ActionKind) -> str:
    return {
        Kind.RATIFICATION: _("It ratified the treaty %(when)s."),
        Kind.ACCEPTANCE: _("It accepted the treaty %(when)s."),
        Kind.APPROVAL: _("It approved the treaty %(when)s."),
        Kind.ACCESSION: _("It acceded to the treaty %(when)s."),
        Kind.SUCCESSION: _("It succeeded to the treaty by a notification %(when)s."),
    }[kind]


def _consented(kind: rules.ActionKind) -> str:
    return {
        Kind.RATIFICATION: _("%(state)s ratified the %(treaty)s %(when)s."),
        Kind.ACCEPTANCE: _("%(state)s accepted the %(treaty)s %(when)s."),
        Kind.APPROVAL: _("%(state)s approved the %(treaty)s %(when)s."),
        Kind.ACCESSION: _("%(state)s acceded to the %(treaty)s %(when)s."),
        Kind.SUCCESSION: _("%(state)s succeeded to the %(treaty)s by a notification %(when)s."),
    }[kind]


def status_sentences(line: Line, treaty: Treaty, on: date, acts: Iterable[rules.Action] = ()) -> list[str]:
    """A State's standing in full sentences, in the order of the acts.

    Args: acts: those of the State. Where the day of one is not known, the sentences say what that leaves open.
    """
    state, at = line.state, line.standing
    names = {"state": state.name, "treaty": treaty.short_title}
    sentences = []
    not_dated = [act for act in acts if act.not_before is not None and act.not_before <= on]
    if at.signed:
        sentences.append(_("%(state)s signed the %(treaty)s %(when)s.") % {**names, "when": when(at.signed)})
    if at.consent is None:
        if line.is_open:
            sentences += what_is_open(treaty, [(state, act) for act in not_dated])
        elif at.signed:
            sentences.append(_("It has not consented to be bound."))
        else:
            sentences.append(_("%(state)s has neither signed the %(treaty)s nor joined it.") % names)
    else:
        consented = _consented_after_signing if at.signed else _consented
        sentences.append(consented(at.consent.kind) % {**names, "when": when(at.consent)})
        sentences += _in_force_sentences(line, on)
        if at.withdrawal is not None:
            sentences.append(_withdrawal_sentence(line, on))
        elif line.is_open:
            sentences += what_is_open(treaty, [(state, act) for act in not_dated if act.id != at.consent.id])
    if line.is_open:
        names = {"day": written(on), "statuses": statuses_in_words(line.by_record)}
        sentences.append(_("On %(day)s its status can be: %(statuses)s.") % names)
    if on > treaty.complete_to:
        sentences.append(acts_on_record_to(treaty))
    return sentences


def _in_force_sentences(line: Line, on: date) -> list[str]:
    at = line.standing
    if line.in_force_between:
        return [_("It enters into force for the State %(when)s.") % {"when": between(*line.in_force_between)}]
    if at.in_force_on is None:
        return []
    if at.in_force_on > on:
        sentence = _("It enters into force for the State on %(day)s.")
    elif at.status is rules.Status.WITHDRAWN:
        sentence = _("It entered into force for the State on %(day)s.")
    else:
        sentence = _("It has been in force for the State since %(day)s.")
    return [sentence % {"day": written(at.in_force_on)}]


def _withdrawal_sentence(line: Line, on: date) -> str:
    at = line.standing
    assert at.withdrawal is not None  # noqa: S101 - for the type checker: the caller has looked
    received = when(at.withdrawal)
    if at.held_by_armed_conflict:
        return _(
            "It notified its withdrawal %(received)s; an armed conflict postpones the effect (Art. 20(3)), "
            "so the State is still bound."
        ) % {"received": received}
    if line.withdrawal_effective_between:
        return _("It notified its withdrawal %(received)s, which takes effect %(effect)s.") % {
            "received": received,
            "effect": between(*line.withdrawal_effective_between),
        }
    if at.withdrawal_effective_on is None:
        return _("It notified its withdrawal %(received)s; when that takes effect is not known.") % {
            "received": received
        }
    days = {"received": received, "effect": written(at.withdrawal_effective_on)}
    if at.withdrawal_effective_on <= on:
        return _("It notified its withdrawal %(received)s, which took effect on %(effect)s.") % days
    return (
        _("It notified its withdrawal %(received)s, which takes effect on %(effect)s: until then it is bound.") % days
    )


BOUND = frozenset({rules.Status.PARTY, rules.Status.WITHDRAWING})


def answer(line: Line, on: date, now: date) -> str:
    """Whether a State is bound on a day: one sentence that begins with yes, no, not yet or not certain.

    It rests on the acts on record, and says nothing of acts that may be missing.

    Args: now: the day of the reader. Of an earlier day the sentence speaks in the past; of a later one it names the day.
    """
    bound = {status in BOUND for status in line.by_record}
    if len(bound) == 2:
        return _not_certain(line)
    was = on < now
    sentence = _answer_then(line, on) if was else _answer_now(line)
    return (
        sentence
        if on <= now
        else _("By the acts on record, on %(day)s: %(answer)s")
        % {
            "day": written(on),
            "answer": sentence,
        }
    )


def _not_certain(line: Line) -> str:
    names = {"state": line.state.name}
    if line.in_force_between and None not in line.in_force_between:
        names["when"] = between(*line.in_force_between)
        return _("Not certain. %(state)s is bound from a day %(when)s; which one is not known.") % names
    if line.withdrawal_effective_between and None not in line.withdrawal_effective_between:
        names["when"] = between(*line.withdrawal_effective_between)
        return _("Not certain. %(state)s leaves on a day %(when)s; which one is not known.") % names
    return _("Not certain. The day of an act of %(state)s is not known.") % names


def _answer_now(line: Line) -> str:
    at, names = line.standing, _names_of(line)
    match at.status:
        case rules.Status.PARTY if at.in_force_on:
            return _("Yes. %(state)s is bound, since %(in_force)s.") % names
        case rules.Status.PARTY:
            return _("Yes. %(state)s is bound.") % names
        case rules.Status.WITHDRAWING if at.withdrawal_effective_on and not at.held_by_armed_conflict:
            return _("Yes. %(state)s is still bound: its withdrawal takes effect on %(left)s.") % names
        case rules.Status.WITHDRAWING:
            return _("Yes. %(state)s is still bound: its withdrawal has not taken effect.") % names
        case rules.Status.CONSENTED if at.in_force_on:
            return _("Not yet. %(state)s has joined; it is bound from %(in_force)s.") % names
        case rules.Status.CONSENTED:
            return _("Not yet. %(state)s has joined; the day from which it is bound is not known.") % names
        case rules.Status.SIGNATORY:
            return _("No. %(state)s is not bound: it has signed but not ratified.") % names
        case rules.Status.WITHDRAWN if at.withdrawal_effective_on:
            return _("No. %(state)s is not bound: it left on %(left)s.") % names
        case rules.Status.WITHDRAWN:
            return _("No. %(state)s is not bound: it has left.") % names
        case _:
            return _("No. %(state)s is not bound: it has never joined.") % names


def _answer_then(line: Line, on: date) -> str:
    at, names = line.standing, _names_of(line) | {"day": written(on)}
    match at.status:
        case rules.Status.PARTY if at.in_force_on:
            return _("Yes. On %(day)s %(state)s was bound, since %(in_force)s.") % names
        case rules.Status.PARTY:
            return _("Yes. On %(day)s %(state)s was bound.") % names
        case rules.Status.WITHDRAWING if at.withdrawal_effective_on and not at.held_by_armed_conflict:
            return _("Yes. On %(day)s %(state)s was still bound: its notice ran until %(left)s.") % names
        case rules.Status.WITHDRAWING:
            return _("Yes. On %(day)s %(state)s was still bound: its withdrawal had not taken effect.") % names
        case rules.Status.CONSENTED if at.in_force_on:
            return _("Not yet. On %(day)s %(state)s had joined; it was bound from %(in_force)s.") % names
        case rules.Status.CONSENTED:
            return _("Not yet. On %(day)s %(state)s had joined, but was not bound.") % names
        case rules.Status.SIGNATORY:
            return _("No. On %(day)s %(state)s was not bound: it had signed but not ratified.") % names
        case rules.Status.WITHDRAWN if at.withdrawal_effective_on:
            return _("No. On %(day)s %(state)s was not bound: it had left on %(left)s.") % names
        case rules.Status.WITHDRAWN:
            return _("No. On %(day)s %(state)s was not bound: it had left.") % names
        case _:
            return _("No. On %(day)s %(state)s was not bound: it had not joined.") % names


def _names_of(line: Line) -> dict[str, str]:
    at = line.standing
    return {
        "state": line.state.name,
        "in_force": written(at.in_force_on) if at.in_force_on else "",
        "left": written(at.withdrawal_effective_on) if at.withdrawal_effective_on else "",
    }


def what_is_not_certain(board: Board, iso3: str = "") -> list[str]:
    """Why what a board shows, of all States or of one, is not certain, in the same words everywhere; empty where it is."""
    found = [] if board.is_complete else [acts_on_record_to(board.treaty)]
    relevant = [
        (state, act)
        for state, act in board.open_acts
        if iso3 in ("", state.pk) and (board.by_state[state.pk].is_open or act.deposited_on > board.on)
    ]
    return found + what_is_open(board.treaty, relevant)


def headline(status: rules.Status) -> str:
    """A status in a few words."""
    return {
        rules.Status.PARTY: _("Bound: a party"),
        rules.Status.WITHDRAWING: _("Still bound: its notice of withdrawal is running"),
        rules.Status.CONSENTED: _("Has consented; not yet in force for it"),
        rules.Status.SIGNATORY: _("Has signed; not bound"),
        rules.Status.WITHDRAWN: _("No longer bound: has withdrawn"),
        rules.Status.NOT_PARTY: _("Not bound: has never joined"),
    }[status]


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
