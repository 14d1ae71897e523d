"""Forms that visitors may send without an account, with a check against robots that asks people nothing."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AT_LEAST = timedelta(seconds=2)
AT_MOST = timedelta(days=1)
_STAMP = "campaign.pledge-form"


def new_stamp() -> str:
    """The current moment, signed: when a form was opened."""
    return signing.dumps(timezone.now().timestamp(), salt=_STAMP)


class VisitorForm(forms.Form):
    """A form that anybody may send, with a check against robots that asks people nothing.

    `website` is hidden from people, so whoever fills it in is a robot (`is_robot`). `opened` is the signed moment at which the page
    was opened: what is sent within two seconds was not filled in by hand.
    """

    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_stamp)

    def clean(self) -> dict[str, Any]:
        """Refuse what was sent too fast or too late. The page keeps what was typed, and the person presses the button again."""
        try:
            opened = signing.loads(self.cleaned_data.get("opened", ""), salt=_STAMP, max_age=AT_MOST)
        except signing.BadSignature as error:
            self.renew("opened", new_stamp())
            raise ValidationError(_("This page was open for long. Please press the button once more.")) from error
        if timezone.now().timestamp() - opened < AT_LEAST.total_seconds():
            raise ValidationError(_("That was very quick. Please wait a moment and press the button once more."))
        return super().clean() or self.cleaned_data

    def renew(self, field: str, value: str) -> None:
        """Give a hidden field a new value in the form that is shown again."""
        self.data = {**{name: self.data.get(name) for name in self.data}, field: value}

    @property
    def is_robot(self) -> bool:
        return bool(self.cleaned_data["website"].strip())
