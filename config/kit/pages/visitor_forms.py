"""Forms that visitors may send without an account, with a check against robots that asks people nothing."""

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AT_LEAST = timedelta(seconds=2)
AT_MOST = timedelta(days=1)
_STAMP = "campaign.pledge-form"
TRAP = "zq_empty"
"""The name of the field that people do not see: it must mean nothing to a browser that fills in forms by itself."""


def new_stamp() -> str:
    """The current moment with a number of its own, signed: when a form was opened. It serves for one sending."""
    return signing.dumps([timezone.now().timestamp(), secrets.token_urlsafe(8)], salt=_STAMP)


class VisitorForm(forms.Form):
    """A form that anybody may send, with a check against robots that asks people nothing.

    `zq_empty` is hidden from people, so whoever fills it in is most likely a robot. `opened` is the signed moment at which the
    page was opened: what is sent within two seconds was not filled in by hand. Whoever is refused for one of them sees the form
    again with what they typed, and presses the button once more: nobody is told that a mail comes when none does.
    """

    zq_empty = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_stamp)

    def clean(self) -> dict[str, Any]:
        """Refuse what was sent too fast, too late, twice, or with the hidden field filled in."""
        try:
            opened, number = signing.loads(self.cleaned_data.get("opened", ""), salt=_STAMP, max_age=AT_MOST)
        except (signing.BadSignature, TypeError, ValueError) as error:
            self.renew_stamp()
            raise ValidationError(_("This page was open for long. Please press the button once more.")) from error
        if timezone.now().timestamp() - opened < AT_LEAST.total_seconds():
            raise ValidationError(_("That was very quick. Please wait a moment and press the button once more."))
        if self.cleaned_data.get(TRAP, "").strip():
            self.renew(TRAP, "")
            raise ValidationError(
                _(
                    "A field that people do not see was filled in, perhaps by your browser. Please press the button once more."
                )
            )
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cache.add(f"visitor-form:{number}", 1, int(AT_MOST.total_seconds())):
            self.renew_stamp()
            raise ValidationError(_("This form was sent already. To send another one, press the button once more."))
        return cleaned

    def renew_stamp(self) -> None:
        """Let the form that is shown again be sent: its stamp has served."""
        self.renew("opened", new_stamp())

    def renew(self, field: str, value: str) -> None:
        """Give a hidden field a new value in the form that is shown again."""
        self.data = {**{name: self.data.get(name) for name in self.data}, field: value}
