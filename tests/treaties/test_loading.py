"""Loading is all or nothing, says what is wrong and where, and never undoes an editor's work."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from campaign.management.commands import load_campaign
from campaign.models import Campaign, CampaignAction, Commitment, Pillar
from config.kit.incoming.loading import CORRECTED, REASON
from config.kit.models import LoadedRow
from news.management.commands import load_news
from news.models import Figure, Quotation, Statement
from treaties.models import Extension, Obligation, State, TreatyAction, WithdrawalStep
from treaties.status.duties import dated_duties

pytestmark = pytest.mark.django_db
MINES = "mine_ban_convention_actions.csv"
DEADLINES = "mine_ban_convention_deadlines.csv"


@pytest.fixture
def before_the_campaign():
    """The record without the campaign and the news, as if they had never been loaded."""
    for model in (Figure, Quotation):
        model.objects.all().delete()
    Statement.objects.exclude(translation_of=None).delete()
    for model in (Statement, CampaignAction, Commitment, Pillar, Campaign):
        model.objects.all().delete()
    LoadedRow.objects.filter(file__in=["campaign.yaml", "statements.yaml", "translations.yaml"]).delete()


def add_line(path, line):
    path.write_text(path.read_text().rstrip("\n") + "\n" + line + "\n")
    return len(path.read_text().splitlines())


def load(folder):
    call_command("load_treaties", data=folder, verbosity=0)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("XXX,accession,2025-01-01,,https://example.org/,", "iso3: unknown 'XXX'."),
        ("CHN,accession,2025-02-30,,https://example.org/,", "date: '2025-02-30' is not a date of the calendar"),
        ("CHN,accession,2999-01-01,,https://example.org/,", "date: 2999-01-01 lies in the future."),
        ("CHN,purchase,2025-01-01,,https://example.org/,", "action: 'purchase' is none of signature"),
        ("CHN,signature,2025-01-01,,https://example.org/,", "deposited_on: The treaty was closed for signature"),
        ("CHN,accession,2025-01-01,,no address,", "source_url: Enter a valid URL."),
        (
            "CHN,accession,2025-01-01,2025-01-02,https://example.org/,",
            "is not 2025-07-01, which the treaty's rule gives",
        ),
        ("AND,signature,1997-12-03,,https://example.org/,", "the same as line 2: AND signature 1997-12-03."),
        ("CHN,accession", "the row does not have as many cells as the header."),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line_and_nothing_is_loaded(folder, line, sentence):
    number = add_line(folder / MINES, line)
    add_line(folder / MINES, "USA,accession,2025-01-01,,https://example.org/,")
    with pytest.raises(CommandError) as refused:
        load(folder)
    assert f"{MINES}:{number}: " in str(refused.value)
    assert sentence in str(refused.value)
    assert not TreatyAction.objects.filter(state__in=["CHN", "USA"], treaty__slug="mine-ban-convention").exists()


def test_a_computed_deadline_that_a_file_contradicts_is_told(folder):
    path = folder / DEADLINES
    number = add_line(path, "ALB,article_5,2011-01-01,initial,,,,,https://example.org/,")
    with pytest.raises(CommandError, match=f"{number}: deadline: 2011-01-01 is not 2010-08-01"):
        load(folder)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ["ALB,article_4,2004-08-01,initial,,,,,,", "ALB,article_4,2010-01-01,extension,,,,,,"],
            "only the deadline of",
        ),
        (["ALB,article_5,2010-08-01,initial,,,,,,", "ALB,article_5,2012-01-01,initial,,,,,,"], "only the deadline of"),
        (
            [
                "ALB,article_5,2010-08-01,initial,,,,,,",
                "ALB,article_5,2014-01-01,extension,,,,,,",
                "ALB,article_5,2012-01-01,extension,,,,,,",
            ],
            "a later one goes further",
        ),
        (["CHN,article_5,2010-08-01,initial,,,,,,"], "never entered into force for China"),
    ],
)
def test_a_decision_that_cannot_be_is_told_and_nothing_is_loaded(folder, lines, sentence):
    for line in lines:
        add_line(folder / DEADLINES, line)
    with pytest.raises(CommandError, match=sentence):
        load(folder)
    assert not Obligation.objects.filter(state__in=["ALB", "CHN"]).exists()


def test_a_later_decision_in_the_file_moves_the_deadline(folder):
    add_line(
        folder / DEADLINES, "ZWE,article_5,2030-12-31,extension,23MSP,2026-11-20,2026-11-20,,https://example.org/,"
    )
    load(folder)
    duty = Obligation.objects.get(state="ZWE", obligation="article_5")
    assert [e.extended_to.year for e in duty.extensions.all()][-2:] == [2025, 2030]
    (shown,) = [d for d in dated_duties([duty.treaty], date(2026, 11, 26), [duty.state]) if d.obligation == "article_5"]
    assert (shown.deadline, shown.status) == (date(2030, 12, 31), "pending")


@pytest.fixture
def corrected_meeting(folder):
    """The file with another name of a meeting than was loaded, which extended the deadlines of Angola and Zimbabwe."""
    path = folder / DEADLINES
    path.write_text(path.read_text().replace("16MSP (Vienna,", "Sixteenth Meeting (Vienna,"))


def meeting(iso3):
    return [e.granted_at for e in Extension.objects.filter(obligation__state=iso3, extended_to="2025-12-31")]


def test_a_corrected_decision_is_taken_over(folder, capsys, corrected_meeting):
    call_command("load_treaties", data=folder)
    assert "corrected in the file, taken over: ZWE article_5" in capsys.readouterr().out
    assert meeting("ZWE") == ["Sixteenth Meeting (Vienna, 18-21 December 2017)"]


def test_a_decision_is_left_where_an_editor_has_changed_the_duty(folder, capsys, corrected_meeting):
    duty = Obligation.objects.get(state="AGO", obligation="article_5")
    duty.note = "By an editor."
    duty.save()
    call_command("load_treaties", data=folder)
    assert "an editor has changed it here, left as it is: AGO article_5" in capsys.readouterr().out
    assert meeting("AGO") == ["16MSP (Vienna, 18-21 December 2017)"]


def test_loading_again_doubles_nothing():
    before = {m: m.objects.count() for m in (State, TreatyAction, WithdrawalStep, CampaignAction, Statement, Figure)}
    for loader in ("load_treaties", "load_campaign", "load_news"):
        call_command(loader, verbosity=0)
    assert {m: m.objects.count() for m in before} == before


def test_loading_again_keeps_what_editors_changed():
    step = WithdrawalStep.objects.filter(state="EST").first()
    WithdrawalStep.objects.filter(pk=step.pk).update(date="2025-01-02", detail="Mended by an editor.")
    commitment = Commitment.objects.first()
    Commitment.objects.filter(pk=commitment.pk).update(title="Mended by an editor.")
    for loader in ("load_treaties", "load_campaign"):
        call_command(loader, verbosity=0)
    step.refresh_from_db()
    commitment.refresh_from_db()
    assert (step.detail, commitment.title) == ("Mended by an editor.", "Mended by an editor.")
    assert WithdrawalStep.objects.filter(state="EST").count() == 6


def test_loading_again_does_not_bring_back_what_editors_removed():
    WithdrawalStep.objects.filter(state="EST").first().delete()
    call_command("load_treaties", verbosity=0)
    assert WithdrawalStep.objects.filter(state="EST").count() == 5


def test_a_new_row_of_a_file_is_brought_in(folder):
    add_line(folder / MINES, "CHN,accession,2025-01-01,,https://example.org/,")
    load(folder)
    row = TreatyAction.objects.get(state="CHN", treaty__slug="mine-ban-convention")
    assert row.loaded_from.startswith(f"{MINES}:")
    assert row.is_confirmed


@pytest.fixture
def corrected_step(folder):
    """A file in which the words of a step were corrected since it was loaded; the step."""
    path = folder / "withdrawal_steps.csv"
    path.write_text(path.read_text().replace("The Riigikogu adopts", "The parliament adopts"))
    return WithdrawalStep.objects.get(detail__startswith="The Riigikogu adopts")


def test_a_row_that_was_corrected_in_its_file_is_taken_over_with_a_line_of_history(folder, capsys, corrected_step):
    call_command("load_treaties", data=folder)
    assert "corrected in the file, taken over (detail): mine-ban-convention EST" in capsys.readouterr().out
    corrected_step.refresh_from_db()
    assert corrected_step.detail.startswith("The parliament adopts")
    assert [h.history_change_reason for h in corrected_step.history.all()] == [CORRECTED, REASON]
    call_command("load_treaties", data=folder)
    assert "corrected" not in capsys.readouterr().out


def test_a_row_that_an_editor_has_changed_is_told_and_left(folder, capsys, corrected_step):
    corrected_step.note = "By an editor."
    corrected_step.save()
    call_command("load_treaties", data=folder)
    assert "an editor has changed it here, left as it is" in capsys.readouterr().out
    corrected_step.refresh_from_db()
    assert corrected_step.detail.startswith("The Riigikogu adopts")


def test_a_row_that_an_editor_has_removed_does_not_come_back_by_a_correction(folder, capsys, corrected_step):
    corrected_step.delete()
    call_command("load_treaties", data=folder)
    assert "an editor has changed it here, left as it is" in capsys.readouterr().out
    assert not WithdrawalStep.objects.filter(detail__startswith="The parliament adopts").exists()


def test_every_row_loaded_has_its_line_of_history():
    row = TreatyAction.objects.first()
    assert row.history.get().history_change_reason == REASON


def test_the_memory_knows_every_row():
    assert LoadedRow.objects.filter(file=MINES).count() == 305
    assert LoadedRow.objects.filter(file="states.csv").count() == 197


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (("pillar: uphold-norms, audience", "pillar: nothing, audience"), "pillar: unknown 'nothing'."),
        (("states: [KHM]", "states: [XXX]"), "states: unknown 'XXX'."),
        (("article: 16}]", "article: 99}]"), "articles: unknown 'mine-ban-convention', article 99."),
        (("status: under way", "status: asleep"), "status: 'asleep' is none of announced"),
        (("slug: halt-withdrawal", "slug: accede-without-delay"), "the same as line"),
    ],
)
def test_a_wrong_entry_of_the_campaign_is_told_with_its_line(before_the_campaign, tmp_path, spoil, sentence):
    text = (load_campaign.Command.data_folder / "campaign.yaml").read_text()
    assert spoil[0] in text
    (tmp_path / "campaign.yaml").write_text(text.replace(*spoil))
    with pytest.raises(CommandError) as refused:
        call_command("load_campaign", data=tmp_path, verbosity=0)
    assert sentence in str(refused.value)
    assert "campaign.yaml:" in str(refused.value)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (("kind: speech", "kind: song"), "kind: 'song' is none of"),
        (("query: parties", "query: partys"), "query: 'partys' is none of"),
        (("date: 2025-06-16", "date: 2025-06-31"), "date: '2025-06-31' is not a date"),
    ],
)
def test_a_wrong_statement_is_told_with_its_line(before_the_campaign, tmp_path, spoil, sentence):
    text = (load_news.Command.data_folder / "statements.yaml").read_text()
    assert spoil[0] in text
    (tmp_path / "statements.yaml").write_text(text.replace(*spoil))
    with pytest.raises(CommandError) as refused:
        call_command("load_news", data=tmp_path, verbosity=0)
    assert sentence in str(refused.value)
    assert not Statement.objects.exists()
