"""What the admin pages of all apps share."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from config.kit.incoming.form_fields import LineField
from config.kit.models.histories import begin_version, end_version, has_links_in_history
from config.kit.models.proposals import Proposal
from config.kit.models.row_versions import Part, Related, changed_between, fingerprint, version_of
from config.kit.models.taken_out import CanBeTakenOut
from config.kit.models.translations import kind_of
from config.kit.proposals import Trial, guard_of
from config.kit.services import Refused


def staff_user(request: HttpRequest) -> User:
    """The user who edits. The admin lets nobody in who has not signed in."""
    return cast(User, request.user)


def link_to_list(app_model: str, **filters: str) -> str:
    """The address of a list of the admin, filtered."""
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{app_model}_changelist") + query


def apply_to_each(
    request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object], done: Callable[[Any], str]
) -> None:
    """Call a service function for each chosen row, and show for each what was done or why it was refused."""
    for row in rows:
        try:
            act(row)
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            messages.success(request, done(row))


def apply_to_shown(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    rows: QuerySet,
    *,
    action: str,
    title: Any,
    contents: Callable[[Any], list[Part]],
    act: Callable[[Any, str], object],
    done: Callable[[Any], str],
) -> HttpResponse | None:
    """An action of a list that confirms: first a page with all that is chosen, in full, then the step for what was shown.

    Args: contents: the parts of a row that go into its fingerprint. act: takes the row and the fingerprint that was shown.
    """
    if "apply" in request.POST:
        apply_to_each(request, rows, lambda row: act(row, request.POST.get(f"seen_{row.pk}", "")), done)
        return None
    rows = rows.select_related(*(f.name for f in rows.model._meta.concrete_fields if f.is_relation))
    shown = [(row, _for_people(row, parts := contents(row)), fingerprint(parts)) for row in rows]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "shown": shown,
    }
    return TemplateResponse(request, "admin/apply_to_shown.html", context)


def _for_people(row: Model, parts: Iterable[Part]) -> list[Part]:
    """The parts with the names of rows and choices in the place of their keys."""
    names: dict[Part, str] = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if value is not None and (field.is_relation or field.choices or isinstance(value, bool)):
            told = getattr(row, field.name) if field.is_relation else getattr(row, f"get_{field.name}_display", None)
            human = (_("Yes") if value else _("No")) if isinstance(value, bool) else told() if callable(told) else told
            names[str(field.verbose_name), str(value)] = str(human)
    return [(name, names.get((name, value), value)) for name, value in parts]


class RefusalForm(forms.ModelForm):
    """A form that shows, before anything is saved, why the service function would refuse it."""

    def refusal(self, cleaned: dict[str, Any]) -> str:
        """Why it would be refused; an empty text if it would not, or if fields are missing."""
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refusal = self.refusal(cleaned)
        if refusal:
            raise ValidationError(refusal)
        return cleaned


class ForgivingList(admin.ModelAdmin):
    """A list whose filters in the address may be anything: what no database can look for shows the whole list.

    Nobody can find out a secret by asking for the rows whose hash begins so.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if any(part.endswith("_hash") or part == "hash" for part in lookup.split("__")):
            return False
        return super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValueError):
            messages.error(request, _("The list cannot be filtered by what the address asks for."))
            return redirect(request.path)


class OpenToAutocomplete(admin.ModelAdmin):
    """Things that editors of all apps refer to.

    Every editor finds them in the fields that name them; lists and pages stay with the roles of the app.
    """

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete" and request.user.is_staff:
            return True
        return super().has_view_permission(request, obj)


TAKEN_OUT = "taken_out_because"


