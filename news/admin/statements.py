"""Statements in the admin: written, reviewed, published, corrected. Every transition is made by the workflow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    RecordAdmin,
    RecordInline,
    apply_to_each,
    apply_to_shown,
    staff_user,
)
from config.kit.incoming.form_fields import LineField, ProseField
from config.kit.models import Proposal
from news.facts import guard
from news.facts.figures import figures_that_fail
from news.facts.ledger_facts import LedgerFacts
from news.models import Correction, Figure, OldSlug, PreviewLink, PreviewOpening, Quotation, Statement, Video
from news.models.statements import PUBLIC_STATES, check_tags
from news.newsroom import previews, public_changes, workflow
from news.newsroom.contents import fingerprint_of, moment_and_contents_of
from news.newsroom.proof import claims_text
from news.newsroom.revisions import changed_since, revisions
from news.pages.views import article
from news.roles import PUBLISHER
from treaties.models import Treaty


class QuotationInline(RecordInline, admin.StackedInline):
    """Under a draft a quotation can be deleted: nobody has read it."""

    model = Quotation
    extra = 0
    can_delete = True


class FigureInline(RecordInline, admin.StackedInline):
    """Under a draft a figure can be deleted: nobody has read it."""

    model = Figure
    extra = 0
    can_delete = True
    autocomplete_fields = ["treaty"]
    fields = ["text", ("treaty", "query", "on", "value"), "position", "taken_out_because"]


class VideoInline(RecordInline, admin.StackedInline):
    """Under a draft a video can be deleted: nobody has seen it."""

    model = Video
    extra = 0
    can_delete = True


class CorrectionInline(ReadOnlyInline):
    model = Correction
    fields = ["made_at", "text", "made_by"]
    readonly_fields = ["made_at", "text", "made_by"]
    show_change_link = False


class StatementForm(forms.ModelForm):
    """Tells the second of two editors what the first has changed in between, and loses nothing of what they typed."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Statement
        fields = "__all__"  # noqa: DJ007 - the admin names them in its fieldsets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if OldSlug.objects.filter(slug__iexact=slug).exclude(statement=self.instance.pk).exists():
            raise ValidationError(_("This address was another statement's, and still leads to it."))
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None:
            current = Statement.objects.select_for_update().get(pk=self.instance.pk)
            if current.version != seen:
                given: Any = self.data
                self.data = given.copy()
                self.data["seen_version"] = current.version  # type: ignore[index]
                raise ValidationError(
                    [
                        _(
                            "Somebody else has saved this statement while you had it open. What you typed is kept below."
                        ),
                        *changed_since(current, seen),
                        _("Look at it, and save again if yours is to stand."),
                    ]
                )
        return cleaned


