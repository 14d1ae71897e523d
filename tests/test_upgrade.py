"""A database that version 0.1.0 filled comes up with today's code, and goes back."""

import json

import pytest


@pytest.fixture
def bring(own_database):
    """Bring a database of its own one step on, in a process of its own; what is in it then."""
    return lambda step: json.loads(own_database("tests.old_database", step))


def test_every_row_of_an_old_database_is_there_after_the_upgrade_and_after_going_back(bring):
    before = bring("fill")
    assert before["rows"]["treaties_treatyaction"].startswith("1160 ")
    assert any(name.endswith("_keep") for name in before["triggers"])
    assert before["rights"] == [["campaign", "view_look"]]

    after = bring("forward")
    moved_on = {"treaties_ledgerclock"}  # numbers are drawn for the versions of rules and names that the upgrade seals
    assert {t: rows for t, rows in after["rows"].items() if rows != before["rows"][t]}.keys() == moved_on
    assert after["types"] == [
        ["campaign", "accesslogentry"],
        ["campaign", "removedpledge"],
        ["campaign", "suppression"],
        ["kit", "accesstoken"],
        ["kit", "idempotentrequest"],
        ["kit", "loadedrow"],
        ["treaties", "ledgersequence"],
    ]
    assert after["rights"] == [["campaign", "view_accesslogentry"]]
    assert after["auditor_reads_the_log"]
    assert after["triggers"]
    assert not [name for name in after["triggers"] if name.endswith(("_keep", "_stay", "_whole"))]

    again = bring("back")
    assert (again["rows"], again["rights"]) == (after["rows"], before["rights"])
    assert not again["triggers"]  # the older code makes its own after every migration
