"""A table of acts that an officer brings in: read whole, checked whole, recorded whole."""

import io
import zipfile
from datetime import date, datetime
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from config.kit.roles import AUDITOR
from tests.factories import SOURCE, TreatyActionFactory
from tests.reading import text_of
from treaties.law import rules
from treaties.ledger import tables
from treaties.models import TreatyAction
from treaties.roles import TREATY_OFFICER
from treaties.status.boards import status_board

pytestmark = pytest.mark.django_db
TPNW = "treaty-on-the-prohibition-of-nuclear-weapons"
IMPORT = reverse("admin:treaties_treatyaction_import")
PROCESS = reverse("admin:treaties_treatyaction_process_import")


class TestATableOfActs:
    HEADER = "treaty,iso3,action,date,effective_date,effective_reason,source_url,note"
    GOOD = f"mine-ban-convention,CHN,accession,2026-03-10,,,{SOURCE},"

    def send(self, client, *lines, header=HEADER):
        table = SimpleUploadedFile("acts.csv", "\n".join([header, *lines]).encode(), content_type="text/csv")
        return client.post(IMPORT, {"import_file": table, "format": "0"})

    def confirm(self, client, response):
        form = response.context["confirm_form"]
        return client.post(PROCESS, form.initial, follow=True)

    def spreadsheet(self, *lines):
        book = Workbook()
        for line in lines:
            book.active.append(line)
        content = io.BytesIO()
        book.save(content)
        return SimpleUploadedFile("acts.xlsx", content.getvalue())

    def test_is_shown_with_each_rows_verdict_before_anything_is_recorded(self, desk):
        client = desk(TREATY_OFFICER)
        response = self.send(client, self.GOOD)
        assert "confirm_form" in response.context
        assert not TreatyAction.objects.waiting().exists()

    def test_is_recorded_as_a_whole_and_waits_for_a_second_officer(self, desk, convention):
        client = desk(TREATY_OFFICER)
        lines = [self.GOOD, f"mine-ban-convention,USA,accession,2026-03-11,2026-09-01,,{SOURCE},"]
        self.confirm(client, self.send(client, *lines))
        waiting = TreatyAction.objects.waiting().order_by("state")
        assert [(r.state_id, r.recorded_by, r.stated_effective_on) for r in waiting] == [
            ("CHN", client.user, None),
            ("USA", client.user, None),
        ]
        assert status_board(convention, date(2027, 1, 1)).by_state["CHN"].status is rules.Status.NOT_PARTY

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            (f"mine-ban-convention,NOR,accession,2026-03-10,,,{SOURCE},", "Norway has consented to be bound already."),
            (
                f"mine-ban-convention,XXX,accession,2026-03-10,,,{SOURCE},",
                "Line 3: iso3: unknown ‘XXX’. Wanted: ISO 3166-1, such as EST, or a name of the State.",
            ),
            (
                f"mine-ban-convention,USA,purchase,2026-03-10,,,{SOURCE},",
                "Line 3: action: ‘purchase’ is none of signature, ratification",
            ),
            (
                f"mine-ban-convention,USA,accession,2026-02-30,,,{SOURCE},",
                "Line 3: date: ‘2026-02-30’ is no day. Write YYYY-MM-DD, or 8 Sep 1998.",
            ),
            ("mine-ban-convention,USA,accession,2026-03-10,,,,", "source_url"),
            (f"mine-ban-convention,USA,accession,2026-03-10,2026-05-01,,{SOURCE},", "Say why the effect is not"),
            (
                f"mine-ban-convention,CHN,accession,2026-03-10,,,{SOURCE},",
                "Line 3: The table has this act twice, see line 2.",
            ),
        ],
    )
    def test_with_one_wrong_row_is_refused_as_a_whole(self, desk, line, sentence):
        client = desk(TREATY_OFFICER)
        response = self.send(client, self.GOOD, line)
        assert "confirm_form" not in response.context
        assert response.status_code == 400
        assert sentence in text_of(response)
        assert not TreatyAction.objects.waiting().exists()

    def test_without_its_columns_is_refused_by_their_names(self, desk):
        response = self.send(desk(TREATY_OFFICER), "x", header="treaty")
        assert "lacks the columns: iso3, action, date, source_url" in response.content.decode()

    def test_can_be_a_spreadsheet(self, desk):
        lines = [["mine-ban-convention", "CHN", "accession", "2026-03-10", "", "", SOURCE, ""]]
        client = desk(TREATY_OFFICER)
        self.confirm(client, client.post(IMPORT, {"import_file": self.spreadsheet(self.HEADER.split(","), *lines)}))
        assert TreatyAction.objects.waiting().get().state_id == "CHN"

    @pytest.mark.parametrize("day", [datetime(2026, 3, 10), "10 Mar 2026", "10-III-2026"])  # noqa: DTZ001
    def test_can_be_a_spreadsheet_with_real_days_and_empty_rows(self, desk, day):
        blank = [None, "", " ", None, None, None, None, None]
        table = self.spreadsheet(
            ["Acts of the year"],
            [f" {name.upper()} " for name in self.HEADER.split(",")],
            [TPNW, "EST", "accession", day, None, None, SOURCE, None],
            *[blank] * 3,
        )
        client = desk(TREATY_OFFICER)
        self.confirm(client, client.post(IMPORT, {"import_file": table, "format": "1"}))
        row = TreatyAction.objects.waiting().get()
        assert (row.deposited_on, row.effective_on) == (date(2026, 3, 10), date(2026, 6, 8))

    def test_with_a_cell_that_is_no_day_tells_what_was_read(self, desk):
        response = self.send(desk(TREATY_OFFICER), f"mine-ban-convention,CHN,accession,46027,,,{SOURCE},")
        assert "Line 2: date: ‘46027’ is no day. Write YYYY-MM-DD, or 8 Sep 1998." in text_of(response)

    def test_tells_all_that_is_wrong_at_once(self, desk):
        words = text_of(
            self.send(
                desk(TREATY_OFFICER),
                f"mine-ban-convention,XXX,purchase,2026-02-31,,,{SOURCE},",
                f"no-treaty,USA,accession,2026-03-10,2026-05-01,,{SOURCE},",
                f"mine-ban-convention,CHN,accession,2999-01-01,,,{SOURCE},",
                "mine-ban-convention,IND,accession,2026-03-10,,,nowhere,",
            )
        )
        for told in (
            "Line 2: iso3: unknown ‘XXX’",
            "Line 2: action: ‘purchase’ is none of",
            "Line 2: date: ‘2026-02-31’ is no day",
            "Line 3: treaty: unknown ‘no-treaty’",
            "Line 4: date: This day is still to come.",
            "Line 5: source_url: Enter a valid URL.",
        ):
            assert told in words

    def test_is_judged_with_its_other_rows(self, desk):
        tpnw = f"{TPNW},EST"
        rows = [f"{tpnw},signature,2026-01-05,,,{SOURCE},", f"{tpnw},ratification,2026-02-05,,,{SOURCE},"]
        assert "confirm_form" in self.send(desk(TREATY_OFFICER), *rows).context
        words = text_of(self.send(desk(TREATY_OFFICER), *rows, f"{tpnw},accession,2026-02-06,,,{SOURCE},"))
        assert "Line 4: Estonia has consented to be bound already." in words

    @pytest.mark.parametrize(
        ("iso3", "action", "day", "sentence"),
        [
            (
                "EST",
                "accession",
                "2003-05-12",
                "Accession of Estonia on 2004-05-12 is in the ledger and would lose its meaning",
            ),
            (
                "EST",
                "withdrawal",
                "2025-06-20",
                "Notice of withdrawal of Estonia on 2025-06-27 is in the ledger and would",
            ),
            ("EST", "accession", "2005-05-12", "Estonia has consented to be bound already."),
        ],
    )
    def test_with_an_act_that_another_one_on_record_contradicts_is_told_once(self, desk, iso3, action, day, sentence):
        words = text_of(self.send(desk(TREATY_OFFICER), f"mine-ban-convention,{iso3},{action},{day},,,{SOURCE},"))
        assert f"Line 2: {sentence}" in words
        assert words.count("Line 2:") == 1

    @pytest.mark.parametrize(
        ("action", "day", "sentence"),
        [
            ("accession", "10 Mar 2026 a", ""),
            ("accession", "2026-03-10 a", "is no day"),
            ("accession", "10 Mar 2026 A", "the letter A of 10 Mar 2026 A stands for acceptance"),
            ("accession", "10 Mar 2026 x", "is no day"),
            ("acceptance", "10-III-2026 A", ""),
            ("approval", "10 March 2026 AA", "China has not signed"),
        ],
    )
    def test_may_carry_the_depositarys_letters_where_they_agree_with_the_act(self, desk, action, day, sentence):
        response = self.send(desk(TREATY_OFFICER), f"mine-ban-convention,CHN,{action},{day},,,{SOURCE},")
        assert sentence in text_of(response)
        assert ("confirm_form" in response.context) == (not sentence)

    def test_with_a_formula_gives_its_value_and_tells_one_that_was_saved_without(self, desk):
        line = ["mine-ban-convention", "CHN", "accession", "=DATE(2026,3,10)", "", "", SOURCE, ""]
        response = desk(TREATY_OFFICER).post(IMPORT, {"import_file": self.spreadsheet(self.HEADER.split(","), line)})
        assert "2: date holds a formula without its value." in text_of(response)

    def test_that_is_too_large_is_refused_before_it_is_unpacked(self, desk):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/worksheets/sheet1.xml", b" " * 61_000_000)
        table = SimpleUploadedFile("acts.xlsx", content.getvalue())
        assert "unpacks to more than 60 MB" in text_of(desk(TREATY_OFFICER).post(IMPORT, {"import_file": table}))

    def test_of_more_rows_than_are_taken_is_refused(self, desk):
        response = self.send(desk(TREATY_OFFICER), *[self.GOOD] * 20_001)
        assert "has more than 20000 rows" in text_of(response)

    def test_tells_its_limits_before(self, desk):
        words = text_of(desk(TREATY_OFFICER).get(IMPORT))
        assert "at most 20000 rows and 5 MB, unpacked 60 MB" in words

    def test_is_read_without_a_transaction_and_by_as_many_queries_for_many_rows(self):
        sizes = {}
        for size in (2, 28):
            wrong = [f"mine-ban-convention,CHN,accession,2026-02-{n % 28 + 1:02},,,{SOURCE},{n}" for n in range(size)]
            with (
                CaptureQueriesContext(connection) as asked,
                mock.patch.object(transaction, "atomic", side_effect=OSError),
            ):
                tables.read_acts("\n".join([self.HEADER, *wrong]).encode())
            sizes[size] = len(asked)
        assert sizes[2] == sizes[28]

    def test_changed_on_the_way_is_refused(self, desk):
        client = desk(TREATY_OFFICER)
        given = self.send(client, self.GOOD).context["confirm_form"].initial["acts"]
        answer = client.post(PROCESS, {"acts": f"x{given}"}, follow=True)
        assert "Send the table again" in text_of(answer)
        assert not TreatyAction.objects.waiting().exists()

    def test_that_has_become_wrong_before_it_is_recorded_is_refused(self, desk, convention):
        client = desk(TREATY_OFFICER)
        shown = self.send(client, self.GOOD)
        TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2026, 3, 1))
        assert "Line 2: China has consented to be bound already." in text_of(self.confirm(client, shown))
        assert not TreatyAction.objects.waiting().exists()

    def test_leaves_who_recorded_each_act_in_its_history(self, desk):
        client = desk(TREATY_OFFICER)
        self.confirm(client, self.send(client, self.GOOD))
        (version,) = TreatyAction.objects.waiting().get().history.all()
        assert (version.history_user, version.history_change_reason) == (client.user, "From a table of acts")

    def test_is_for_officers(self, desk):
        assert desk(AUDITOR).get(IMPORT).status_code == 403
