"""The officers' desk: preview, confirmation, replacement, tables of acts, what waits, comparisons with the Depositary."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.roles import CAMPAIGN_MANAGER
from config.kit.roles import AUDITOR
from news.roles import PUBLISHER
from tests.factories import SOURCE, OfficerFactory, StatementFactory, TreatyActionFactory
from tests.reading import apply_to_shown, hidden_of, html_of, press_what_is_shown, text_of
from tests.treaties.admin.test_admin import ADD, LIST, act
from treaties import ledger
from treaties.law import rules
from treaties.ledger import comparing
from treaties.models import Comparison, Difference, Obligation, TreatyAction
from treaties.roles import TREATY_OFFICER
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
PREVIEW = reverse("admin:treaties_treatyaction_preview")


class TestThePreview:
    def ask(self, client, convention, **values):
        given = {"treaty": convention.pk, "state": "CHN", "action": "accession", "deposited_on": "2026-03-10"} | values
        return client.get(PREVIEW, given, headers={"X-Requested-With": "fetch"})

    def test_shows_effect_status_and_counts_by_the_day(self, desk, convention):
        words = text_of(self.ask(desk(TREATY_OFFICER), convention))
        assert "Takes effect on: 1 September 2026" in words
        assert "9 March 2026 (before) Not party 133 161 or 162 161 0 5" in words
        assert "10 March 2026 (deposit) Consented, not yet in force 133 162 or 163 161 0 5" in words
        assert "1 September 2026 (effect) Party 133 162 or 163 162 or 163 0 5" in words

    def test_writes_nothing(self, desk, convention):
        before = TreatyAction.objects.count()
        self.ask(desk(TREATY_OFFICER), convention)
        assert TreatyAction.objects.count() == before

    def test_says_what_the_ledger_would_refuse(self, desk, convention):
        answer = self.ask(desk(TREATY_OFFICER), convention, state="NOR")
        assert "Norway has consented to be bound already." in text_of(answer)

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"deposited_on": "someday"}, "Enter a valid date."),
            ({"state": "XXX"}, "Select a valid choice."),
            ({"action": "signature"}, "closed for signature"),
        ],
    )
    def test_names_what_it_cannot_read(self, desk, convention, values, sentence):
        assert sentence in text_of(self.ask(desk(TREATY_OFFICER), convention, **values))

    def test_of_a_replacement_leaves_the_old_row_out(self, desk, convention):
        tonga = TreatyAction.objects.of(convention).get(state="TON")
        values = {"state": "TON", "deposited_on": "2025-07-02", "replaces": tonga.pk}
        words = text_of(self.ask(desk(TREATY_OFFICER), convention, **values))
        assert "1 July 2025 (before) Not party" in words
        assert "Takes effect on: 1 January 2026" in words

    def test_is_a_page_of_its_own_without_scripts(self, desk, convention):
        given = {"treaty": convention.pk, "state": "CHN", "action": "accession", "deposited_on": "2026-03-10"}
        html = desk(TREATY_OFFICER).get(PREVIEW, given).content.decode()
        assert "<html" in html
        assert "1 September 2026" in html

    def test_is_for_officers(self, desk, convention):
        assert self.ask(desk(AUDITOR), convention).status_code == 403


def test_a_waiting_act_is_edited_on_its_page(desk, convention):
    officer = desk(TREATY_OFFICER)
    officer.post(ADD, act(convention))
    row = TreatyAction.objects.waiting().get()
    page = reverse("admin:treaties_treatyaction_change", args=[row.pk])
    seen = officer.get(page).context["adminform"].form["seen_row"].value()
    answer = officer.post(page, act(convention, deposited_on="2026-03-11", seen_row=seen))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.deposited_on == date(2026, 3, 11)


class TestConfirming:
    @pytest.fixture
    def waiting(self, desk, convention):
        client = desk(TREATY_OFFICER)
        client.post(ADD, act(convention))
        row = TreatyAction.objects.waiting().get()
        return client, row, reverse("admin:treaties_treatyaction_confirm", args=[row.pk])

    def test_shows_the_second_officer_what_the_first_one_saw(self, desk, waiting):
        _first, _row, address = waiting
        words = text_of(desk(TREATY_OFFICER).get(address))
        assert "1 September 2026 (effect) Party" in words
        assert "Confirm: it counts" in desk(TREATY_OFFICER).get(address).content.decode()

    def test_makes_it_count(self, desk, waiting, convention):
        _first, _row, address = waiting
        response = press_what_is_shown(desk(TREATY_OFFICER), address)
        assert "is confirmed and counts from now on" in response.content.decode()
        assert status_board(convention, date(2027, 1, 1)).by_state["CHN"].status is rules.Status.PARTY

    def test_is_not_offered_to_the_officer_who_recorded_it_and_refused(self, waiting):
        first, row, address = waiting
        assert 'value="confirm"' not in first.get(address).content.decode()
        assert "ask a colleague" in first.post(address, follow=True).content.decode()
        row.refresh_from_db()
        assert not row.is_confirmed

    def test_is_for_officers(self, desk, waiting):
        assert desk(AUDITOR).post(waiting[2]).status_code == 403

    def test_is_offered_on_the_page_of_the_row(self, waiting):
        first, row, address = waiting
        assert address in first.get(reverse("admin:treaties_treatyaction_change", args=[row.pk])).content.decode()


def test_a_confirmed_row_offers_to_be_replaced_with_a_reason(desk, convention):
    client = desk(TREATY_OFFICER)
    tonga = TreatyAction.objects.of(convention).get(state="TON")
    html = client.get(reverse("admin:treaties_treatyaction_change", args=[tonga.pk])).content.decode()
    assert "Replace with a reason" in html
    form = client.get(
        f"{ADD}?replaces={tonga.pk}&treaty={convention.pk}&state=TON&action=accession&deposited_on=2025-06-25"
    )
    assert form.context["adminform"].form.initial["replaces"] == str(tonga.pk)


class TestWhatNeedsMe:
    def words(self, client):
        return text_of(client.get(reverse("admin:index")))

    def test_names_what_waits_for_a_second_officer_but_not_my_own(self, desk, convention):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        first.post(ADD, act(convention))
        assert "1 record waits for your confirmation" in self.words(second)
        assert "waits for your confirmation" not in self.words(first)

    def test_names_statements_to_review_and_overdue_commitments_to_those_who_can_do_it(self, desk):
        StatementFactory(workflow="in_review", author=OfficerFactory())
        assert "1 statement waits for review" in self.words(desk(PUBLISHER))
        assert "2 commitments are overdue" in self.words(desk(CAMPAIGN_MANAGER))
        assert "Nothing waits for you." in self.words(desk())

    def test_warns_when_the_last_comparison_has_grown_old(self, desk, convention):
        client = desk(TREATY_OFFICER)
        assert "Mine Ban Convention was never compared with the Depositary here" in self.words(client)
        convention.last_compared_on = timezone.now().date() - timedelta(days=91)
        convention.save()
        assert "Mine Ban Convention was last compared with the Depositary on" in self.words(client)
        convention.last_compared_on = timezone.now().date()
        convention.save()
        assert "Mine Ban Convention was" not in self.words(client)


class TestComparing:
    def table(self, convention, change=lambda acts: acts):
        acts = TreatyAction.objects.of(convention).current().values_list("state", "action", "deposited_on")
        lines = [",".join(map(str, row)) for row in change(list(acts))]
        return "\n".join(["iso3,action,date", *lines]).encode()

    def upload(self, client, convention, content):
        values = {"treaty": convention.pk, "table_of": "2026-11-01", "source_url": SOURCE}
        values["table"] = SimpleUploadedFile("table.csv", content)
        return client.post(reverse("admin:treaties_comparison_add"), values, follow=True)

    def other(self, acts):
        """China is new, Tonga has another day, Estonia's withdrawal is missing."""
        kept = [a for a in acts if a[:2] not in {("TON", "accession"), ("EST", "withdrawal")}]
        return [*kept, ("TON", "accession", "2025-06-26"), ("CHN", "accession", "2026-03-02")]

    def test_the_same_table_shows_no_difference_and_is_closed_by_another_officer(self, desk, convention, client):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        words = self.upload(first, convention, self.table(convention)).content.decode()
        assert "No difference." in words
        comparison = Comparison.objects.get()
        address = reverse("admin:treaties_comparison_changelist")
        assert "ask a colleague" in text_of(apply_to_shown(first, address, "close_selected", comparison))
        assert "is closed." in text_of(apply_to_shown(second, address, "close_selected", comparison))
        convention.refresh_from_db()
        assert convention.last_compared_on == date(2026, 11, 1)
        assert "Compared with the Depositary on 1 November 2026: no difference." in text_of(
            client.get("/treaties/mine-ban-convention/")
        )
        assert client.get("/api/v1/treaties/mine-ban-convention/").json()["last_compared_on"] == "2026-11-01"

    def test_each_difference_is_accepted_into_a_proposal_or_contested_with_a_reason(self, desk, convention):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        self.upload(first, convention, self.table(convention, self.other))
        found = {d.state_id: d for d in Difference.objects.all()}
        assert {s: (d.kind, d.action) for s, d in found.items()} == {
            "CHN": ("missing_here", "accession"),
            "TON": ("other_day", "accession"),
            "EST": ("missing_there", "withdrawal"),
        }
        before = status_board(convention, date(2027, 1, 1)).counts
        address = reverse("admin:treaties_difference_changelist")
        keys = [found[s].pk for s in ("CHN", "TON")]
        first.post(address, {"action": "accept_selected", "_selected_action": keys}, follow=True)
        china, tonga = TreatyAction.objects.waiting().order_by("state")
        assert (china.state_id, china.deposited_on, china.replaces) == ("CHN", date(2026, 3, 2), None)
        assert tonga.replaces == TreatyAction.objects.of(convention).confirmed().get(state="TON")
        assert "The Depositary's table of 2026-11-01 gives 2025-06-26." in tonga.reason
        assert status_board(convention, date(2027, 1, 1)).counts == before

        contest = reverse("admin:treaties_difference_change", args=[found["EST"].pk])
        assert "This field is required" in first.post(contest, {"reason": ""}).content.decode()
        first.post(contest, {"reason": "The notice was published."})
        comparison = Comparison.objects.get()
        with pytest.raises(comparing.DecisionRefused, match="2 proposed acts wait"):
            comparing.close(comparison, by=second.user)
        ledger.confirm(china, by=second.user)
        ledger.confirm(tonga, by=second.user)
        comparing.close(comparison, by=second.user)
        assert status_board(convention, date(2027, 1, 1)).counts.parties == before.parties + 1
        found["EST"].refresh_from_db()
        assert (found["EST"].decision, found["EST"].decided_by) == ("contested", first.user)

    def test_is_closed_as_it_was_shown_and_not_by_who_decided_a_difference(self, desk, convention):
        first, second, third = (desk(TREATY_OFFICER) for _n in range(3))
        self.upload(first, convention, self.table(convention, self.other))
        comparison = Comparison.objects.get()
        for n, difference in enumerate(comparison.differences.order_by("pk")):
            comparing.contest(difference, reason="No.", by=(first if n else second).user)
        address = reverse("admin:treaties_comparison_changelist")
        assert "You decided" in text_of(apply_to_shown(second, address, "close_selected", comparison))
        shown = third.post(address, {"action": "close_selected", "_selected_action": [comparison.pk]})
        assert "Contested" in text_of(shown) or "contested" in text_of(shown)
        comparison.differences.filter(state="EST").update(reason="Another reason.")
        assert "It has changed since you saw it" in text_of(third.post(address, hidden_of(shown), follow=True))
        comparison.refresh_from_db()
        assert comparison.closed_at is None

    def test_nothing_is_decided_twice(self, convention):
        officer = OfficerFactory()
        comparison = Comparison(treaty=convention, table_of=date(2026, 11, 1), source_url=SOURCE)
        acts = comparing.read_table(self.table(convention, self.other))
        comparing.compare(comparison, acts, by=officer)
        china = comparison.differences.get(state="CHN")
        comparing.accept(china, by=officer)
        with pytest.raises(comparing.DecisionRefused, match="decided already"):
            comparing.contest(china, reason="No.", by=officer)

    def test_an_act_that_cannot_be_is_refused_in_a_sentence(self, convention):
        officer = OfficerFactory()
        comparison = Comparison(treaty=convention, table_of=date(2026, 11, 1), source_url=SOURCE)
        late = self.table(convention, lambda acts: [*acts, ("CHN", "signature", "2026-01-01")])
        comparing.compare(comparison, comparing.read_table(late), by=officer)
        with pytest.raises(comparing.DecisionRefused, match="closed for signature"):
            comparing.accept(comparison.differences.get(), by=officer)

    def test_a_comparison_with_open_differences_is_not_closed(self, convention):
        comparison = Comparison(treaty=convention, table_of=date(2026, 11, 1), source_url=SOURCE)
        comparing.compare(comparison, comparing.read_table(self.table(convention, self.other)), by=OfficerFactory())
        with pytest.raises(comparing.DecisionRefused, match="3 differences are not decided yet"):
            comparing.close(comparison, by=OfficerFactory())

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"iso3,action\nCHN,accession\n", "lacks the columns: date"),
            (b"iso3,action,date\nXXX,accession,2026-01-01\n", "2: unknown State XXX."),
            (b"iso3,action,date\nCHN,purchase,2026-01-01\n", "2: unknown act purchase."),
            (b"iso3,action,date\nCHN,accession,2026-02-30\n", "2: 2026-02-30 is not a date"),
            (b"iso3,action,date\nCHN,accession\n", "2: the date is missing"),
            (b"iso3,action,date\n", "a header and no rows"),
            (b"iso3,iso3,action,date\nCHN,CHN,accession,2026-01-01\n", "these columns twice: iso3"),
            (b"iso3,action,date\nCHN,accession,20260105\n", "2: 20260105 is not a date"),
            (b"iso3,action,date\nCHN,accession,2026-W02-1\n", "2: 2026-W02-1 is not a date"),
            (b"iso3,action,date\nCHN,accession,2936-01-01\n", "cannot be the day of an act"),
            (b"iso3,action,date\nCHN,accession,0026-01-01\n", "cannot be the day of an act"),
            (b"iso3,action,date\nCHN,accession,11/05/2026\n", "2: 11/05/2026 is not a date"),
            (
                b'iso3,action,date,note\nCHN,accession,2026-01-01,"letter of\nFRA,withdrawal,2026-01-02,x\n',
                "2: a quotation mark",
            ),
            (b"iso3,action,date\nCHN,accession,2026-01-01\nCHN,accession,2026-01-01\n", "has an act twice"),
            (b"\xff\xfe", "lacks the columns: iso3"),
        ],
    )
    def test_a_table_that_cannot_be_read_is_told_with_its_line(self, desk, convention, content, sentence):
        words = text_of(self.upload(desk(TREATY_OFFICER), convention, content))
        assert sentence in words
        assert not Comparison.objects.exists()


