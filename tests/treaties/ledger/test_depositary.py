"""The Depositary's own page is read whole or not at all, and laid beside the ledger."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.kit.incoming.tables import TableError
from tests.factories import SOURCE, OfficerFactory, TreatyActionFactory, TreatyFactory
from tests.reading import text_of
from treaties import ledger
from treaties.ledger import comparing
from treaties.ledger.depositary import read_page
from treaties.models import Comparison, Difference, TreatyAction
from treaties.roles import TREATY_OFFICER
from treaties.status.sentences import compared, comparison_is_due

pytestmark = pytest.mark.django_db
HEADER = "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)"
ROWS = [
    ("Afghanistan", "&nbsp;", "11 Sep\t 2002 a"),
    (
        "<A href='#EndDec' onclick='return x(\"y\")'>Netherlands (Kingdom of the)</A> <SUP><A href='#1'>1</A> </SUP>",
        " &nbsp;3 Dec\t 1997 ",
        "12 Apr\t 1999 A",
    ),
    ("St. Kitts and Nevis", "3 Dec 1997", " 2 Dec 1998 "),
    ("Estonia <SUP><A href='#2'>2</A> </SUP>", "&nbsp;", "[12 May\t 2004 a]"),
    ("Montenegro", "&nbsp;", "23 Oct 2006 d"),
    ("Marshall Islands", "4 Dec 1997", "&nbsp;"),
]
NOTES = [
    ("1", "For the Kingdom in Europe."),
    (
        "2",
        "On 27 June 2025, the Government of the Republic of Estonia deposited with the Secretary-General a notification of "
        "withdrawal (See depositary notification <a href='x'>C.N.360.2025</a>.TREATIES-XXVI-5 of 3 July 2025).",
    ),
]
ACTS = {
    ("AFG", "accession", date(2002, 9, 11)),
    ("NLD", "signature", date(1997, 12, 3)),
    ("NLD", "acceptance", date(1999, 4, 12)),
    ("KNA", "signature", date(1997, 12, 3)),
    ("KNA", "ratification", date(1998, 12, 2)),
    ("EST", "accession", date(2004, 5, 12)),
    ("EST", "withdrawal", date(2025, 6, 27)),
    ("MNE", "succession", date(2006, 10, 23)),
    ("MHL", "signature", date(1997, 12, 4)),
}


def page(rows=ROWS, notes=NOTES, header=("Participant", "Signature", HEADER), stated="Signatories : 3. Parties : 4"):
    """A page in the structure of the UN Treaty Collection: tables within tables, notes as raised numbers."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}<br></td>" for cell in row) + "</tr>" for row in (header, *rows))
    told = "".join(
        f"<tr><td><div></div><div><a name='{n}'>{n}</a><index></index>{text}<br></div></td></tr>" for n, text in notes
    )
    return (
        f"<!DOCTYPE html><html><head><script>if (a < b) {{ c = '<td>'; }}</script></head><body>"
        f"<form action='./ViewDetails.aspx?src=TREATY&amp;mtdsg_no=XXVI-5&amp;chapter=26'>"
        f"<table><tr><td>STATUS AS AT : 03-02-2026 10:16:18 EDT</td></tr><tr><td><div>{stated}</div>"
        f"<table id='x_tblgrid'>{cells}</table></td></tr></table><div>End Note</div><table>{told}</table></form></body></html>"
    ).encode()


def xml(rows=ROWS):
    def plain(cell):
        words = cell.replace("&nbsp;", "").replace("<A href='#1'>1</A>", "1").replace("<A href='#2'>2</A>", "2")
        for mark in ("<SUP>", "</SUP>"):
            words = words.replace(mark, f"&lt;{'/' if '/' in mark else ''}superscript&gt;")
        return words.split("'>")[-1].replace("</A>", "")

    def row(cells):
        return "<Row>" + "".join(f"<Entry>{plain(cell)}</Entry>" for cell in cells) + "</Row>"

    header = row(("Participant", "Signature", HEADER))
    body = "".join(map(row, rows))
    return (
        "<?xml version='1.0' encoding='utf-8'?><MTDSG><Treaty><Participants><Table><TGroup>"
        f"<Thead><Rows>{header}</Rows></Thead><Tbody><Rows>{body}</Rows></Tbody></TGroup></Table></Participants>"
        f"<EndNotes><EndNote>{NOTES[1][1].replace('<a href=', '').split('(See')[0]}</EndNote></EndNotes></Treaty></MTDSG>"
    ).encode()


