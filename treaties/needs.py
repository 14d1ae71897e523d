"""What waits for a treaty officer."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils.translation import ngettext

from treaties.editing import link_to_list
from treaties.models import ArmedConflictHold, TreatyAction
from treaties.neighbours import Need


def officers_needs(user: User) -> Iterable[Need]:
    """Records that wait for the second officer, which the user may be."""
    for model, address in ((TreatyAction, "treaties_treatyaction"), (ArmedConflictHold, "treaties_armedconflicthold")):
        if not user.has_perm(f"treaties.confirm_{model._meta.model_name}"):
            continue
        n = model.objects.waiting().exclude(recorded_by=user).count()
        if n:
            text = ngettext("%(n)s record waits for your confirmation", "%(n)s records wait for your confirmation", n)
            yield Need(f"{model._meta.verbose_name_plural}: {text % {'n': n}}", link_to_list(address, confirmed="no"))
