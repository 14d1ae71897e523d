"""What the list and the feeds of the news can be filtered by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.pages.forms import PledgeForm
from config.kit.incoming.form_fields import LineField, ProseField
from config.kit.pages.visitor_forms import VisitorForm
from config.kit.parameters import ISODateField, LanguageField, SlugListField
from news.models import SearchDocument, Statement, Subscription
from news.models.statements import StatementQuerySet, public_languages, public_speakers
from treaties.api.fields import StateListField
from treaties.models import State, Treaty
from treaties.pages.forms import StateChoiceField


class NewsForm(forms.Form):
    q = LineField(required=False, label=_("Words"), max_length=100)
    kind = forms.MultipleChoiceField(required=False, choices=Statement.Kind.choices, label=_("Kind"))
    state = StateListField(required=False, label=_("State"))
    treaty = SlugListField(Treaty.objects.all(), "slug", required=False, label=_("Treaty"))
    speaker = SlugListField(public_speakers, "pk", required=False, label=_("Speaker"))
    year = forms.IntegerField(required=False, min_value=1990, max_value=2100, label=_("Year"))
    language = LanguageField(public_languages, required=False, label=_("Language"))

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"]).strip()


class AlertForm(VisitorForm):
    """A reader's wish to hear by mail."""

    email = PledgeForm.base_fields["email"]
    topic = forms.ChoiceField(choices=Subscription.Topic.choices, label=_("What do you want to hear of?"))
    state = StateChoiceField(State.objects.all(), required=False, empty_label="–", label=_("State, if it is about one"))
    pace = forms.ChoiceField(choices=Subscription.Pace.choices, label=_("How often"))

    field_order = ["email", "topic", "state", "pace"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_state = cleaned.get("topic") == Subscription.Topic.STATE
        if is_state and not cleaned.get("state"):
            self.add_error("state", _("Choose the State that you want to hear of."))
        if not is_state:
            cleaned["state"] = None
        return cleaned


class CheckForm(forms.Form):
    """A text to be read for claims."""

    text = ProseField(
        max_length=5000,
        label=_("Text"),
        help_text=_("English, up to 5,000 characters. It is read and forgotten."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Paste a text.")},
    )
    on = ISODateField(
        required=False, label=_("Written on"), help_text=_("For sentences that name no day. Empty: today.")
    )


class SearchForm(forms.Form):
    """Words to be found anywhere."""

    q = LineField(required=False, label=_("Words"), max_length=200)
    kind = forms.MultipleChoiceField(required=False, choices=SearchDocument.Kind.choices, label=_("Kind"))


class SuggestForm(forms.Form):
    """The beginning of words."""

    q = LineField(required=False, label=_("Words"), max_length=200)


def filtered(statements: StatementQuerySet, question: dict[str, Any]) -> StatementQuerySet:
    """The statements that the question chooses."""
    if question["kind"]:
        statements = statements.filter(kind__in=question["kind"])
    if question["state"]:
        statements = statements.about_any(question["state"])
    if question["treaty"]:
        statements = statements.under_any(question["treaty"])
    if question["speaker"]:
        statements = statements.filter(speaker__in=question["speaker"])
    if question["year"]:
        statements = statements.filter(dated_on__year=question["year"])
    if question["language"]:
        statements = statements.filter(language__iexact=question["language"])
    elif not question["q"]:
        statements = statements.for_reader_here()
    if question["q"]:
        statements = statements.saying(question["q"])
        # By its words somebody finds a text in any language; by name all of its translations at once.
        statements = statements if question["language"] else statements.each_once()
    return statements