class TestAPage:
    def test_is_read_with_letters_brackets_notes_and_withdrawals(self):
        found = read_page(page())
        assert set(found.acts) == ACTS
        assert len(found.acts) == len(ACTS)
        assert (found.as_at, found.reference) == (date(2026, 2, 3), "XXVI-5")
        assert found.read() == {"signatures": 3, "consents": 5, "withdrawals": 1}

    def test_is_read_as_xml_too(self):
        found = read_page(xml())
        assert set(found.acts) == ACTS
        assert found.as_at is None

    def test_has_other_columns_for_other_treaties(self):
        header = (
            "Participant",
            "Signature",
            "Provisional application under article 23(n)",
            "Approval(AA), Accession(a), Ratification",
        )
        rows = [
            ("Norway", "3 Dec 2008", "3 Dec 2008 n", "3 Dec 2008"),
            ("Belize", "&nbsp;", "2 Sep 2014 n", "2 Sep 2014 a"),
        ]
        acts = read_page(page(rows, [], header, "Signatories : 1. Parties : 2")).acts
        assert [act[1] for act in acts] == [
            "signature", "provisional_application", "ratification", "provisional_application", "accession"
        ]  # fmt: skip
        header = ("Participant", "Succession(d), Consent to be bound(P)")
        (act,) = read_page(page([("Albania", "28 Aug 2002 P")], [], header, "Parties : 1")).acts
        assert act == ("ALB", "acceptance", date(2002, 8, 28))

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"rows": [*ROWS[:-1], ("Atlantis", "3 Dec 1997", "&nbsp;")]}, "Unknown State: Atlantis."),
            ({"rows": [*ROWS, ("Albania", "&nbsp;", "29 Feb 2001")]}, "Albania: 29 Feb 2001 cannot be read."),
            ({"rows": [*ROWS, ("Albania", "&nbsp;", "1 Feb 2000 zz")]}, "Albania: 1 Feb 2000 zz cannot be read."),
            ({"rows": [*ROWS, ("Albania", "&nbsp;", "X")]}, "Albania: X cannot be read."),
            ({"header": ("Participant", "Colour", "Number")}, "No table of participants"),
        ],
    )
    def test_that_is_not_read_whole_is_refused_with_what_is_wrong(self, changed, message):
        with pytest.raises(TableError) as refused:
            read_page(page(**changed))
        assert message in str(refused.value)

    @pytest.mark.parametrize(
        ("changed", "doubt"),
        [
            ({}, None),
            ({"rows": ROWS[1:]}, "The page says Parties: 4, and 3 were read."),
            ({"rows": ROWS[:-1]}, "The page says Signatories: 3, and 2 were read."),
            (
                {"notes": [("1", "Poland sent a notification of withdrawal.")]},
                "A note tells of a withdrawal and was not read",
            ),
        ],
    )
    def test_that_does_not_bear_out_what_it_says_is_read_with_a_doubt(self, changed, doubt):
        doubts = read_page(page(**changed)).doubts
        assert (len(doubts), doubt is None or doubt in doubts[0]) == (0 if doubt is None else 1, True)

    def test_tells_a_withdrawal_in_the_words_of_the_depositary_too(self):
        note = "On 10 July 2025, the Secretary-General received from the Government of Finland a notification of withdrawal."
        acts = read_page(page([("Finland", "&nbsp;", "[9 Jan 2012 a]")], [("1", note)], stated="")).acts
        assert ("FIN", "withdrawal", date(2025, 7, 10)) in acts

    def test_with_an_impossible_day_is_refused(self):
        with pytest.raises(TableError, match="The day of the page cannot be read"):
            read_page(page().replace(b"03-02-2026", b"31-02-2026"))

    @pytest.mark.parametrize(
        "content",
        [b"<", b"<html></html>", b"<a>", b"<MTDSG></MTDSG>", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
         b"<html><table><tr><td>Participant", b"<table></table>" * 1000, b"<html><sup></html>"],
    )  # fmt: skip
    def test_that_is_none_is_refused_in_a_sentence(self, content):
        with pytest.raises(TableError):
            read_page(content)


@pytest.fixture
def treaty():
    """A treaty whose ledger has the acts of the page, and one later."""
    made = TreatyFactory(reference="XXVI-5-x", opened_on=date(1997, 12, 3), closed_on=date(1999, 3, 1))
    made.reference = "XXVI-5"
    for iso3, action, day in sorted(ACTS):
        TreatyActionFactory(treaty=made, state_id=iso3, action=action, deposited_on=day)
    TreatyActionFactory(treaty=made, state_id="TON", action="accession", deposited_on=date(2026, 3, 1))
    return made


def found_in(treaty, acts, as_at=date(2026, 2, 3)):
    return [
        (d.kind, d.state_id, d.action, d.depositary_date, d.ledger_date)
        for d in comparing.differences(treaty, acts, as_at)
    ]