def _list_action(transition: workflow.Transition, description: Any, done: Any) -> Callable[..., HttpResponse | None]:
    """An action of the list that makes a transition for each chosen statement, shown in full before it is approved."""

    @admin.action(description=description)
    def act(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        if transition.needs_seen:
            return apply_to_shown(
                request,
                model_admin,
                queryset,
                action=transition.name,
                title=description,
                contents=moment_and_contents_of,
                act=lambda statement, seen: workflow.apply(transition, statement, by=staff_user(request), seen=seen),
                done=lambda statement: f"{statement}: {done}",
            )
        apply_to_each(
            request,
            queryset,
            lambda statement: workflow.apply(transition, statement, by=staff_user(request)),
            lambda statement: f"{statement}: {done}",
        )
        return None

    act.__name__ = transition.name
    return act


class FailingFiguresFilter(admin.SimpleListFilter):
    title = _("figures")
    parameter_name = "figures"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("failing", _("Not what the ledger says"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "failing":
            return queryset
        return queryset.filter(pk__in={f.statement_id for f in figures_that_fail(timezone.now().date())})


class UnreviewedFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("none", _("Published without review"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=Statement.objects.unreviewed()) if self.value() == "none" else queryset


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    change_form_template = "admin/news/statement/change_form.html"
    list_display = ["title", "kind", "dated_on", "language", "workflow_state", "publish_at", "author", "reviewed"]
    list_filter = [UnreviewedFilter, FailingFiguresFilter, "workflow", "kind", "language", "stance", "campaign"]
    list_select_related = ["author"]
    search_fields = ["title", "symbol", "body", "speaker__name"]
    date_hierarchy = "dated_on"
    autocomplete_fields = ["speaker", "campaign", "states", "articles", "photo", "translation_of"]
    form = StatementForm
    slug_from = ("title",)
    readonly_fields = ["workflow", "author", "approved_by", "published_by", "emergency_reason", "updated_at"]
    inlines = [QuotationInline, FigureInline, VideoInline, CorrectionInline]
    actions = [
        _list_action(workflow.SUBMIT, _("Submit for review"), _("submitted for review.")),
        _list_action(workflow.SEND_BACK, _("Send back to the author"), _("sent back to the author.")),
        _list_action(workflow.APPROVE, _("Approve"), _("approved.")),
        _list_action(workflow.PUBLISH, _("Publish at its minute, or now"), _("published.")),
    ]
    fieldsets = [
        (None, {"fields": ["title", "slug", ("kind", "symbol"), "body", "seen_version"]}),
        (_("Said by, on"), {"fields": ["speaker", "byline", ("dated_on", "date_note")]}),
        (_("About"), {"fields": ["states", "articles", "campaign", "stance", "photo"]}),
        (_("Language"), {"fields": [("language", "translation_of")]}),
        (_("Source"), {"fields": ["source_url", "source_note"]}),
        (
            _("Publication"),
            {
                "fields": [
                    "publish_at",
                    "workflow",
                    ("author", "reviewer"),
                    ("approved_by", "published_by"),
                    "emergency_reason",
                    "updated_at",
                ],
                "description": _(
                    "The state of work moves on the page of its review, or by the actions of the list. Nothing is public "
                    "before it is published. Times are UTC: the browser tells beside the field how far your clock is from it."
                ),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = [*super().get_readonly_fields(request, obj)]
        if isinstance(obj, Statement) and obj.workflow in PUBLIC_STATES:
            fixed += ["slug", "publish_at"]
        return fixed

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What is public is corrected in the open, on a page of its own."""
        if isinstance(obj, Statement) and obj.workflow in PUBLIC_STATES:
            return False
        return super().has_change_permission(request, obj)

    @admin.display(description=_("state of work"), ordering="workflow")
    def workflow_state(self, statement: Statement) -> str:
        return str(statement.stage.label)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Publishers review; nobody else is offered."""
        if db_field.name == "reviewer":
            kwargs["queryset"] = (
                User.objects.filter(groups__name=PUBLISHER, is_active=True).distinct().order_by("username")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(boolean=True, description=_("reviewed"))
    def reviewed(self, statement: Statement) -> bool:
        return not statement.is_unreviewed

    def save_model(self, request: HttpRequest, obj: Statement, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.author = staff_user(request)
        else:
            before = obj.workflow
            workflow.reset_review(obj)
            if before != obj.workflow:
                messages.warning(request, _("The text has changed, so the approval has fallen away: submit it again."))
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return _is_saved(request, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return _is_saved(request, super().response_change(request, obj))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("preview/", wrap(self.preview_view), name="news_statement_preview"),
            path("<int:pk>/review/", wrap(self.review_view), name="news_statement_review"),
            path("<int:pk>/correct/", wrap(self.correct_view), name="news_statement_correct"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The text as the public will see it, by the same renderer; nothing is kept."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = PreviewForm(request.POST)
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            shown = Statement(**form.cleaned_data)
            context |= article(request, shown, is_kept=False)
        return TemplateResponse(request, "admin/news/statement/preview.html", context)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a reviewer needs on one page: the text as the public will see it, figures, claims, what was said."""
        statement = get_object_or_404(Statement.objects.for_page(), pk=pk)
        if not self.has_view_permission(request, statement):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request, statement)
        context = {
            **self.admin_site.each_context(request),
            **article(request, statement),
            "title": _("Review"),
            "opts": self.opts,
            "claims": guard.check_claims(
                claims_text(statement), statement.dated_on, LedgerFacts(Treaty.objects.main())
            ),
            "unsourced": [q for q in statement.quotations.all() if not q.source_url],
            "comments": statement.review_comments.select_related("made_by"),
            "moves": [
                (transition, workflow.refusal_of(transition, statement, staff_user(request)))
                for transition in workflow.TRANSITIONS.values()
                if transition.is_button
            ],
            "links": statement.preview_links.select_related("made_by").prefetch_related("openings__user"),
            "now": timezone.now(),
            "revisions": revisions(statement),
            "is_public": statement.workflow in PUBLIC_STATES and not statement.is_scheduled,
            "secret": request.session.pop("news.preview", None),
            "seen": fingerprint_of(statement),
        }
        return TemplateResponse(request, "admin/news/statement/review.html", context)

    def _act(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        by, reason = staff_user(request), request.POST.get("reason", "")
        acts: dict[str, Callable[[], Any]] = {
            "comment": lambda: workflow.comment(statement, by=by, text=reason),
            "move_to": lambda: public_changes.move_to(statement, request.POST.get("slug", "").strip(), by=by),
            "withdraw": lambda: public_changes.withdraw(statement, reason=reason, by=by),
            "restore": lambda: workflow.restore(statement, _version(request), by=by),
            "share": lambda: self._share(request, statement),
            "revoke": lambda: self._revoke(request, statement),
        }
        name = request.POST.get("move", "")
        try:
            if name in acts:
                done = acts[name]()
                if isinstance(done, Proposal) and done.is_open:
                    messages.info(request, _("It is proposed, and not public yet: ask another publisher to accept it."))
                    return redirect(done.get_absolute_url())
            else:
                workflow.apply_by_name(name, statement, by=by, reason=reason, seen=request.POST.get("seen", ""))
        except workflow.NewsroomError as refusal:
            messages.error(request, str(refusal))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Done."))
        return redirect("admin:news_statement_review", pk=statement.pk)

    def _share(self, request: HttpRequest, statement: Statement) -> None:
        given = ShareForm(request.POST)
        if not given.is_valid():
            raise ValidationError(
                [f"{given.fields[n].label}: {m}" for n, messages in given.errors.items() for m in messages]
            )
        _link, secret = previews.make(
            statement,
            made_for=given.cleaned_data["made_for"],
            expires_at=timezone.now() + timedelta(hours=given.cleaned_data["hours"]),
            by=staff_user(request),
        )
        request.session["news.preview"] = request.build_absolute_uri(reverse("news:preview", args=[secret]))

    def _revoke(self, request: HttpRequest, statement: Statement) -> None:
        previews.revoke(get_object_or_404(statement.preview_links, pk=_number(request, "link")), by=staff_user(request))

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A public text is corrected in the open: what was wrong is told, and the text of before stays readable."""
        statement = get_object_or_404(Statement.objects.filter(workflow__in=workflow.CORRECT.sources), pk=pk)
        if not request.user.has_perm("news.publish_statement"):
            raise PermissionDenied
        form = CorrectForm(request.POST or None, initial={"title": statement.title, "body": statement.body})
        if form.is_valid():
            given = form.cleaned_data
            correction = Correction(statement=statement, text=given["text"], is_small=given["is_small"])
            try:
                proposal = public_changes.correct(
                    correction,
                    by=staff_user(request),
                    title=given["title"],
                    body=given["body"],
                    urgency=given["urgency"],
                    seen=request.POST.get("seen", ""),
                )
            except workflow.NewsroomError as refusal:
                messages.error(request, str(refusal))
            else:
                if proposal is not None and proposal.is_open:
                    messages.info(request, _("It is proposed, and not public yet: ask another publisher to accept it."))
                    return redirect(proposal.get_absolute_url())
                messages.success(request, _("Corrected in the open. The text of before can still be read."))
                return redirect("admin:news_statement_review", pk=statement.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct"),
            "opts": self.opts,
            "form": form,
            "statement": statement,
            "seen": fingerprint_of(statement),
        }
        return TemplateResponse(request, "admin/news/statement/correct.html", context)

    class Media:
        js = [Script("js/newsroom.js", type="module")]


def _is_saved(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser that the server has taken the form, so that it forgets the draft that it kept."""
    secure = settings.SESSION_COOKIE_SECURE
    path = quote(request.path, safe="")  # as it is, a browser would get it in quotation marks
    response.set_cookie("saved_form", path, max_age=600, path="/admin/", samesite="Strict", secure=secure)
    return response


def _version(request: HttpRequest) -> int:
    number = _number(request, "version")
    if number is None:
        raise workflow.NewsroomError(_("There is no such version."))
    return number


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the form; None for what is none."""
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


class PreviewForm(forms.Form):
    """What the preview shows."""

    title = LineField(required=False)
    body = ProseField(required=False, validators=[check_tags])
    language = LineField(required=False, max_length=10)


class CorrectForm(forms.Form):
    """The right text in the place of the wrong one, and what was wrong, in a sentence for the reader."""

    title = LineField(max_length=250, label=_("Title"), widget=forms.TextInput(attrs={"size": 80}))
    body = ProseField(label=_("Text"), validators=[check_tags], widget=forms.Textarea(attrs={"rows": 16, "cols": 100}))
    text = ProseField(
        label=_("What was corrected"),
        help_text=_("Before and after, in a sentence for the reader. It cannot be removed."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 100}),
    )
    is_small = forms.BooleanField(
        required=False,
        label=_("It is small"),
        help_text=_("A comma or a letter: nothing that the text says has changed. It is listed apart."),
    )
    urgency = LineField(
        required=False,
        max_length=300,
        label=_("Why it cannot wait for a second publisher"),
        help_text=_(
            "Leave it empty if it can. Otherwise it is public at once, and stays listed until another has seen it."
        ),
        widget=forms.TextInput(attrs={"size": 80}),
    )


class ShareForm(forms.Form):
    made_for = LineField(max_length=120, label=_("For whom"))
    hours = forms.IntegerField(min_value=1, max_value=24 * 30, label=_("Hours"))


@admin.register(PreviewLink)
class PreviewLinkAdmin(ReadOnlyAdmin):
    """Who was shown what before its time. Links are made and revoked on the page of a statement's review."""

    list_display = ["statement", "made_for", "made_by", "made_at", "expires_at", "revoked_at"]
    list_select_related = ["statement", "made_by"]
    search_fields = ["made_for", "statement__title"]


@admin.register(PreviewOpening)
class PreviewOpeningAdmin(ReadOnlyAdmin):
    list_display = ["at", "link", "user"]
    list_select_related = ["link", "user"]
    date_hierarchy = "at"
    search_fields = ["link__made_for"]
