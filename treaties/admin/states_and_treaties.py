"""States, treaties and what is known around them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import OpenToAutocomplete, RecordAdmin, RecordInline
from treaties.law import rules
from treaties.models import (
    Article,
    Declaration,
    DepositaryNotification,
    Extension,
    GroupMembership,
    Obligation,
    State,
    StateName,
    Treaty,
    WithdrawalStep,
)


class WithdrawalStepInline(RecordInline, admin.StackedInline):
    """The steps of a State towards or away from a withdrawal."""

    model = WithdrawalStep
    fk_name = "state"
    extra = 0
    autocomplete_fields = ["treaty", "actor"]
    fields = [
        ("treaty", "step"),
        ("date", "date_precision"),
        "actor",
        ("votes_for", "votes_against", "abstentions"),
        "detail",
        "source_url",
        "note",
        "taken_out_because",
    ]


@admin.register(State)
class StateAdmin(OpenToAutocomplete, RecordAdmin):
    list_display = ["name", "iso3", "region", "subregion", "un_member"]
    list_filter = ["region", "subregion", "un_member"]
    search_fields = ["name", "common_name", "formal_name", "iso3", "other_names__name"]
    ordering = ["sort_name"]
    readonly_fields = ["iso3", "iso2", "m49"]
    inlines = [WithdrawalStepInline]
    fieldsets = [
        (None, {"fields": ["name", "common_name", "formal_name"]}),
        (_("Codes"), {"fields": [("iso3", "iso2", "m49"), ("cow_code", "cow_abbreviation", "gw_code")]}),
        (_("Place"), {"fields": [("region", "subregion"), "regional_group"]}),
        (_("United Nations"), {"fields": [("un_member", "un_member_since")]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ArticleInline(RecordInline, admin.TabularInline):
    model = Article
    extra = 0


@admin.register(Treaty)
class TreatyAdmin(OpenToAutocomplete, RecordAdmin):
    list_display = [
        "short_title",
        "reference",
        "entered_into_force_on",
        "complete_to",
        "counts_withheld_after",
    ]
    search_fields = ["short_title", "title", "reference"]
    date_hierarchy = "adopted_on"
    slug_from = ("short_title",)
    readonly_fields = ["last_compared_on"]
    fixed_fields = ("slug",)
    inlines = [ArticleInline]
    fieldsets = [
        (None, {"fields": ["short_title", "slug", "title", ("reference", "depositary"), "source_url"]}),
        (
            _("Dates"),
            {"fields": [("adopted_on", "adopted_at"), ("opened_on", "closed_on"), "entered_into_force_on"]},
        ),
        (
            _("Rules"),
            {
                "description": _("All statuses are computed from these. A change here changes every page."),
                "fields": [
                    ("entry_into_force_rule", "entry_into_force_n"),
                    ("withdrawal_notice_months", "withdrawal_notice_days"),
                    "armed_conflict_clause",
                    "dated_duties",
                ],
            },
        ),
        (
            _("Articles"),
            {"fields": [("article_signature", "article_consent", "article_entry_into_force", "article_withdrawal")]},
        ),
        (
            _("The ledger"),
            {"fields": [("complete_to", "counts_withheld_after", "last_compared_on"), "note", "position"]},
        ),
    ]


@admin.register(WithdrawalStep)
class WithdrawalStepAdmin(RecordAdmin):
    list_display = ["date", "state", "step", "treaty", "actor", "votes_for", "votes_against", "abstentions"]
    list_display_links = ["date", "state"]
    list_filter = ["treaty", "step", "state__region"]
    list_select_related = ["state", "treaty", "actor"]
    search_fields = ["state__name", "detail", "note"]
    date_hierarchy = "date"
    autocomplete_fields = ["treaty", "state", "actor"]
    fieldsets = [
        (None, {"fields": [("treaty", "state"), "step", ("date", "date_precision"), "detail"]}),
        (_("Vote"), {"fields": [("votes_for", "votes_against", "abstentions")]}),
        (_("Source"), {"fields": ["actor", "source_url", "note"]}),
    ]


class ExtensionInline(RecordInline, admin.StackedInline):
    model = Extension
    extra = 0
    fields = [
        ("number", "extended_to", "known_to"),
        ("granted_at", "granted_on"),
        "source_url",
        "note",
        "taken_out_because",
    ]


@admin.register(Obligation)
class ObligationAdmin(RecordAdmin):
    list_display = ["state", "obligation", "outcome", "completed_on", "treaty"]
    list_filter = ["treaty", "obligation", "outcome", "state__region"]
    list_select_related = ["state", "treaty"]
    search_fields = ["state__name", "note"]
    date_hierarchy = "completed_on"
    autocomplete_fields = ["treaty", "state"]
    fieldsets = [
        (
            None,
            {
                "fields": [("treaty", "state"), "obligation"],
                "description": _(
                    "The deadline is computed from the entry into force for the State; record here what was declared."
                ),
            },
        ),
        (_("On record"), {"fields": [("outcome", "completed_on"), "known_to", "source_url", "note"]}),
    ]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[type[admin.options.InlineModelAdmin]]:
        """Only a duty whose deadline can be extended has decisions on it (Art. 5(3)); a new one is saved first."""
        can_be_extended = isinstance(obj, Obligation) and obj.obligation in rules.EXTENDABLE
        return [ExtensionInline] if can_be_extended else []


@admin.register(Declaration)
class DeclarationAdmin(RecordAdmin):
    list_display = ["made_on", "state", "kind", "treaty", "is_public_statement"]
    list_display_links = ["made_on", "state"]
    list_filter = ["treaty", "kind", "language", "is_public_statement"]
    list_select_related = ["state", "treaty"]
    search_fields = ["state__name", "state__other_names__name", "summary", "text", "note"]
    date_hierarchy = "made_on"
    autocomplete_fields = ["treaty", "state", "with_action", "about", "answers"]
    fieldsets = [
        (
            None,
            {
                "fields": ["kind", ("treaty", "state"), "articles", ("made_on", "withdrawn_on"), "with_action"],
                "description": _("No text changes a status. Record what does as a treaty action."),
            },
        ),
        (_("Answer"), {"fields": ["answers", "about", "is_public_statement"]}),
        (_("Words"), {"fields": ["summary", "text", "language", "source_url", "note"]}),
    ]


@admin.register(DepositaryNotification)
class DepositaryNotificationAdmin(RecordAdmin):
    list_display = ["reference", "notified_on", "act", "declaration"]
    list_select_related = ["act", "declaration"]
    search_fields = ["reference", "note", "act__state__name", "declaration__state__name"]
    date_hierarchy = "notified_on"
    autocomplete_fields = ["act", "declaration"]
    fieldsets = [
        (None, {"fields": ["reference", "notified_on", "act", "declaration"]}),
        (_("Source"), {"fields": ["source_url", "note"]}),
    ]


@admin.register(StateName)
class StateNameAdmin(RecordAdmin):
    list_display = ["name", "state", "kind", "valid_from", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["state"]
    search_fields = ["name", "formal_name", "state__name"]
    autocomplete_fields = ["state"]
    fieldsets = [
        (None, {"fields": ["state", "kind", ("name", "formal_name"), ("valid_from", "valid_to")]}),
        (_("Source"), {"fields": ["source_url", "note"]}),
    ]


@admin.register(GroupMembership)
class GroupMembershipAdmin(RecordAdmin):
    list_display = ["group", "state", "since", "until"]
    list_filter = ["group"]
    list_select_related = ["state"]
    search_fields = ["state__name", "note"]
    autocomplete_fields = ["state"]
    fieldsets = [
        (None, {"fields": ["group", "state", ("since", "until")]}),
        (_("Source"), {"fields": ["source_url", "note"]}),
    ]


@admin.register(Article)
class ArticleAdmin(OpenToAutocomplete, RecordAdmin):
    list_display = ["treaty", "number", "heading"]
    list_filter = ["treaty"]
    list_select_related = ["treaty"]
    search_fields = ["treaty__short_title", "number", "heading", "summary"]
    autocomplete_fields = ["treaty"]


@admin.register(Extension)
class ExtensionAdmin(RecordAdmin):
    list_display = ["obligation", "extended_to", "granted_at", "granted_on", "known_to"]
    list_select_related = ["obligation__state"]
    search_fields = ["obligation__state__name", "granted_at"]
    date_hierarchy = "extended_to"
    autocomplete_fields = ["obligation"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the duties that can be extended alone."""
        if db_field.name == "obligation":
            kwargs["queryset"] = Obligation.objects.filter(obligation__in=rules.EXTENDABLE).select_related("state")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