class TestDifferences:
    def test_are_none_where_all_acts_up_to_the_day_agree(self, treaty):
        assert found_in(treaty, ACTS) == []

    def test_leave_out_no_act_where_the_table_names_no_day(self, treaty):
        assert found_in(treaty, ACTS, None) == [("missing_there", "TON", "accession", None, date(2026, 3, 1))]

    def test_tell_another_day_another_act_and_what_is_missing_on_either_side(self, treaty):
        acts = ACTS - {
            ("AFG", "accession", date(2002, 9, 11)),
            ("NLD", "acceptance", date(1999, 4, 12)),
            ("KNA", "ratification", date(1998, 12, 2)),
            ("MHL", "signature", date(1997, 12, 4)),
        }
        acts |= {
            ("AFG", "accession", date(2002, 9, 12)),
            ("NLD", "ratification", date(1999, 4, 12)),
            ("KNA", "approval", date(1998, 12, 3)),
            ("CHN", "accession", date(2026, 1, 5)),
        }
        assert found_in(treaty, acts) == [
            ("other_day", "AFG", "accession", date(2002, 9, 12), date(2002, 9, 11)),
            ("missing_here", "CHN", "accession", date(2026, 1, 5), None),
            ("other_act", "KNA", "approval", date(1998, 12, 3), date(1998, 12, 2)),
            ("missing_there", "MHL", "signature", None, date(1997, 12, 4)),
            ("other_act", "NLD", "ratification", date(1999, 4, 12), date(1999, 4, 12)),
        ]

    def test_pair_the_day_of_the_table_with_an_act_whose_day_was_not_known(self, treaty):
        row = TreatyActionFactory(
            treaty=treaty, state_id="CHN", action="accession", deposited_on=date(2026, 1, 20),
            not_before=date(2025, 12, 1), interval_source="Two letters.",
        )  # fmt: skip
        (difference,) = comparing.differences(treaty, ACTS | {("CHN", "accession", date(2026, 1, 5))}, date(2026, 2, 3))
        assert (difference.kind, difference.our_row) == ("other_day", row)


class TestDecisions:
    @pytest.fixture
    def compare(self, treaty):
        def make(acts, by):
            comparison = Comparison(treaty=treaty, table_of=date(2026, 2, 3), source_url=SOURCE)
            return comparing.compare(comparison, list(acts), by=by)

        return make

    def test_an_act_that_the_table_lacks_is_accepted_into_a_row_that_takes_ours_out(self, treaty, compare):
        one, two = OfficerFactory(), OfficerFactory()
        comparison = compare(ACTS - {("MHL", "signature", date(1997, 12, 4))}, one)
        accepted = comparing.accept(comparison.differences.get(), by=one)
        assert (accepted.proposed.is_annulment, accepted.proposed.replaces.state_id) == (True, "MHL")
        ledger.confirm(accepted.proposed, by=two)
        assert not TreatyAction.objects.of(treaty).current().filter(state="MHL").exists()

    def test_another_act_is_accepted_into_a_row_that_replaces_ours(self, treaty, compare):
        one, two = OfficerFactory(), OfficerFactory()
        acts = ACTS - {("NLD", "acceptance", date(1999, 4, 12))} | {("NLD", "ratification", date(1999, 4, 12))}
        accepted = comparing.accept(compare(acts, one).differences.get(), by=one)
        ledger.confirm(accepted.proposed, by=two)
        acts = TreatyAction.objects.of(treaty).current().filter(state="NLD")
        assert set(acts.values_list("action", flat=True)) == {"signature", "ratification"}

    def test_a_closed_comparison_alone_is_told(self, treaty, compare, settings):
        one, two = OfficerFactory(), OfficerFactory()
        comparison = compare(ACTS - {("MHL", "signature", date(1997, 12, 4))}, one)
        treaty.refresh_from_db()
        assert compared(treaty) == ""
        assert comparison_is_due(treaty, date(2026, 2, 3)) == "Not yet compared with the Depositary's own table here."
        comparing.contest(comparison.differences.get(), reason="It signed.", by=one)
        comparing.close(comparison, by=two)
        treaty.refresh_from_db()
        assert compared(treaty) == "Compared with the Depositary on 3 February 2026: 1 difference, 1 contested."
        on = date(2026, 2, 3) + timedelta(days=90)
        assert comparison_is_due(treaty, on) == ""
        since = "Not compared with the Depositary's own table since 3 February 2026."
        assert comparison_is_due(treaty, on + timedelta(days=1)) == since
        settings.COMPARISON_DAYS = 91
        assert comparison_is_due(treaty, on + timedelta(days=1)) == ""


