"""Loads States, treaties, the ledger, declarations, withdrawal steps and deadlines from treaties/data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.kit.incoming.loading import (
    CORRECTED,
    REASON,
    LoadedRows,
    LoaderCommand,
    Problems,
    Row,
    create_all,
    is_as_loaded,
    read_csv,
)
from treaties import ledger
from treaties.law import rules
from treaties.models import (
    ActionChoices,
    Article,
    Declaration,
    DeclarationChoices,
    DepositaryNotification,
    EntryIntoForceChoices,
    Extension,
    GroupChoices,
    GroupMembership,
    Obligation,
    ObligationChoices,
    PrecisionChoices,
    State,
    StateName,
    StateNameChoices,
    StepChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.models.states import alphabetical_key

TAKEN_OUT = "No longer in the data file"
"""The reason of a row that takes out one which came from an earlier state of the same file, where the corrections name none."""
MOST_TAKEN_OUT = 10
"""More rows of the ledger are not taken out at once: a file that lacks so many is a wrong one."""
PUBLIC_STATEMENT = "Public statement, not lodged with the Depositary"
"""How the note of a text begins that no State has lodged with the Depositary."""
UPON_SIGNATURE = "Made upon signature"
"""How the note of a text begins that was made with the signature, though the State consented on the same day."""
FACTS = (
    "action",
    "deposited_on",
    "not_before",
    "interval_source",
    "stated_effective_on",
    "stated_effective_reason",
    "source_url",
    "note",
)


@dataclass
class Loader:
    """One run over the folder. Nothing is kept unless every row of every file is right."""

    folder: Path
    now: datetime
    problems: Problems
    outcomes: dict[tuple[str, str], tuple[Row, str]] = field(default_factory=dict)
    """What States have declared of their duties, by State and duty, with the row that says so."""
    changed_duties: set[tuple[str, str]] = field(default_factory=set)
    """The duties of which a row is new or was corrected."""

    def run(self) -> list[str]:
        """The lines of the report."""
        with transaction.atomic():
            files = [self.load_states(), self.load_codes(), self.load_names(), self.load_groups()]
            files += [self.load_treaties(), self.load_articles()]
            files += [self.load_actions(row) for row in self.rows("treaties.csv")]
            files += [self.load_steps(), self.load_outcomes(), self.load_deadlines()]
            files += [self.load_declarations(), self.load_notifications()]
            self.problems.stop_if_any()
            for loaded in files:
                loaded.save()
            ledger.seal()
        reports = [loaded.report() for loaded in files]
        return [lines[0] for lines in reports] + [line for lines in reports for line in lines[1:]]

    def rows(self, name: str) -> Any:
        return read_csv(self.folder / name, self.problems)

    def loaded(self, name: str) -> LoadedRows:
        return LoadedRows(name, self.problems)

    @cached_property
    def sealed_at(self) -> datetime:
        """The moment from which the acts of this run are known: after the States and the rules, without which they mean nothing."""
        return timezone.now()

    @cached_property
    def states(self) -> dict[str, State]:
        """All States by code, to be asked when they are loaded."""
        return {s.pk: s for s in State.objects.all()}

    @cached_property
    def reasons(self) -> dict[tuple[str, str], str]:
        """Why rows of the ledger were corrected in the files, by file and by the key that the row had before."""
        return {
            (row.text("file", required=True), row.text("key", required=True)): row.text("reason", required=True)
            for row in self.rows("corrections.csv")
        }

    def treaties(self) -> dict[str, Treaty]:
        return {t.slug: t for t in Treaty.objects.all()}

    @cached_property
    def codes(self) -> dict[str, dict[str, str]]:
        """The codes of other lists and the regional group of each State."""
        return {
            row.text("iso3"): {
                "cow_code": row.text("cow_code"),
                "cow_abbreviation": row.text("cow_abb"),
                "gw_code": row.text("gw_code"),
                "regional_group": row.text("un_regional_group"),
            }
            for row in self.rows("state_codes.csv")
        }

    def load_states(self) -> LoadedRows:
        loaded = self.loaded("states.csv")
        new: list[State] = []
        for row in self.rows("states.csv"):
            name = row.text("name", required=True)
            state = State(
                iso3=row.text("iso3", required=True),
                iso2=row.text("iso2", required=True),
                m49=row.text("m49", required=True),
                name=name,
                common_name=row.text("common_name", required=True),
                formal_name=row.text("formal_name", required=True),
                sort_name=alphabetical_key(name),
                region=row.text("un_region", required=True),
                subregion=row.text("un_subregion", required=True),
                un_member=row.boolean("un_member"),
                un_member_since=row.day("un_member_since"),
                **self.codes.get(row.text("iso3"), {}),
            )
            loaded.sort(row, state.iso3, state, ["iso3"], new)
        self.problems.stop_if_any()
        create_all(State, new)
        loaded.bring_up()
        return loaded

    def load_codes(self) -> LoadedRows:
        """The codes of States that were loaded before; new ones have them already."""
        loaded = self.loaded("state_codes.csv")
        for row in self.rows("state_codes.csv"):
            state = row.one_of("iso3", self.states)
            key = row.text("iso3")
            is_noted, is_changed = loaded.note(row, key)
            if state is None or not is_noted or (key in loaded.loaded and not is_changed):
                continue
            differing = [name for name, value in self.codes[key].items() if getattr(state, name) != value]
            if any(getattr(state, name) for name in differing) and not is_as_loaded(state):
                loaded.changed.append(
                    f"{row.file}:{row.line}: an editor has changed the State here, its codes are left as they are: {key}"
                )
                continue
            if differing:
                for name in differing:
                    setattr(state, name, self.codes[key][name])
                row.checked(state)
                state._change_reason = CORRECTED
                state.save()
            if is_changed:
                loaded.correct(row, key, key, f"taken over ({', '.join(differing)})" if differing else "")
        return loaded

    def load_names(self) -> LoadedRows:
        """The names that States had before, and those under which people know them."""
        loaded = self.loaded("state_names.csv")
        new: list[StateName] = []
        for row in self.rows("state_names.csv"):
            state = row.one_of("iso3", self.states)
            name = row.text("short_name", required=True)
            kind = row.choice("kind", StateNameChoices)
            if state is not None:
                found = StateName(
                    state=state,
                    kind=kind,
                    name=name,
                    formal_name=row.text("formal_name"),
                    valid_from=row.text("valid_from"),
                    valid_to=row.text("valid_to"),
                    sort_name=alphabetical_key(name),
                    source_url=row.text("source_url", required=True),
                    note=row.text("note"),
                )
                loaded.sort(row, f"{state.pk} {kind} {name}", found, ["state", "kind", "name"], new)
        self.problems.stop_if_any()
        loaded.take_out({f"{n.state_id} {n.kind} {n.name}": n for n in StateName.objects.all()})
        create_all(StateName, new)
        loaded.bring_up()
        return loaded

    def load_groups(self) -> LoadedRows:
        """Which State belongs to which group, since when."""
        loaded = self.loaded("group_memberships.csv")
        new: list[GroupMembership] = []
        for row in self.rows("group_memberships.csv"):
            state = row.one_of("iso3", self.states)
            group = row.choice("group", GroupChoices)
            since = row.day("from")
            if state is not None:
                found = GroupMembership(
                    group=group,
                    state=state,
                    since=since,
                    until=row.day("to"),
                    source_url=row.text("source_url", required=True),
                    note=row.text("note"),
                )
                loaded.sort(row, f"{group} {state.pk} {since or ''}", found, ["group", "state", "since"], new)
        self.problems.stop_if_any()
        loaded.take_out({f"{m.group} {m.state_id} {m.since or ''}": m for m in GroupMembership.objects.all()})
        create_all(GroupMembership, new)
        loaded.bring_up()
        return loaded

    def load_treaties(self) -> LoadedRows:
        loaded = self.loaded("treaties.csv")
        new: list[Treaty] = []
        for position, row in enumerate(self.rows("treaties.csv")):
            treaty = Treaty(
                slug=row.text("slug", required=True),
                short_title=row.text("short_title", required=True),
                title=row.text("title", required=True),
                reference=row.text("reference", required=True),
                depositary=row.text("depositary", required=True),
                adopted_on=row.required_day("adopted_on"),
                adopted_at=row.text("adopted_at", required=True),
                opened_on=row.day("opened_on"),
                closed_on=row.day("closed_on"),
                entered_into_force_on=row.day("entered_into_force_on"),
                entry_into_force_rule=row.choice("entry_into_force_rule", EntryIntoForceChoices),
                entry_into_force_n=row.number("entry_into_force_n"),
                withdrawal_notice_months=row.number("withdrawal_notice_months"),
                withdrawal_notice_days=row.number("withdrawal_notice_days"),
                armed_conflict_clause=row.boolean("armed_conflict_clause"),
                dated_duties=row.boolean("dated_duties"),
                source_url=row.text("source_url", required=True),
                complete_to=row.required_day("complete_to"),
                counts_withheld_after=row.day("counts_withheld_after"),
                note=row.text("note"),
                article_signature=row.text("article_signature"),
                article_consent=row.text("article_consent"),
                article_entry_into_force=row.text("article_entry_into_force"),
                article_withdrawal=row.text("article_withdrawal"),
                position=position,
            )
            loaded.sort(row, treaty.slug, treaty, ["slug"], new)
        self.problems.stop_if_any()
        create_all(Treaty, new)
        loaded.bring_up()
        return loaded

    def load_articles(self) -> LoadedRows:
        loaded = self.loaded("articles.csv")
        treaties = self.treaties()
        new: list[Article] = []
        for row in self.rows("articles.csv"):
            treaty = row.one_of("treaty", treaties)
            number = row.number("number")
            if treaty and number:
                article = Article(
                    treaty=treaty,
                    number=number,
                    heading=row.text("heading"),
                    summary=row.text("summary"),
                    is_duty=row.boolean("is_duty"),
                )
                loaded.sort(row, f"{row.text('treaty')} {number}", article, ["treaty", "number"], new)
        self.problems.stop_if_any()
        create_all(Article, new)
        loaded.bring_up()
        return loaded

    def load_actions(self, treaty_row: Row) -> LoadedRows:
        """The ledger of one treaty. A stated day of effect is kept only where the treaty's rule gives another.

        Acts whose day is not known come from a file of their own. A row that was corrected in a file replaces the row of the ledger
        that came of it, and one that is gone from it is taken out, each with the reason.
        """
        name = treaty_row.text("actions_file", required=True)
        undated = treaty_row.text("undated_file")
        loaded = self.loaded(name)
        treaty = self.treaties()[treaty_row.text("slug")]
        read: list[tuple[Row, str, TreatyAction]] = []
        for row in self.rows(name):
            self._read_action(loaded, row, f"{row.text('iso3')} {row.text('action')} {row.text('date')}", treaty, read)
        for row in self.rows(undated) if undated else ():
            between = f"{row.text('not_before')}/{row.text('not_after')}"
            self._read_action(loaded, row, f"{row.text('iso3')} {row.text('action')} {between}", treaty, read)
        self.problems.stop_if_any()
        read.sort(key=lambda item: (item[2].deposited_on, item[2].state_id))
        new, corrections = [], []
        ours = set(TreatyAction.objects.of(treaty).values_list("state", "action", "deposited_on"))
        taken_out = TreatyAction.objects.of(treaty).filter(is_annulment=True, replacements__isnull=True)
        annulments = {(a.state_id, a.action, a.deposited_on): a for a in taken_out}
        for row, key, action in read:
            old_key = key if key in loaded.loaded else self._taken_from(loaded, action)
            annulment = annulments.get((action.state_id, action.action, action.deposited_on))
            if old_key is None and annulment is not None:
                action.replaces, action.reason = annulment, CORRECTED
                corrections.append(action)
                loaded.changed.append(f"{row.file}:{row.line}: back in the file, and in the ledger: {key}")
            elif old_key is None and (action.state_id, action.action, action.deposited_on) in ours:
                loaded.changed.append(f"{row.file}:{row.line}: an officer has recorded it already: {key}")
            elif old_key is None:
                new.append(action)
            elif self._correct(loaded, row, key, old_key, action):
                corrections.append(action)
        corrections += self._taken_out(loaded, treaty)
        self.problems.stop_if_any()
        ledger.import_confirmed(new, at=self.sealed_at, reason=REASON)
        ledger.import_confirmed(corrections, at=self.sealed_at, reason=CORRECTED)
        ledger.refresh_effects(corrections)
        return loaded

    def _read_action(
        self, loaded: LoadedRows, row: Row, key: str, treaty: Treaty, read: list[tuple[Row, str, TreatyAction]]
    ) -> None:
        """Add the act of a row to those that were read, unless it is in the ledger as the row has it."""
        is_dated = "date" in row.values
        state = row.one_of("iso3", self.states)
        kind = row.choice("action", ActionChoices)
        last = row.day("date" if is_dated else "not_after", required=True)
        first = None if is_dated else row.day("not_before", required=True)
        is_noted, is_changed = loaded.note(row, key)
        if not is_noted or (key in loaded.loaded and not is_changed):
            return
        if state is None or kind not in ActionChoices.values or last is None or not (is_dated or first):
            return
        if last > self.now.date():
            row.wrong(f"{'date' if is_dated else 'not_after'}: {last} lies in the future.")
        if first and first >= last:
            row.wrong(f"not_before: {first} is not before {last}.")
        stated, why = self.stated_effect(row, rules.ActionKind(kind), last, treaty) if is_dated else (None, "")
        action = TreatyAction(
            treaty=treaty,
            state=state,
            action=kind,
            deposited_on=last,
            not_before=first,
            interval_source="" if is_dated else row.text("source_note", required=True),
            stated_effective_on=stated,
            stated_effective_reason=why,
            source_url=row.text("source_url", required=True),
            note=row.text("note"),
            recorded_at=self.now,
            loaded_from=f"{row.file}:{row.line}",
        )
        read.append((row, key, row.checked(action)))

    def _taken_from(self, loaded: LoadedRows, action: TreatyAction) -> str | None:
        """The key of the row that was loaded before and is gone from the files, of which this one is the correction: the first
        of the same State and kind of act."""
        for key in loaded.gone():
            iso3, kind, _day = key.split(" ")
            is_same = (iso3, ledger.act_family(kind)) == (action.state_id, ledger.act_family(action.action))
            if is_same and key not in loaded.corrected.values():
                return key
        return None

    def _came_of(self, treaty: Treaty, key: str) -> TreatyAction | None:
        """The row of the ledger that came of a row of the files, if no officer has replaced it."""
        iso3, kind, day = key.split(" ")
        first, _slash, last = day.rpartition("/")
        return (
            TreatyAction.objects.of(treaty)
            .current()
            .filter(state=iso3, action=kind, deposited_on=last, not_before=first or None)
            .exclude(loaded_from="")
            .first()
        )

    def _correct(self, loaded: LoadedRows, row: Row, key: str, old_key: str, action: TreatyAction) -> bool:
        """Let a corrected row replace the row of the ledger that came of it, unless an officer has replaced that already.

        Returns whether the ledger changes.
        """
        old = self._came_of(action.treaty, old_key)
        if old is None:
            loaded.correct(
                row, key, old_key, "but an officer has replaced the row of the ledger, which is left as it is"
            )
            return False
        if all(getattr(old, name) == getattr(action, name) for name in FACTS):
            loaded.correct(row, key, old_key, "nothing in the ledger changes by it")
            return False
        action.replaces, action.reason = old, self.reasons.get((loaded.file, old_key), CORRECTED)
        loaded.correct(row, key, old_key, "the row of the ledger is replaced")
        return True

    def _taken_out(self, loaded: LoadedRows, treaty: Treaty) -> list[TreatyAction]:
        """Rows that take out those of the ledger which came from rows that are gone from the files."""
        gone = [key for key in loaded.gone() if key not in loaded.corrected.values()]
        if len(gone) > MOST_TAKEN_OUT:
            self.problems.add(
                loaded.file, 1, f"{len(gone)} rows that were loaded before are gone. Is this the right file?"
            )
            return []
        found = []
        for key in gone:
            old = self._came_of(treaty, key)
            if old is None:
                loaded.changed.append(f"{loaded.file}: gone from the file, and replaced by an officer: {key}")
            else:
                facts = {name: getattr(old, name) for name in FACTS}
                reason = self.reasons.get((loaded.file, key), TAKEN_OUT)
                found.append(
                    TreatyAction(
                        treaty=treaty,
                        state=old.state,
                        **facts,
                        recorded_at=self.now,
                        loaded_from=loaded.file,
                        replaces=old,
                        is_annulment=True,
                        reason=reason,
                    )
                )
                loaded.changed.append(
                    f"{loaded.file}: gone from the file, the row of the ledger is taken out: {key} ({reason})"
                )
            loaded.taken_out.append(key)
        return found

    def stated_effect(
        self, row: Row, kind: rules.ActionKind, deposited_on: date, treaty: Treaty
    ) -> tuple[date | None, str]:
        given = row.day("effective_date")
        if given is None:
            return None, ""
        draft = rules.Action(id=0, state="", kind=kind, deposited_on=deposited_on)
        computed = rules.effective_on(draft, treaty.rules)
        if given == computed:
            return None, ""
        if not row.text("note"):
            row.wrong(
                f"effective_date: {given} is not {computed}, which the treaty's rule gives, and no note says why."
            )
        return given, row.text("note")

    def load_steps(self) -> LoadedRows:
        loaded = self.loaded("withdrawal_steps.csv")
        states, treaties = self.states, self.treaties()
        new: list[WithdrawalStep] = []
        for row in self.rows("withdrawal_steps.csv"):
            state = row.one_of("iso3", states)
            treaty = row.one_of("treaty", treaties)
            actor = row.one_of("actor_iso3", states, required=False)
            step = row.choice("step", StepChoices)
            day = row.day("date", required=True)
            key = " ".join(row.text(n) for n in ("treaty", "iso3", "step", "date", "actor_iso3"))
            if state and treaty and day:
                found = WithdrawalStep(
                    treaty=treaty,
                    state=state,
                    step=step,
                    date=day,
                    date_precision=row.choice("date_precision", PrecisionChoices, PrecisionChoices.DAY),
                    actor=actor,
                    votes_for=row.number("votes_for"),
                    votes_against=row.number("votes_against"),
                    abstentions=row.number("abstentions"),
                    detail=row.text("detail", required=True),
                    source_url=row.text("source_url", required=True),
                    note=row.text("note"),
                )
                loaded.sort(row, key, found, ["treaty", "state", "step", "date", "actor"], new)
        self.problems.stop_if_any()
        create_all(WithdrawalStep, new)
        loaded.bring_up()
        return loaded

    def load_outcomes(self) -> LoadedRows:
        """What States have declared of their duties under the main treaty, where the deadlines do not say it."""
        name = "mine_ban_convention_outcomes.csv"
        loaded = self.loaded(name)
        for row in self.rows(name):
            state = row.one_of("iso3", self.states)
            kind = row.choice("obligation", ObligationChoices)
            outcome = row.choice("outcome", Obligation.Outcome)
            is_noted, is_changed = loaded.note(row, f"{row.text('iso3')} {kind}")
            if is_noted and state is not None:
                self.outcomes[state.pk, kind] = (row, outcome)
                if is_changed or f"{row.text('iso3')} {kind}" not in loaded.loaded:
                    self.changed_duties.add((state.pk, kind))
            if is_changed:
                loaded.correct(row, f"{row.text('iso3')} {kind}", f"{row.text('iso3')} {kind}", "")
        return loaded

    def load_deadlines(self) -> LoadedRows:
        """The deadlines of duties under the main treaty, one row a decision, in order. The first must be the computed one."""
        name = "mine_ban_convention_deadlines.csv"
        loaded = self.loaded(name)
        treaty = Treaty.objects.main()
        in_force = self.entry_into_force_by_state(treaty)
        duties: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows(name):
            state = row.one_of("iso3", self.states)
            kind = row.choice("obligation", ObligationChoices)
            if state is None or kind not in ObligationChoices.values:
                continue
            decisions = duties.setdefault((state.pk, kind), [])
            decisions.append(row)
            key = f"{state.pk} {kind} {len(decisions)}"
            _is_noted, is_changed = loaded.note(row, key)
            if is_changed:
                loaded.correct(row, key, key, "taken over")
            if is_changed or key not in loaded.loaded:
                self.changed_duties.add((state.pk, kind))
        for (iso3, kind), decisions in duties.items():
            if (iso3, kind) in self.changed_duties:
                self._check_decisions(treaty, in_force.get(iso3), rules.ObligationKind(kind), decisions)
        self.problems.stop_if_any()
        kept = {(o.state_id, o.obligation): o for o in Obligation.objects.filter(treaty=treaty)}
        for iso3, kind in sorted(self.changed_duties & duties.keys()):
            self._bring_up_duty(loaded, treaty, kept.get((iso3, kind)), duties[iso3, kind])
        self.problems.stop_if_any()
        return loaded

    def _check_decisions(
        self, treaty: Treaty, since: date | None, kind: rules.ObligationKind, decisions: list[Row]
    ) -> None:
        first, *later = decisions
        if since is None:
            first.wrong(f"iso3: {treaty} never entered into force for {self.states[first.text('iso3')]}.")
            return
        computed = rules.obligation_deadline(kind, since)
        if first.text("basis") != "initial" or first.day("deadline", required=True) != computed:
            first.wrong(f"deadline: {first.text('deadline')} is not {computed}, counted from {since}.")
        for row in later:
            if kind not in rules.EXTENDABLE or row.text("basis") != "extension":
                row.wrong("basis: only the deadline of Article 5 can be extended, after the initial one (Art. 5(3)).")

    def _bring_up_duty(self, loaded: LoadedRows, treaty: Treaty, kept: Obligation | None, decisions: list[Row]) -> None:
        """Make or change what is on record of a duty by its decisions in the file, if no editor has changed it."""
        first, *later = decisions
        iso3, kind = first.text("iso3"), first.text("obligation")
        if kept is not None and not all(is_as_loaded(one) for one in (kept, *kept.extensions.all())):
            loaded.changed.append(
                f"{first.file}:{first.line}: an editor has changed it here, left as it is: {iso3} {kind}"
            )
            return
        said, outcome = self.outcomes.get((iso3, kind), (None, Obligation.Outcome.PENDING))
        completed_on = decisions[-1].day("completed_on")
        wanted = {
            "outcome": Obligation.Outcome.COMPLETED if completed_on else outcome,
            "completed_on": completed_on,
            "known_to": first.day("known_to"),
            "source_url": (said or first).text("source_url"),
            "note": (said or first).text("note"),
        }
        duty = kept or Obligation(treaty=treaty, state=self.states[iso3], obligation=kind)
        _save_as_loaded(duty, wanted, first)
        by_day = {extension.extended_to: extension for extension in duty.extensions.all()}
        # The last one first: until it has its number, an earlier one would seem to go further than those after it.
        for number, row in reversed(list(enumerate(later, 1))):
            day = row.day("deadline")
            extension = by_day.get(day) or Extension(obligation=duty, extended_to=day)
            decided: dict[str, Any] = {
                "number": number,
                "granted_at": row.text("granted_at"),
                "granted_on": row.day("granted_on"),
                "known_to": row.day("known_to"),
                "source_url": row.text("source_url"),
                "note": row.text("note"),
            }
            _save_as_loaded(extension, decided, row)

    def load_declarations(self) -> LoadedRows:
        """The texts of States. First those that answer none, since an objection names the text that it answers."""
        name = "declarations.csv"
        loaded = self.loaded(name)
        treaties = self.treaties()
        given: dict[str, int] = {}
        answering: list[tuple[Row, str]] = []
        first: list[tuple[Row, str]] = []
        for row in self.rows(name):
            key = " ".join(row.text(n) for n in ("treaty", "iso3", "kind", "made_on"))
            given[key] = given.get(key, 0) + 1
            (answering if row.text("answers_kind") else first).append((row, f"{key} {given[key]}"))
        for rows in (first, answering):
            new: list[Declaration] = []
            for row, key in rows:
                if loaded.is_as_before(row, key):
                    continue
                if (found := self._declaration(row, key, treaties)) is not None:
                    loaded.sort(row, key, found, ["loaded_as"], new)
            self.problems.stop_if_any()
            create_all(Declaration, new)
        loaded.bring_up()
        loaded.tell_gone()
        return loaded

    def _declaration(self, row: Row, key: str, treaties: dict[str, Treaty]) -> Declaration | None:
        treaty = row.one_of("treaty", treaties)
        state = row.one_of("iso3", self.states)
        about = row.one_of("answers_iso3", self.states, required=False)
        kind = row.choice("kind", DeclarationChoices)
        made_on, note = row.day("made_on"), row.text("note")
        if treaty is None or state is None:
            return None
        answers = None
        if row.text("answers_kind"):
            asked = {"kind": row.text("answers_kind"), "made_on": row.day("answers_made_on")}
            answered = list(Declaration.objects.of(treaty).filter(state=about, **asked))
            if len(answered) != 1:
                row.wrong(
                    f"answers_iso3, answers_kind, answers_made_on: they name {len(answered)} rows instead of one."
                )
                return None
            answers = answered[0]
        return Declaration(
            kind=kind,
            treaty=treaty,
            state=state,
            made_on=made_on,
            articles=row.text("articles"),
            with_action=self._lodged_with(treaty, state, kind, made_on, note),
            answers=answers,
            about=None if answers else about,
            summary=row.text("summary", required=True),
            language=row.text("language"),
            withdrawn_on=row.day("withdrawn_on"),
            is_public_statement=note.startswith(PUBLIC_STATEMENT),
            source_url=row.text("source_url", required=True),
            note=note,
            loaded_as=key,
        )

    def _lodged_with(
        self, treaty: Treaty, state: State, kind: str, made_on: date | None, note: str
    ) -> TreatyAction | None:
        """The act of the day with which a text was lodged: the provisional application, else the consent, else the signature."""
        acts = {act.action: act for act in self.acts_of_day.get((treaty.pk, state.pk, made_on), ())}
        wanted = [kind, *sorted(rules.CONSENTS), rules.ActionKind.SIGNATURE]
        if note.startswith(UPON_SIGNATURE):
            wanted = [rules.ActionKind.SIGNATURE]
        return next((acts[action] for action in wanted if action in acts), None)

    @cached_property
    def acts_of_day(self) -> dict[tuple[int, str, date | None], list[TreatyAction]]:
        """The acts that count, by treaty, State and day. To be asked when all are loaded."""
        found: dict[tuple[int, str, date | None], list[TreatyAction]] = {}
        for act in TreatyAction.objects.current().filter(not_before=None):
            found.setdefault((act.treaty_id, act.state_id, act.deposited_on), []).append(act)
        return found

    def load_notifications(self) -> LoadedRows:
        """The numbers under which the Depositary told of acts and texts."""
        name = "depositary_notifications.csv"
        loaded = self.loaded(name)
        treaties = self.treaties()
        new: list[DepositaryNotification] = []
        for row in self.rows(name):
            treaty = row.one_of("treaty", treaties)
            state = row.one_of("iso3", self.states)
            kind, day = row.text("action", required=True), row.required_day("deposited_on")
            if treaty is None or state is None or loaded.is_as_before(row, row.text("reference")):
                continue
            acts = [act for act in self.acts_of_day.get((treaty.pk, state.pk, day), ()) if act.action == kind]
            texts = list(Declaration.objects.of(treaty).filter(state=state, kind=kind, made_on=day))
            if not acts and len(texts) != 1:
                told = f"{len(texts)} acts and texts of that day are on record instead of one, left out"
                loaded.changed.append(f"{row.file}:{row.line}: {told}: {row.text('reference')}")
                continue
            found = DepositaryNotification(
                act=acts[0] if acts else None,
                declaration=None if acts else texts[0],
                reference=row.text("reference", required=True),
                notified_on=row.required_day("notified_on"),
                source_url=row.text("source_url", required=True),
                note=row.text("note"),
            )
            loaded.sort(row, row.text("reference"), found, ["reference"], new)
        self.problems.stop_if_any()
        create_all(DepositaryNotification, new)
        loaded.bring_up()
        loaded.tell_gone()
        return loaded

    def entry_into_force_by_state(self, treaty: Treaty) -> dict[str, date]:
        consents = TreatyAction.objects.of(treaty).current().filter(action__in=rules.CONSENTS)
        return {a.state_id: a.effective_on for a in consents.order_by("-deposited_on") if a.effective_on}


def _save_as_loaded(instance: Any, wanted: dict[str, Any], row: Row) -> None:
    """Save what a row of a file says, with the reason, if it says anything else than what is saved."""
    is_new = instance._state.adding
    if not is_new and all(getattr(instance, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(instance, name, value)
    row.checked(instance)
    instance._change_reason = REASON if is_new else CORRECTED
    instance.save()


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(__file__).resolve().parents[2] / "data"

    def load(self, folder: Path) -> list[str]:
        return Loader(folder, timezone.now(), Problems()).run()
