"""Which two spellings are one mailbox, which name can be shown, where a request comes from."""

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from campaign.pledging.addresses import address_hash, domain_of, normal_form
from campaign.pledging.names import LONGEST, clean_name
from campaign.pledging.rate_limits import network_key
from config.kit.incoming.visitors import address_of, network_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Example.org", "ann@example.ORG"),
        ("a.nn+news@gmail.com", "ann@gmail.com"),
        ("ann@googlemail.com", "ANN@gmail.com"),
        ("ann+x@outlook.com", "ann@outlook.com"),
        ("ann+x@icloud.com", "ann@me.com"),
        ("a-n.n_@protonmail.com", "ann@proton.me"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ann@MÜNCHEN.example", "ann@münchen.example"),
        (" ann@example.org ", "ann@example.org."),
        ("ann@example.org", "ａｎｎ@example.org"),
        ('"ann"@example.org', "ann@example.org"),
        ('"a\\nn"@example.org', "ann@example.org"),
        ("ann@faß.example", "ann@xn--fa-hia.example"),
    ],
)
def test_two_spellings_of_one_mailbox_are_one_person(one, other):
    assert address_hash(one) == address_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.nn@example.org", "ann@example.org"),
        ("ann+x@example.org", "ann@example.org"),
        ("a.nn@outlook.com", "ann@outlook.com"),
        ("ann@outlook.com", "ann@hotmail.com"),
        ("+x@gmail.com", "+y@gmail.com"),
        ("ann@faß.example", "ann@fass.example"),
        ("ann@σς.example", "ann@σσ.example"),
        ("ann@a\u200db.example", "ann@ab.example"),
    ],
)
def test_what_a_provider_tells_apart_stays_apart(one, other):
    assert address_hash(one) != address_hash(other)


def test_the_key_tells_nothing_of_the_address_and_depends_on_the_sites_own_key(settings):
    key = address_hash("ann@example.org")
    assert len(key) == 64
    settings.ADDRESS_KEY = "another"
    assert address_hash("ann@example.org") != key


@given(st.emails())
def test_the_normal_form_of_a_normal_form_is_itself(address):
    assert normal_form(normal_form(address)) == normal_form(address)


@given(st.text())
def test_whatever_is_typed_has_a_normal_form(text):
    assert "@" in normal_form(text)
    assert domain_of(text) == domain_of(text).casefold()


@pytest.mark.parametrize(
    "name",
    [
        "Ann Example",
        "Nguyễn Văn An",
        "José-María O’Neill",
        "محمد علی‌پور",
        "王小明",
        "J. R. R. Tolkien",
        "Ōe Kenzaburō",
        "Ng",
        "Md.Rahman",
        "Ma.Teresa",
        "St.John",
        "Dr.phil. Weber",
        "Prof.Dr.Weber",
        "J.R.R.Tolkien",
        "ᠮᠣᠩ\u180eᠨ",
    ],
)
def test_names_of_the_world_are_taken_as_they_are(name):
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "12345",
        "Ann\u202eelpmaxE",
        "Ann\u2066x\u2069",
        "Dr.com",
        "Md.Rahman.com",
        "see https://spam.example",
        "www.spam.example",
        "buy at spam.com",
        "spam.io/x",
        "ann@example.org",
        "<b>Ann</b>",
        "A" + "\u0301" * 5,
        "x" * (LONGEST + 1),
    ],
)
def test_what_is_no_name_or_bends_the_page_is_refused_with_a_sentence(name):
    with pytest.raises(ValidationError) as refusal:
        clean_name(name)
    assert refusal.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ann   Example ", "Ann Example"),
        ("\u200fאבי כהן", "אבי כהן"),
        ("\ufeffAna", "Ana"),
        ("Zoë\tKay", "Zoë Kay"),
        ("Ana\u2060Lu", "AnaLu"),
        ("Ann\nExample\x00", "Ann Example"),
        ("\u202aAnn\u202c", "Ann"),
        ("Ann\xa0Example", "Ann Example"),
    ],
)
def test_what_nobody_can_see_is_put_in_order(typed, shown):
    assert clean_name(typed) == shown


class TestWhereARequestComesFrom:
    def request(self, remote="203.0.113.9", forwarded=""):
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)

    def test_is_the_connection_itself_where_no_proxy_is_trusted(self, settings):
        settings.TRUSTED_PROXIES = []
        assert str(address_of(self.request(forwarded="198.51.100.1"))) == "203.0.113.9"

    def test_is_the_last_address_that_no_proxy_of_ours_vouches_for(self, settings):
        settings.TRUSTED_PROXIES = ["203.0.113.0/24", "10.0.0.0/8"]
        found = address_of(self.request(forwarded="1.1.1.1, 198.51.100.1, 10.1.2.3"))
        assert str(found) == "198.51.100.1"

    def test_is_not_moved_by_what_a_visitor_writes_in_front(self, settings):
        settings.TRUSTED_PROXIES = ["203.0.113.9/32"]
        one = address_of(self.request(forwarded="8.8.8.8, 198.51.100.1"))
        other = address_of(self.request(forwarded="9.9.9.9, 198.51.100.1"))
        assert one == other

    @pytest.mark.parametrize("nonsense", ["unknown", "", "1.2.3.4:80", "::ffff:x"])
    def test_is_the_proxy_where_what_it_forwards_cannot_be_read(self, settings, nonsense):
        settings.TRUSTED_PROXIES = ["203.0.113.9/32"]
        assert str(address_of(self.request(forwarded=f"1.1.1.1, {nonsense}"))) == "203.0.113.9"

    def test_is_one_network_for_a_household(self):
        assert network_of(address_of(self.request("198.51.100.77"))) == "198.51.100.0/24"
        assert network_of(address_of(self.request("2001:db8:1:2::3"))) == "2001:db8:1::/48"
        assert network_of(address_of(self.request("::ffff:198.51.100.7"))) == "198.51.100.0/24"

    def test_is_kept_as_a_key_only(self):
        assert network_key(None) == ""
        one, other = (network_key(address_of(self.request(f"198.51.100.{n}"))) for n in (1, 2))
        assert one == other
        assert len(one) == 64