class TestTheDesk:
    def upload(self, client, convention, content, **values):
        given = {"treaty": convention.pk, "table_of": "2026-02-03", "source_url": SOURCE} | values
        given["table"] = SimpleUploadedFile("page.html", content)
        return client.post(reverse("admin:treaties_comparison_add"), given, follow=True)

    def test_takes_the_saved_page(self, desk, convention):
        words = text_of(self.upload(desk(TREATY_OFFICER), convention, page()))
        assert "differences to decide" in words
        assert not Difference.objects.filter(state__in=["AFG", "NLD", "KNA", "EST", "MNE"]).exists()

    def test_refuses_the_page_of_another_treaty_or_day(self, desk, convention):
        other = page().replace(b"mtdsg_no=XXVI-5", b"mtdsg_no=XXVI-6")
        words = text_of(self.upload(desk(TREATY_OFFICER), convention, other))
        assert "This is the page of XXVI-6; the Mine Ban Convention is XXVI-5." in words
        words = text_of(self.upload(desk(TREATY_OFFICER), convention, page(), table_of="2026-02-04"))
        assert "The page is as at 2026-02-03." in words
        assert not Comparison.objects.exists()


class TestTheCommand:
    def run(self, *words):
        out = StringIO()
        try:
            call_command("compare_depositary", *words, stdout=out)
        except SystemExit as ended:
            return ended.code, out.getvalue()
        return 0, out.getvalue()

    def acts_as_csv(self, convention, tmp_path, extra=""):
        rows = TreatyAction.objects.of(convention).current().filter(not_before=None)
        lines = [",".join(map(str, row)) for row in rows.values_list("state", "action", "deposited_on")]
        path = tmp_path / "acts.csv"
        path.write_text("\n".join(["iso3,action,date", *lines, extra]))
        return str(path)

    def test_prints_the_differences_as_json_and_writes_nothing(self, convention, tmp_path):
        path = tmp_path / "page.html"
        path.write_bytes(page())
        before = TreatyAction.objects.count()
        code, said = self.run("mine-ban-convention", str(path), "--json")
        answer = json.loads(said)
        assert code == 1
        assert {name: answer[name] for name in ("treaty", "as_at", "read")} == {
            "treaty": "mine-ban-convention",
            "as_at": "2026-02-03",
            "read": {"signatures": 3, "consents": 5, "withdrawals": 1},
        }
        assert {
            "iso3": "JPN",
            "action": "signature",
            "depositary": None,
            "ledger": "1997-12-03",
            "kind": "missing_there",
        } in (answer["differences"])
        assert not [row for row in answer["differences"] if row["iso3"] in ("LBN", "AFG", "EST")]
        assert (TreatyAction.objects.count(), Comparison.objects.count()) == (before, 0)

    def test_ends_with_0_where_nothing_differs(self, convention, tmp_path):
        path = self.acts_as_csv(convention, tmp_path, "LBN,accession,2026-09-22")
        code, said = self.run("mine-ban-convention", path)
        assert (code, "no differences" in said) == (0, True)

    def test_ends_with_1_and_a_line_a_difference(self, convention, tmp_path):
        path = self.acts_as_csv(convention, tmp_path, "LBN,accession,2026-03-02")
        code, said = self.run("mine-ban-convention", path)
        assert code == 1
        assert "LBN accession (other_day): the Depositary 2026-03-02, the ledger 2026-09-22" in said

    @pytest.mark.parametrize(
        ("treaty", "content", "message"),
        [
            ("no-treaty", b"", "There is no treaty no-treaty."),
            ("mine-ban-convention", b"<html></html>", "cannot be read"),
            ("mine-ban-convention", b"iso3,action\n", "cannot be read"),
            ("tpnw", b"", "There is no treaty tpnw"),
            ("convention-on-cluster-munitions", page(), "This is the page of XXVI-5"),
        ],
    )
    def test_ends_with_2_and_a_sentence_where_it_cannot_read(self, tmp_path, treaty, content, message):
        path = tmp_path / "file"
        path.write_bytes(content)
        with pytest.raises(CommandError) as refused:
            call_command("compare_depositary", treaty, str(path))
        assert message in str(refused.value)
        assert refused.value.returncode == 2

    def test_ends_with_2_where_there_is_no_file(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read: No such file") as refused:
            call_command("compare_depositary", "mine-ban-convention", str(tmp_path / "none"))
        assert refused.value.returncode == 2


def test_the_home_page_says_in_its_first_words_that_a_comparison_is_due(client, convention, today):
    assert "Not yet compared with the Depositary's own table here." in text_of(client.get("/"))
    convention.last_compared_on = today
    convention.save()
    words = text_of(client.get("/"))
    assert "Not yet compared" not in words
    assert ": no difference." in words
    answer = client.get("/api/v1/treaties/mine-ban-convention/status/?state=est").json()
    assert (answer["compared_on"], answer["compared_differences"], answer["compared_contested"]) == (
        today.isoformat(),
        0,
        0,
    )