class TestExplaining:
    def reasons(self, client, state, on):
        address = f"/api/v1/treaties/mine-ban-convention/status/?state={state}&on={on}&expand=explanation"
        return client.get(address).json()["results"][0]["explanation"]

    def test_names_articles_and_rows_in_order(self, client, convention):
        found = self.reasons(client, "EST", "2025-12-01")
        notice = TreatyAction.objects.of(convention).get(state="EST", action="withdrawal")
        assert [(r["article"], r["action"]) for r in found][2:5] == [("20(3)", notice.pk)] * 3
        assert [r["text"] for r in found] == [
            "Consented to be bound by a deposit on 12 May 2004.",
            "In force on 1 November 2004, the first day of the sixth month after the month of deposit.",
            "Notified a withdrawal, which the Depositary received on 27 June 2025.",
            "The notice runs out on 27 December 2025.",
            "Until the effect the State is bound.",
            "So on 1 December 2025: Still bound: its notice of withdrawal is running.",
        ]

    @pytest.mark.parametrize(
        ("state", "on", "sentence"),
        [
            ("CHN", "2026-01-01", "No act of China is in the ledger by that day."),
            ("CAN", "2026-01-01", "In force on 1 March 1999, when the treaty itself entered into force."),
            ("SSD", "2026-01-01", "Effective on 9 July 2011, as the Depositary states."),
            ("MHL", "2025-03-11", "So on 11 March 2025: Has signed; not bound."),
        ],
    )
    def test_tells_each_kind_of_case(self, client, state, on, sentence):
        assert sentence in [r["text"] for r in self.reasons(client, state, on)]

    def test_of_other_rules_counts_as_they_do(self, client):
        action = TreatyActionFactory(treaty__entry_into_force_rule="days_after_deposit", treaty__entry_into_force_n=90)
        address = f"/api/v1/treaties/{action.treaty.slug}/status/?state=EST&expand=explanation"
        found = client.get(address).json()["results"][0]["explanation"]
        assert "In force on 10 August 2004, 90 days after deposit." in [r["text"] for r in found]

    def test_is_left_out_unless_asked_for(self, client):
        answer = client.get("/api/v1/treaties/mine-ban-convention/status/?state=EST").json()
        assert "explanation" not in answer["results"][0]

    def test_stands_on_the_states_page(self, client):
        words = text_of(client.get("/states/est/"))
        assert "The notice runs out on 27 December 2025. Art. 20(3) row" in words


