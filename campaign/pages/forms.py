"""Forms of the campaign's pages: filters, the pledge, the receipt."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Commitment, MailLanguage, Pillar
from campaign.pledging.consent import CURRENT
from campaign.pledging.names import clean_name
from config.kit.incoming.form_fields import AddressField, LineField
from config.kit.pages.visitor_forms import VisitorForm
from treaties.models import State
from treaties.pages.forms import StateChoiceField


class CommitmentsForm(forms.Form):
    """The commitments under a campaign."""

    def __init__(self, *args: object, campaign: Campaign) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        objectives = Pillar.objects.filter(campaign=campaign, role=Pillar.Role.OBJECTIVE)
        pillar = self.fields["pillar"]
        assert isinstance(pillar, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        pillar.queryset = objectives

    pillar = forms.ModelChoiceField(
        Pillar.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("All pillars"),
        label=_("Pillar"),
    )
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("Any status")),
            ("overdue", _("Overdue")),
            ("silent", _("Nobody has spoken of it for a year")),
            *Commitment.Status.choices,
        ],
        label=_("Status"),
    )
    state = StateChoiceField(
        State.objects.all(),
        required=False,
        empty_label=_("All"),
        label=_("By State"),
    )


class StateOrNone(StateChoiceField):
    """A State by its code, whatever the case of its letters."""

    def to_python(self, value: Any) -> State | None:
        found: State | None = super().to_python(value.strip().upper() if isinstance(value, str) else value)
        return found


class PledgeForm(forms.Form):
    """A person's wish to back a campaign. The same fields from the page and from the API."""

    name = LineField(
        max_length=80,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name.")},
    )
    email = AddressField(
        max_length=254,
        label=_("Your e-mail address"),
        help_text=_("We send one mail, with a link to confirm."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Give your e-mail address.")},
    )
    state = StateOrNone(
        State.objects.all(),
        required=False,
        empty_label=_("I would rather not say"),
        label=_("Your State"),
        error_messages={"invalid_choice": _("Choose one of the 197 States, by its code of three letters.")},
    )
    show_name = forms.BooleanField(required=False, label=_("Show my name among those who back the campaign"))
    language = forms.ChoiceField(
        choices=MailLanguage.choices, initial=get_language, required=False, label=_("Language of the mail")
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or MailLanguage.ENGLISH

    def person(self) -> dict[str, Any]:
        """The cleaned data, as the arguments of `pledges.pledge`."""
        return {name: self.cleaned_data[name] for name in PledgeForm.base_fields}


class PledgePageForm(PledgeForm, VisitorForm):
    """The form of the page."""

    consent_version = forms.CharField(widget=forms.HiddenInput, required=False, initial=CURRENT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consent_version", CURRENT) not in ("", CURRENT):
            self.renew("consent_version", CURRENT)
            raise ValidationError(
                _("The text that you agree to has changed. Please read it and press the button once more.")
            )
        return cleaned


class ReceiptForm(forms.Form):
    """A receipt, as a person may copy it from a mail."""

    receipt = LineField(max_length=40, required=False, label=_("Receipt"))
