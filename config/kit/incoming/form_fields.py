"""Form fields for texts and addresses. What they return has passed the one normalisation (`texts`, `addresses`)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.kit.incoming.addresses import clean_address
from config.kit.incoming.texts import clean_line, clean_text


class LineField(forms.CharField):
    """A text of one line. Length and emptiness are judged after the normalisation."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value if value in self.empty_values else clean_line(str(value)))


class ProseField(forms.CharField):
    """A text of several lines."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)  # an indented first line is code in Markdown
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        return super().to_python(value if value in self.empty_values else clean_text(str(value)))


class AddressField(forms.EmailField):
    """An e-mail address of a public mailbox, in the form in which it is kept and mailed."""

    default_error_messages = {"invalid": _("Give an e-mail address like name@example.org.")}

    def to_python(self, value: Any) -> str | None:
        if value in self.empty_values:
            return super().to_python(value)
        try:
            return clean_address(str(value))
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
