"""A change of what is public is proposed by one editor and accepted by another, and nothing of it is seen before."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, FollowUp, Pillar
from campaign.roles import CAMPAIGN_MANAGER
from config.kit.models import Proposal
from config.kit.models.row_versions import fingerprint
from config.kit.proposals import ProposalError, accept, contents_of, refuse, take_back
from config.kit.roles import AUDITOR
from news.models import Figure, Photo, Quotation, Speaker, SpeakerRole, Statement
from news.newsroom import workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.kit.test_seen import opened, page_of
from tests.config.test_alone import row_of
from tests.factories import SOURCE, CampaignActionFactory, EditorFactory, FigureFactory, StatementFactory
from tests.reading import hidden_of, press_what_is_shown, text_of
from tests.second_person import accept_all
from treaties.law import rules
from treaties.models import (
    Article,
    Declaration,
    DepositaryNotification,
    Extension,
    GroupMembership,
    Obligation,
    State,
    StateName,
    Treaty,
    WithdrawalStep,
)
from treaties.roles import TREATY_OFFICER
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
LIST = reverse("admin:kit_proposal_changelist")


def propose(client, row, **values) -> Proposal:
    """Save the page of a row with other values; the proposal that comes of it."""
    given = opened(client, row) | values
    answer = client.post(page_of(row), {name: value for name, value in given.items() if value is not None})
    assert answer.status_code == 302, answer.context["errors"]
    proposal = Proposal.objects.get()
    assert answer["Location"] == proposal.get_absolute_url()
    return proposal


def add(client, model, **values) -> Proposal:
    answer = client.post(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"), values)
    assert answer.status_code == 302, answer.context["errors"]
    return Proposal.objects.latest("pk")


@pytest.fixture
def norway(state):
    return state("NOR")


class TestProposing:
    def test_changes_nothing_until_another_accepts(self, desk, client, norway):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        proposal = propose(first, norway, name="Zq Norway")
        assert "Zq Norway" not in text_of(client.get("/states/nor/"))
        assert "Accepted" in text_of(press_what_is_shown(second, proposal.get_absolute_url(), step="accept"))
        assert "Zq Norway" in text_of(client.get("/states/nor/"))
        norway.refresh_from_db()
        version = norway.history.first()
        assert (norway.name, version.history_user) == ("Zq Norway", second.user)
        assert first.user.username in version.history_change_reason

    def test_one_officer_alone_changes_no_rule_of_a_treaty(self, desk, convention):
        """Notice of withdrawal 6 -> 60 months: five States that have left would be parties again."""
        officer = desk(TREATY_OFFICER)
        proposal = propose(officer, convention, withdrawal_notice_months="60")
        assert status_board(Treaty.objects.main(), date(2026, 11, 1)).by_state["EST"].status is rules.Status.WITHDRAWN
        answer = press_what_is_shown(officer, proposal.get_absolute_url(), step="accept")
        assert "You proposed it yourself" in text_of(answer)
        convention.refresh_from_db()
        assert convention.withdrawal_notice_months == 6

    def test_shows_before_and_after_side_by_side_with_the_effect_on_the_public_page(self, desk, norway):
        proposal = propose(desk(TREATY_OFFICER), norway, name="Zq Norway")
        words = text_of(desk(TREATY_OFFICER).get(proposal.get_absolute_url()))
        assert "Name Norway Zq Norway" in words
        assert "/states/nor/ Norway Zq Norway" in words
        norway.refresh_from_db()
        assert norway.name == "Norway"

    def test_waits_on_the_desk_of_those_who_may_accept_it_and_of_nobody_else(self, desk, norway):
        first = desk(TREATY_OFFICER)
        propose(first, norway, name="Zq Norway")
        told = "1 proposed change waits for you"
        for client, waits in ((first, False), (desk(TREATY_OFFICER), True), (desk(CAMPAIGN_MANAGER), False)):
            assert (told in text_of(client.get("/admin/"))) == waits

    def test_is_seen_by_who_could_change_it_by_who_proposed_it_and_by_the_auditor(self, desk, norway):
        first = desk(TREATY_OFFICER)
        address = propose(first, norway, name="Zq Norway").get_absolute_url()
        for client, answer in (
            (first, 200),
            (desk(TREATY_OFFICER), 200),
            (desk(AUDITOR), 200),
            (desk(CAMPAIGN_MANAGER), 404),
            (desk(NEWSROOM_EDITOR), 404),
        ):
            assert client.get(address).status_code == answer
            assert ("Zq Norway" in text_of(client.get(LIST))) == (answer == 200)

    def test_of_what_is_not_changed_proposes_nothing(self, desk, norway):
        officer = desk(TREATY_OFFICER)
        versions = norway.history.count()
        assert officer.post(page_of(norway), opened(officer, norway)).status_code == 302
        assert not Proposal.objects.exists()
        # A version of it would be a correction for those who follow the changes.
        assert norway.history.count() == versions

    def test_still_tells_at_the_form_what_is_wrong(self, desk, norway):
        officer = desk(TREATY_OFFICER)
        answer = officer.post(page_of(norway), opened(officer, norway) | {"name": ""})
        assert "This field is required" in text_of(answer)
        assert not Proposal.objects.exists()

    def test_in_a_popup_hands_no_key_of_a_row_that_is_none(self, desk):
        page = reverse("admin:campaign_pillar_add")
        campaign = CampaignAction.objects.first().pillar.campaign
        given = {"campaign": campaign.pk, "slug": "zq", "title": "Zq", "role": "objective", "position": "9"}
        given |= {"summary": "Zq", "source_url": SOURCE}
        answer = desk(CAMPAIGN_MANAGER).post(f"{page}?_popup=1", given | {"_popup": "1"})
        assert (answer.status_code, Proposal.objects.count()) == (302, 1)


class TestAccepting:
    @pytest.fixture
    def proposal(self, desk, norway):
        return propose(desk(TREATY_OFFICER), norway, name="Zq Norway", common_name="Zq")

    def accept(self, proposal, by=None):
        by = by or EditorFactory(role=TREATY_OFFICER)
        return accept(proposal, seen=fingerprint(contents_of(proposal)), by=by)

    @pytest.mark.parametrize("role", [CAMPAIGN_MANAGER, PUBLISHER, AUDITOR])
    def test_is_for_an_editor_of_the_same_app(self, proposal, role):
        with pytest.raises(ProposalError, match="Your role"):
            self.accept(proposal, EditorFactory(role=role))

    def test_is_not_for_a_closed_account(self, proposal):
        with pytest.raises(ProposalError):
            self.accept(proposal, EditorFactory(role=TREATY_OFFICER, is_active=False))

    def test_is_not_for_who_proposed_it_whatever_their_rights(self, proposal):
        proposal.made_by.is_superuser = True
        proposal.made_by.save()
        with pytest.raises(ProposalError, match="yourself"):
            self.accept(proposal, proposal.made_by)

    def test_is_of_what_was_shown(self, desk, proposal, norway):
        officer = desk(TREATY_OFFICER)
        seen = hidden_of(officer.get(proposal.get_absolute_url()))["seen"][0]
        norway.name = "Somebody's Norway"
        norway.save()
        answer = officer.post(proposal.get_absolute_url(), {"step": "accept", "seen": seen}, follow=True)
        assert "It has changed since you saw it" in text_of(answer)
        proposal.refresh_from_db()
        assert proposal.is_open

    @pytest.mark.parametrize("seen", ["", "0", None])
    def test_is_not_done_unseen(self, proposal, seen):
        with pytest.raises(ProposalError):
            accept(proposal, seen=seen, by=EditorFactory(role=TREATY_OFFICER))

    def test_refuses_what_does_not_fit_any_more_and_says_which_field(self, proposal, norway):
        norway.name = "Somebody's Norway"
        norway.save()
        with pytest.raises(ProposalError, match="changed since this was proposed: name"):
            self.accept(proposal)
        norway.refresh_from_db()
        assert norway.common_name != "Zq"

    def test_leaves_alone_what_others_have_changed_beside_it(self, proposal, norway):
        norway.regional_group = "Zq group"
        norway.save()
        self.accept(proposal)
        norway.refresh_from_db()
        assert (norway.name, norway.regional_group) == ("Zq Norway", "Zq group")

    def test_is_done_once(self, proposal):
        self.accept(proposal)
        with pytest.raises(ProposalError, match="decided already"):
            self.accept(proposal)

    def test_checks_all_again_that_the_form_checked(self, desk):
        officer = desk(TREATY_OFFICER)
        names = {"kind": "also_known", "name": "Zq Name", "source_url": SOURCE}
        twice = [add(officer, StateName, state=iso3, **names) for iso3 in ("NOR", "SWE")]
        self.accept(twice[0])
        with pytest.raises(ProposalError, match="stands for a State already"):
            self.accept(twice[1])
        assert StateName.objects.get(name="Zq Name").state_id == "NOR"

    def test_of_something_new_with_rows_of_its_own_makes_all_of_them(self, desk):
        officer = desk(TREATY_OFFICER)
        given = {
            "short_title": "Zq Treaty",
            "slug": "zq-treaty",
            "title": "Zq Treaty",
            "reference": "ZQ-1",
            "depositary": "Nobody",
            "source_url": SOURCE,
            "adopted_on": "2000-01-01",
            "adopted_at": "Nowhere",
            "entry_into_force_rule": "days_after_deposit",
            "entry_into_force_n": "30",
            "withdrawal_notice_days": "10",
            "complete_to": "2026-01-01",
            "position": "9",
            "articles-TOTAL_FORMS": "1",
            "articles-INITIAL_FORMS": "0",
            "articles-0-number": "1",
            "articles-0-heading": "Zq heading",
        }
        proposal = add(officer, Treaty, **given)
        assert not Treaty.objects.filter(slug="zq-treaty").exists()
        # Another treaty takes the key that the first one had on trial.
        other = add(officer, Treaty, **given | {"short_title": "O", "slug": "o", "title": "O", "reference": "O"})
        self.accept(other)
        self.accept(proposal)
        assert Treaty.objects.get(slug="zq-treaty").articles.get().heading == "Zq heading"
        assert Treaty.objects.get(slug="o").articles.count() == 1

    def test_of_links_makes_one_version(self, desk, campaign):
        row = CampaignActionFactory(pillar=campaign.pillars.first())
        row.states.set(["EST"])
        before = row.history.count()
        proposal = propose(desk(CAMPAIGN_MANAGER), row, states=["NOR", "SWE"], title="Zq")
        assert "Estonia" in text_of(desk(CAMPAIGN_MANAGER).get(proposal.get_absolute_url()))
        self.accept(proposal, EditorFactory(role=CAMPAIGN_MANAGER))
        assert {s.pk for s in row.states.all()} == {"NOR", "SWE"}
        assert row.history.count() == before + 1

    def test_computes_anew_what_follows_from_a_rule(self, desk, convention):
        self.accept(propose(desk(TREATY_OFFICER), convention, withdrawal_notice_months="12"))
        assert convention.actions.get(state="EST", action="withdrawal").effective_on == date(2026, 6, 27)


class TestRefusing:
    @pytest.fixture
    def proposal(self, desk, norway):
        return propose(desk(TREATY_OFFICER), norway, name="Zq Norway")

    def test_wants_a_reason_which_the_first_editor_reads(self, desk, norway):
        first, second = desk(TREATY_OFFICER), desk(TREATY_OFFICER)
        address = propose(first, norway, name="Zq Norway").get_absolute_url()
        assert "Say why it is refused" in text_of(press_what_is_shown(second, address, step="refuse", reason=" "))
        press_what_is_shown(second, address, step="refuse", reason="It is called otherwise.")
        assert "1 change that you proposed was refused" in text_of(first.get("/admin/"))
        assert "It is called otherwise." in text_of(first.get(address))
        norway.refresh_from_db()
        assert norway.name == "Norway"

    def test_is_not_for_who_proposed_it_who_takes_it_back(self, proposal):
        with pytest.raises(ProposalError):
            refuse(proposal, reason="No.", by=proposal.made_by)
        with pytest.raises(ProposalError, match="Only who proposed"):
            take_back(proposal, by=EditorFactory(role=TREATY_OFFICER))
        assert take_back(proposal, by=proposal.made_by).decision == "taken_back"

    def test_ends_it(self, proposal):
        refuse(proposal, reason="No.", by=EditorFactory(role=TREATY_OFFICER))
        with pytest.raises(ProposalError, match="decided already"):
            accept(proposal, seen=fingerprint(contents_of(proposal)), by=EditorFactory(role=TREATY_OFFICER))
        with pytest.raises(ProposalError, match="decided already"):
            take_back(proposal, by=proposal.made_by)

    def test_of_a_step_that_is_none_is_told(self, desk, proposal):
        answer = desk(TREATY_OFFICER).post(proposal.get_absolute_url(), {"step": "publish"}, follow=True)
        assert "There is no such step." in text_of(answer)


class TestTheDatabase:
    def test_keeps_nobody_as_their_own_second_person(self, desk, norway):
        proposal = propose(desk(TREATY_OFFICER), norway, name="Zq Norway")
        for decision in ("accepted", "refused"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Proposal.objects.filter(pk=proposal.pk).update(
                    decision=decision, reason="x", decided_by=proposal.made_by, decided_at=proposal.made_at
                )

    def test_keeps_who_proposed_and_who_decided_for_ever(self, desk, norway):
        proposal = propose(desk(TREATY_OFFICER), norway, name="Zq Norway")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM kit_historicalproposal WHERE id = %s", [proposal.pk])


class TestEveryKindOfPublicRow:
    """One editor alone changes none of them. Each tried by its own page in the admin."""

    def alone(self, desk, editors, row, **values):
        proposal = propose(desk(editors), row, **values)
        before = {name: getattr(row, name) for name in values}
        fresh = type(row).objects.get(pk=row.pk)
        assert {name: getattr(fresh, name) for name in values} == before
        by = EditorFactory(role=editors)
        accept(proposal, seen=fingerprint(contents_of(proposal)), by=by)
        fresh.refresh_from_db()
        assert {name: str(getattr(fresh, name)) for name in values} == {n: str(v) for n, v in values.items()}

    @pytest.mark.parametrize(
        ("model", "field"),
        [
            (WithdrawalStep, "detail"),
            (Declaration, "summary"),
            (Obligation, "note"),
            (Extension, "granted_at"),
            (GroupMembership, "note"),
            (StateName, "note"),
        ],
    )
    def test_of_the_record(self, desk, model, field):
        self.alone(desk, TREATY_OFFICER, model.objects.order_by("pk").first(), **{field: "Zq"})

    @pytest.mark.parametrize(("model", "field"), [(CampaignAction, "title"), (Commitment, "text")])
    def test_of_the_campaign(self, desk, model, field):
        self.alone(desk, CAMPAIGN_MANAGER, model.objects.order_by("pk").first(), **{field: "Zq"})

    @pytest.mark.parametrize("role", [NEWSROOM_EDITOR, PUBLISHER])
    @pytest.mark.parametrize(
        ("model", "field"),
        [(Quotation, "text"), (Figure, "note"), (Speaker, "name"), (SpeakerRole, "role")],
    )
    def test_under_a_published_statement(self, desk, role, model, field):
        FigureFactory(statement=Statement.objects.public().first(), text="Zq", value=165)
        row = model.objects.order_by("pk").first()
        self.alone(desk, role, row, **{field: "Zq changed"})

    def test_the_words_beneath_a_published_photograph(self, desk):
        photo = Photo.objects.create(credit="Somebody", caption="Something")
        Statement.objects.public().filter(pk=Statement.objects.public().first().pk).update(photo=photo)
        self.alone(desk, PUBLISHER, photo, caption="Zq", credit="Zq")

    def test_a_new_endorsement_counts_once_a_second_person_has_verified_it(self, desk, campaign):
        client = desk(CAMPAIGN_MANAGER)
        given = {"campaign": campaign.pk, "kind": "city", "name": "Zq City", "endorsed_on": "2026-01-02"}
        add(client, Endorsement, source_url=SOURCE, **given)
        assert not Endorsement.objects.filter(name="Zq City").exists()
        second = accept_all()
        assert Endorsement.objects.get(name="Zq City").verified_by == second

    def test_a_call_that_is_let_go_from_its_hold(self, desk, campaign, client):
        row = CampaignActionFactory(pillar=campaign.pillars.first(), title="Zq held", is_held=True)
        manager = desk(CAMPAIGN_MANAGER)
        given = opened(manager, row)
        manager.post(page_of(row), {k: v for k, v in given.items() if v is not None and k != "is_held"})
        assert "Zq held" not in text_of(client.get(campaign.get_absolute_url()))
        accept_all()
        assert "Zq held" in text_of(client.get(campaign.get_absolute_url()))

    def test_a_quotation_is_not_moved_from_a_draft_under_a_published_statement(self, desk):
        draft, public = StatementFactory(), Statement.objects.public().first()
        row = Quotation.objects.create(statement=draft, text="Zq", source_url=SOURCE)
        proposal = propose(desk(NEWSROOM_EDITOR), row, statement=public.pk)
        row.refresh_from_db()
        assert (row.statement, proposal.is_open) == (draft, True)


class TestDrafts:
    """What nobody outside sees needs no second person."""

    def test_a_speaker_and_a_quotation_of_a_draft_are_changed_at_once(self, desk):
        editor = desk(NEWSROOM_EDITOR)
        speaker = Speaker.objects.create(name="Zq Speaker", kind="person")
        statement = StatementFactory(author=editor.user, speaker=speaker)
        quotation = Quotation.objects.create(statement=statement, text="Zq", source_url=SOURCE)
        for row, values in ((speaker, {"name": "Zq Other"}), (quotation, {"text": "Zq other"})):
            given = {k: v for k, v in opened(editor, row).items() if v is not None}
            assert editor.post(page_of(row), given | values).status_code == 302
            row.refresh_from_db()
            assert all(getattr(row, name) == value for name, value in values.items())
        assert not Proposal.objects.exists()

    def test_a_figure_changed_on_its_own_page_makes_an_approved_text_a_draft_again(self, desk):
        statement = StatementFactory(author=EditorFactory(role=NEWSROOM_EDITOR))
        figure = FigureFactory(statement=statement, text="165 States", value=165, note="A note.")
        workflow.submit(statement, by=statement.author)
        workflow.approve(statement, by=EditorFactory(role=PUBLISHER))
        editor = desk(NEWSROOM_EDITOR)
        given = {k: v for k, v in opened(editor, figure).items() if v is not None}
        assert editor.post(page_of(figure), given | {"value": "164"}).status_code == 302
        statement.refresh_from_db()
        assert (statement.workflow, statement.approved_by) == ("draft", None)

    def test_done_before_its_check_is_recorded_at_once(self, desk, campaign):
        commitment = Commitment.objects.filter(status="under_way").first() or Commitment.objects.first()
        manager = desk(CAMPAIGN_MANAGER)
        given = {k: v for k, v in opened(manager, commitment).items() if v is not None}
        n = given["follow_ups-TOTAL_FORMS"]
        given |= {
            "follow_ups-TOTAL_FORMS": int(n) + 1,
            f"follow_ups-{n}-on": "2026-11-01",
            f"follow_ups-{n}-status": "done",
            f"follow_ups-{n}-text": "Zq",
            f"follow_ups-{n}-evidence_url": SOURCE,
        }
        assert manager.post(page_of(commitment), given).status_code == 302
        assert FollowUp.objects.get(text="Zq").check_result == "waiting"
        assert not Proposal.objects.exists()


class TestTakingOut:
    """Nothing public is deleted: it is taken out, with a reason, by two."""

    def test_is_proposed_and_then_hides_the_row_and_keeps_it(self, desk, client, convention, state):
        step = WithdrawalStep.objects.create(
            treaty=convention,
            state=state("NOR"),
            step="announced_intention",
            date="2026-01-02",
            detail="Zq detail",
            source_url=SOURCE,
        )
        assert "Zq detail" in text_of(client.get("/states/nor/"))
        officer = desk(TREATY_OFFICER)
        proposal = propose(officer, step, taken_out_because="It was another State.")
        assert "Zq detail" in text_of(client.get("/states/nor/"))
        accept(proposal, seen=fingerprint(contents_of(proposal)), by=EditorFactory(role=TREATY_OFFICER))
        assert "Zq detail" not in text_of(client.get("/states/nor/"))
        assert "Zq detail" not in client.get("/api/v1/withdrawal-steps/?state=NOR").content.decode()
        page = text_of(officer.get(page_of(step)))
        assert "It was another State." in page
        step.refresh_from_db()
        Proposal.objects.all().delete()
        assert propose(officer, step, taken_out_because="").is_open
        assert accept_all()
        assert "Zq detail" in text_of(client.get("/states/nor/"))
        step.taken_out_because = "It was another State."
        step.save()
        listed = officer.get(reverse("admin:treaties_withdrawalstep_changelist") + "?taken_out=yes")
        assert "2026" in text_of(listed)

    def test_leaves_room_for_the_right_row(self, desk, convention):
        officer = desk(TREATY_OFFICER)
        given = {
            "treaty": convention.pk,
            "state": "NOR",
            "step": "announced_intention",
            "date": "2026-01-02",
            "date_precision": "day",
            "detail": "Zq",
            "source_url": SOURCE,
        }
        add(officer, WithdrawalStep, **given)
        accept_all()
        wrong = WithdrawalStep.objects.get(state="NOR")
        again = officer.post(reverse("admin:treaties_withdrawalstep_add"), given)
        assert "This step is recorded already." in text_of(again)
        wrong.taken_out_because = "Wrong."
        wrong.save()
        add(officer, WithdrawalStep, **given)
        accept_all()
        assert WithdrawalStep.objects.get(state="NOR").pk != wrong.pk

    @pytest.mark.parametrize("model", [WithdrawalStep, StateName, GroupMembership, Extension, Declaration])
    def test_is_the_only_way_not_even_an_administrator_deletes(self, desk, model):
        row = model.objects.first()
        administrator = desk(None, is_superuser=True)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert administrator.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        administrator.post(
            reverse(f"{name}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert model.objects.filter(pk=row.pk).exists()

    def test_takes_a_declaration_out_of_the_search_and_tells_mirrors(self, client, indexed_at_once):
        row = Declaration.objects.exclude(summary="").first()
        row.summary = "Zqxylophone"
        row.save()
        assert "Zqxylophone" in text_of(client.get("/search/?q=zqxylophone"))
        row.taken_out_because = "Wrong."
        row.save()
        assert "Zqxylophone" not in text_of(client.get("/search/?q=zqxylophone")).replace("zqxylophone", "")
        assert client.get(f"/api/v1/declarations/{row.pk}/").status_code == 404


PAGES = {
    State: "/states/",
    StateName: "/states/",
    GroupMembership: "/states/",
    Treaty: "/treaties/",
    Article: "/treaties/",
    WithdrawalStep: "/treaties/",
    Obligation: "/states/",
    Extension: "/states/",
    Declaration: "/treaties/",
    DepositaryNotification: "/treaties/",
    Pillar: "/campaigns/",
    Campaign: "/campaigns/",
    CampaignAction: "/campaigns/",
    Commitment: "/campaigns/",
    Quotation: "/news/",
    Speaker: "/news/",
    SpeakerRole: "/news/",
}


@pytest.mark.parametrize("model", PAGES, ids=lambda m: m._meta.model_name)
def test_the_second_person_is_led_to_the_public_page_of_every_kind(desk, model):
    row = row_of(model)
    names = ("name", "note", "summary", "heading", "title", "detail", "text", "role")
    field = next(f.name for f in model._meta.fields if f.name in names and not f.choices)
    proposal = propose(desk(None, is_superuser=True), row, **{field: "Zq"})
    words = text_of(desk(None, is_superuser=True).get(proposal.get_absolute_url()))
    assert "Effect on the public page" in words
    assert PAGES[model] in words.partition("Effect on the public page")[2]


class TestWhatCannotBeAccepted:
    def proposal(self, **change):
        given = {"model": "treaties.statename", "key": 1, "before": {"name": "x"}, "after": {"name": "y"}} | change
        return Proposal.objects.create(
            title="Zq",
            model="treaties.statename",
            permission="treaties.change_statename",
            changes=[given],
            made_by=EditorFactory(role=TREATY_OFFICER),
        )

    def refusal(self, proposal) -> str:
        with pytest.raises(ProposalError) as refused:
            accept(proposal, seen=fingerprint(contents_of(proposal)), by=EditorFactory(role=TREATY_OFFICER))
        return str(refused.value)

    def test_is_a_change_of_a_row_that_is_gone(self):
        assert "It is there no more" in self.refusal(self.proposal(key=999_999_999))

    def test_is_the_deletion_of_what_is_public(self):
        name = StateName.objects.first()
        proposal = self.proposal(key=name.pk, before={"name": name.name}, after=None)
        assert "Nothing public is deleted" in self.refusal(proposal)
        assert StateName.objects.filter(pk=name.pk).exists()

    def test_is_shown_without_an_effect(self, desk):
        proposal = self.proposal(key=999_999_999)
        assert "cannot be accepted as things stand" in text_of(desk(TREATY_OFFICER).get(proposal.get_absolute_url()))


def test_moments_and_truth_values_are_shown_in_words(desk, campaign):
    row = CampaignActionFactory(pillar=campaign.pillars.first(), official=False, date=date(2026, 1, 2))
    proposal = propose(desk(CAMPAIGN_MANAGER), row, official="on", date="2026-01-03")
    words = text_of(desk(CAMPAIGN_MANAGER).get(proposal.get_absolute_url()))
    assert "No Yes" in words
    assert "2 January 2026 3 January 2026" in words