class TakenOutFilter(admin.SimpleListFilter):
    title = _("taken out")
    parameter_name = "taken_out"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("no", _("On public pages")), ("yes", _("Taken out, with the reason"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "no":
                return queryset.filter(**{TAKEN_OUT: ""})
            case "yes":
                return queryset.exclude(**{TAKEN_OUT: ""})
        return queryset


class SeenForm(forms.ModelForm):
    """Tells the second of two editors what the first has saved in between, and loses nothing of what they typed."""

    seen_row = forms.CharField(widget=forms.HiddenInput, required=False)
    edited_together: tuple[Related, ...] = ()
    """The rows that the same page edits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "seen_row" in self.fields:
            self.fields["seen_row"].initial = version_of(self.instance, self.edited_together)

    def clean(self) -> dict[str, Any]:
        lost = self._overtaken(self.cleaned_data.get("seen_row", ""))
        cleaned = super().clean() or {}
        if lost:
            raise ValidationError(lost)
        return cleaned

    def _overtaken(self, seen: str) -> list[Any]:
        """What to tell the editor if the row is not the one that the page showed; nothing if it is."""
        if not (seen and self.instance.pk):
            return []
        current = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
        fields = changed_between(seen, current, self.edited_together)
        if not fields:
            return []
        given: Any = self.data
        self.data = given.copy()
        self.data[self.add_prefix("seen_row")] = version_of(current, self.edited_together)  # type: ignore[index]
        return [
            _("Somebody else has saved this while you had it open. Changed: %(fields)s. What you typed is kept below.")
            % {"fields": ", ".join(fields)},
            _("Look at it, and save again if yours is to stand."),
        ]


class RecordInline:
    """Rows on the page of another: they are taken out on their own page, with a reason, and never deleted here."""

    can_delete = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _hidden_reason(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)  # type: ignore[misc]


def _hidden_reason(field: Any, db_field: Any) -> Any:
    """The field for why a row is taken out, hidden: constraints among the rows that stand are judged by it."""
    if field is not None and db_field.name == TAKEN_OUT:
        field.widget = forms.HiddenInput()
    return field


class RecordAdmin(ForgivingList, SimpleHistoryAdmin):
    """Rows that must be kept: never deleted in the admin, each change in the history with who, when and what.

    Of two editors of one row the second is told what the first has saved.
    """

    history_list_display = ["changed_fields"]
    list_per_page = 50
    show_full_result_count = False
    fixed_fields: tuple[str, ...] = ()
    """Fields that cannot be changed once the row exists, since they are part of addresses."""
    slug_from: tuple[str, ...] = ()
    """The fields of which the page of a new row proposes an address. Not `prepopulated_fields`, which history pages need too."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """All rows, those that are taken out included."""
        found = super().get_queryset(request)
        if not issubclass(self.model, CanBeTakenOut):
            return found
        everything: QuerySet = self.model.everything.all()
        return everything.order_by(*self.get_ordering(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        own = super().get_list_filter(request)
        return [*own, TakenOutFilter] if issubclass(self.model, CanBeTakenOut) else own

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        match = request.resolver_match
        is_new = match is not None and "object_id" not in match.kwargs
        return _hidden_reason(field, db_field) if is_new else field

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(self.fixed_fields if obj else ())]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {"slug": self.slug_from} if self.slug_from and obj is None else {}

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            inlines = [i for i in self.get_inline_instances(request, obj) if i.has_change_permission(request, obj)]
            together = tuple((i.model, _get_foreign_key(self.model, i.model, i.fk_name).attname) for i in inlines)
            form = kwargs.get("form", self.form)
            kwargs["form"] = type(form.__name__, (SeenForm, form), {"edited_together": together})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        found: Any = [(title, {**options}) for title, options in super().get_fieldsets(request, obj)]
        if issubclass(self.model, CanBeTakenOut) and TAKEN_OUT not in flatten_fieldsets(found):
            found[-1][1]["fields"] = [*found[-1][1]["fields"], TAKEN_OUT]
        if obj is not None and self.has_change_permission(request, obj) and "seen_row" not in flatten_fieldsets(found):
            found[0][1]["fields"] = [*found[0][1]["fields"], "seen_row"]
        return found

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """With the address of the translations of its texts, where it has any."""
        kind = kind_of(self.model)
        if obj is not None and kind is not None and request.user.has_perm("kit.view_translation"):
            address = reverse("admin:kit_translation_changelist")
            context["translations_url"] = f"{address}?kind={kind.kind}&row={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Any:
        """All that is saved from here on is on trial, until `log_addition` or `log_change`, if the public sees such rows."""
        if guard_of(self.model) is not None:
            row = form.instance if change else None
            request._trial = Trial(row, self._edited_together(request, row))  # type: ignore[attr-defined]
        return super().save_form(request, form, change)

    def _edited_together(self, request: HttpRequest, row: Model | None) -> tuple[Related, ...]:
        inlines = self.get_inline_instances(request, row)
        return tuple((i.model, _get_foreign_key(self.model, i.model, i.fk_name).attname) for i in inlines)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._propose(request, obj) or super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._propose(request, obj) or super().log_change(request, obj, message)

    def _propose(self, request: HttpRequest, obj: Any) -> Any:
        """End the trial. What the public would see is rolled back and waits for a second person as a proposal."""
        trial: Trial | None = getattr(request, "_trial", None)
        proposal = trial.end(obj, by=staff_user(request)) if trial is not None else None
        if proposal is None:
            return None
        request._proposal = proposal  # type: ignore[attr-defined]
        told = [{"added": {"name": str(proposal._meta.verbose_name), "object": str(proposal)}}]
        return admin.site.get_model_admin(type(proposal)).log_addition(request, proposal, told)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_the_proposal(request) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._to_the_proposal(request) or super().response_change(request, obj)

    def _to_the_proposal(self, request: HttpRequest) -> HttpResponse | None:
        proposal: Proposal | None = getattr(request, "_proposal", None)
        if proposal is None:
            return None
        messages.info(request, _("It is proposed, and not public yet: ask a colleague to accept it."))
        return redirect(proposal.get_absolute_url())

    def changed_fields(self, row: Any) -> str:
        """The names of the fields that a change touched."""
        before = row.prev_record
        return ", ".join(row.diff_against(before).changed_fields) if before else ""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if has_links_in_history(self.model):
            begin_version(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        form.save_m2m()
        if has_links_in_history(self.model):  # before the rows below, whose service functions may move this one
            end_version(form.instance, is_new=not change)
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReasonForm(forms.Form):
    """The reason of an action, where it is recorded."""

    reason = LineField(max_length=300, label=_("Reason"), widget=forms.TextInput(attrs={"size": 80}))


def ask_reason(
    request: HttpRequest, model_admin: admin.ModelAdmin, rows: QuerySet, form: forms.Form, action: str, title: Any
) -> HttpResponse:
    """The page between choosing an action of a list and carrying it out: it asks for the reason."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "action": action,
        "select_across": request.POST.get("select_across", "0"),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "n": rows.count(),
    }
    return TemplateResponse(request, "admin/ask_reason.html", context)


class ReadOnlyAdmin(ForgivingList):
    """Rows that are written elsewhere, by their own service functions."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows that are written elsewhere, by their own service functions."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