class TestTheWatchInDepth:
    def test_supposes_notices_without_recording_them(self, client, convention):
        words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/?on=2025-06-16&leave=EST&leave=POL"))
        assert (
            "Supposing notices on 16 June 2025, the effect would come on 16 December 2025: 163 parties instead of 165"
            in words
        )
        assert status_board(convention, date(2025, 12, 20)).counts.withdrawn == 0

    def test_supposes_only_of_states_that_have_announced(self, client):
        html = client.get("/treaties/mine-ban-convention/withdrawals/?on=2025-06-16").content.decode()
        assert html.count('name="leave"') == 5
        words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/?on=2025-06-16&leave=CHN"))
        assert "Supposing" not in words

    def test_says_the_moment_in_utc_and_in_the_capital(self, client):
        words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/?on=2025-12-17"))
        assert "27 December 2025, 05:00 UTC ; 27 December 2025, 07:00 (EET) in the State's capital" in words

    def test_claims_no_capitals_time_where_a_state_keeps_several(self, state):
        from treaties.status.legal_days import start_of_legal_day

        assert start_of_legal_day(date(2025, 12, 27), state("RUS")).local is None
        assert start_of_legal_day(date(2025, 6, 27), state("EST")).utc.hour == 4  # summer time in New York

    def test_gives_the_reasons_in_the_states_own_words(self, client):
        words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/"))
        assert "“This decision was not taken lightly.” Kęstutis Budrys, Minister of Foreign Affairs, Lithuania" in words

    def test_says_what_falls_away_and_what_stays(self, client):
        words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/?on=2026-03-01"))
        finland = words.split("What falls away")[1].split("Finland")[1].split("Poland")[0]
        assert "10 Jan 2026 Art. 1 (General obligations), Art. 4" in finland
        assert "Art. 20(4)" in words
        assert "Amended Protocol II" in finland

    def test_lists_dated_duties_only_where_they_were_still_open(self, client, convention):
        def finland():
            words = text_of(client.get("/treaties/mine-ban-convention/withdrawals/?on=2026-03-01"))
            return words.split("What falls away")[1].split("Finland")[1].split("Poland")[0]

        # Its term ended in 2022, before it left, and nothing is on record.
        assert "Article 5: clear mined areas" not in finland()
        Obligation.objects.create(treaty=convention, state_id="FIN", obligation="article_5", outcome="pending")
        assert "Article 5: clear mined areas ( 1 Jul 2022 )" in finland()


