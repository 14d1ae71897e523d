"""The questions that pages of the campaign take."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Commitment, Pillar
from treaties.models import State


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
    state = forms.ModelChoiceField(
        State.objects.filter(commitments__isnull=False).distinct(),
        required=False,
        empty_label=_("All"),
        label=_("By State"),
    )
