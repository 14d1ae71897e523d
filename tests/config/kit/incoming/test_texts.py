"""The one normalisation of what comes in: texts, names, addresses, languages."""

import unicodedata
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import example, given
from hypothesis import strategies as st

from config.kit.incoming.addresses import clean_address
from config.kit.incoming.texts import clean_line, clean_text
from config.kit.models.fields import LanguageField, NormalisedField, language_tag

ANYTHING = st.text(st.characters() | st.sampled_from("\x00\x0b\x0c\r\x85\u2028\u200b\u200f\ufeff\ufffe\ud800\t\n "))


@pytest.mark.parametrize(
    ("given_text", "line", "text"),
    [
        ("A\x0bB", "A B", "A\nB"),
        ("A\x0cB", "A B", "A\nB"),
        ("A\r\nB\rC\x85D\u2028E", "A B C D E", "A\nB\nC\nD\nE"),
        ("Subject\nBcc: x@example.org", "Subject Bcc: x@example.org", "Subject\nBcc: x@example.org"),
        ("\u200f\ufeffAna\u2060 ", "Ana", "Ana"),
        ("Tab\tInside", "Tab Inside", "Tab\tInside"),
        ("Nul\x00 and \x1b[0m", "Nul and [0m", "Nul and [0m"),
        ("\ud800half \ufffe\U0001ffff", "half", "half"),
        ("e\u0301", "é", "é"),
        ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
        ("\n\n    code\n", "code", "    code"),
        (" \u200b\n\t", "", ""),
    ],
)
def test_a_text_has_one_form_whichever_way_it_was_typed(given_text, line, text):
    assert (clean_line(given_text), clean_text(given_text)) == (line, text)


@given(ANYTHING)
@example("\r\x0b")
def test_a_normal_text_is_well_formed_xml_one_line_and_stays_as_it_is(text):
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once == unicodedata.normalize("NFC", once)
        ElementTree.fromstring(f"<t>{once.replace('&', '').replace('<', '')}</t>".encode())
    assert not set(clean_line(text)) & set("\n\r\t\x0b\x0c")


def test_every_text_of_the_site_is_kept_in_a_field_that_normalises_it():
    """Only keys, hashes and what the site itself writes stand apart."""
    apart = {"LoadedRow.file", "LoadedRow.key", "LoadedRow.digest", "IdempotentRequest.key_hash"}
    apart |= {"IdempotentRequest.body_hash", "IdempotentRequest.location"}
    plain = [
        f"{model.__name__}.{field.name}"
        for app in ("kit", "treaties", "campaign", "news")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "history_object")
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, NormalisedField | models.SlugField | models.EmailField)
    ]
    assert set(plain) - apart == set()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bob@straße.example", "bob@xn--strae-oqa.example"),
        ("ana@faß.example", "ana@xn--fa-hia.example"),
        ("ana@MÜNCHEN.example", "ana@xn--mnchen-3ya.example"),
        ("ana@例え.example", "ana@xn--r8jz45g.example"),
        ("\u200fana@example.org\u2060", "ana@example.org"),
        ('"ana"@example.org', "ana@example.org"),
        ('"a\\na"@example.org', "ana@example.org"),
        ("ana@example.org.", "ana@example.org"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_an_address_is_kept_as_it_will_be_mailed(typed, kept):
    assert clean_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "root@localhost",
        "name@[127.0.0.1]",
        "name@127.0.0.1",
        "name@[IPv6:::1]",
        "name@printer.local",
        "name@site.localhost",
        "name@x.internal",
        "name@example",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.org",
        "ana@a\u200db.example",
        "ana@example.org, bob@example.org",
        "ana@example.org\nBcc: bob@example.org",
        "ana",
        "@example.org",
        "",
    ],
)
def test_what_no_public_mailbox_can_be_called_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_address(typed)


def test_two_domains_that_only_an_older_standard_confuses_stay_two():
    assert clean_address("a@σς.example") != clean_address("a@σσ.example")


@pytest.mark.parametrize(("typed", "kept"), [("AR", "ar"), ("zh-hans", "zh-Hans"), ("pt-br", "pt-BR"), (" en ", "en")])
def test_a_language_is_kept_as_its_tag_is_spelled(typed, kept):
    assert language_tag(typed) == kept
    LanguageField().clean(typed, None)


@pytest.mark.parametrize("typed", ["zh_CN", "english", "e", "en-", "12", "fr-FR-x"])
def test_what_is_no_language_tag_is_refused(typed):
    with pytest.raises(ValidationError, match="BCP 47"):
        LanguageField().clean(typed, None)