class TestTheMatrix:
    def test_shows_every_state_under_every_treaty(self, client):
        html = html_of(client.get("/treaties/matrix/?on=2025-12-27"))
        assert html.count('<tr><th scope="row"><a href="/states/') == 197
        assert html.count('class="badge badge--') == 197 * 6 + 6

    def test_shows_an_incomplete_treaty_on_its_last_complete_day(self, client, withheld):
        assert "10 Jul 2014" in text_of(client.get("/treaties/matrix/"))

    def test_can_be_narrowed_to_a_region(self, client):
        assert "2 States" in text_of(client.get("/treaties/matrix/?region=Northern America"))


def test_declarations_stand_on_the_pages_of_state_and_treaty_and_in_the_api(client, convention):
    from treaties.models import Declaration

    declared = Declaration.objects.create(
        kind="declaration", treaty=convention, state_id="FIN", made_on="2012-01-09", text="Words.", source_url=SOURCE
    )
    Declaration.objects.create(
        kind="objection",
        treaty=convention,
        state_id="NOR",
        made_on="2013-01-09",
        text="Other words.",
        source_url=SOURCE,
        answers=declared,
    )
    words = text_of(client.get("/treaties/mine-ban-convention/declarations/"))
    assert "1 State objected Norway , 9 January 2013 Other words." in words
    assert "Other words." in text_of(client.get("/states/nor/"))
    answer = client.get("/api/v1/declarations/?kind=objection&state=NOR&after=2013-01-09&before=2013-01-09").json()[
        "results"
    ][0]
    assert (answer["answers"], answer["state"]["iso3"]) == (declared.pk, "NOR")


def test_an_act_chosen_in_the_list_is_confirmed_there_too(desk, convention):
    desk(TREATY_OFFICER).post(ADD, act(convention))
    row = TreatyAction.objects.waiting().get()
    apply_to_shown(desk(TREATY_OFFICER), LIST, "confirm_selected", row)
    row.refresh_from_db()
    assert row.is_confirmed
