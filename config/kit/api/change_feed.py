"""The change feed: everything that became public, was corrected or was taken back, in order, each once, for mirrors."""

from collections.abc import Iterable, Iterator

from django.core import signing
from django.http import HttpResponseBase
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import exceptions, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.api.exports import AT_ONCE, Entries, exported
from config.kit.api.pagination import page_size, wants_everything
from config.kit.models import PublicChange, telling
from config.kit.parameters import EVERYWHERE, check_names

A_READING = 1000
"""Changes that are read at once for a table of all."""
MOST_DIGITS = 18
_EARLIER_SALT = "news.changes"
_SENTENCES = {
    PublicChange.Change.PUBLISHED: gettext_lazy("Published: %(what)s."),
    PublicChange.Change.CORRECTED: gettext_lazy("Corrected: %(what)s."),
    PublicChange.Change.RENAMED: gettext_lazy("Renamed: %(what)s."),
    PublicChange.Change.TRANSLATED: gettext_lazy("Translated: %(what)s."),
    PublicChange.Change.WITHDRAWN: gettext_lazy("Withdrawn: %(what)s."),
    PublicChange.Change.DELETED: gettext_lazy("Deleted: %(what)s."),
}


def read_cursor(text: str) -> int:
    """The sequence that a cursor stands for. Raises ValueError for a cursor that this site did not give.

    Cursors of versions before the outbox stand for the beginning: who keeps one is told everything once more.
    """
    if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    try:
        if text.count(":") == 2:
            signing.loads(text, salt=_EARLIER_SALT)
        else:
            signing.Signer(salt=_EARLIER_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValueError("not a cursor of this site") from error
    return 0


def sentence_of(change: PublicChange) -> str:
    """What was changed, in a sentence for people."""
    model = telling.kinds()[change.kind].model
    named = change.name or change.key
    what = _("%(kind)s “%(name)s”") % {"kind": model._meta.verbose_name, "name": named}
    return capfirst(str(_SENTENCES[PublicChange.Change(change.change)]) % {"what": what})


class ChangeFeedEntrySerializer(serializers.Serializer):
    """Something became public, was corrected, renamed, translated, withdrawn or deleted."""

    sequence = serializers.IntegerField(
        source="pk", help_text="Grows in the order in which changes were committed; numbers may be left out."
    )
    at = serializers.DateTimeField(help_text="When the site told it.")
    change = serializers.ChoiceField(PublicChange.Change.choices)
    kind = serializers.ChoiceField(choices=[])
    key = serializers.CharField(help_text="What the thing is known by: its `slug`, `iso3` or `id`.")
    url = serializers.SerializerMethodField(help_text="The thing as it is now, or the list that it is in.")
    before = serializers.DictField(
        allow_null=True, help_text="What was told of it last. Null for what is new or public no more."
    )
    after = serializers.DictField(
        allow_null=True,
        help_text="What is told of it now: what is on record, without what the site computes. Null once it is public no more.",
    )
    sentence = serializers.SerializerMethodField(help_text="The change in a sentence for people.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """With the kinds that the apps have registered by now."""
        return super().get_fields() | {"kind": serializers.ChoiceField(choices=telling.kind_choices())}

    def get_url(self, change: PublicChange) -> str:
        return self.context["site"] + change.path

    def get_sentence(self, change: PublicChange) -> str:
        return sentence_of(change)


@extend_schema_serializer(many=False)
class ChangeFeedSerializer(serializers.Serializer):
    """One page of the change feed, and the cursor with which it goes on."""

    next = serializers.URLField(allow_null=True, help_text="Null where nothing more has happened yet.")
    cursor = serializers.CharField(allow_null=True, help_text="Keep it, and ask with it next time.")
    results = ChangeFeedEntrySerializer(many=True)


class ChangeFeedViewSet(viewsets.ViewSet):
    """Everything that became public, was corrected or was withdrawn, in order, each once."""

    serializer_class = ChangeFeedEntrySerializer

    @extend_schema(
        responses=ChangeFeedSerializer,
        parameters=[
            OpenApiParameter("cursor", str, description="Where the last answer ended."),
            OpenApiParameter("page_size", int, description="At most 500; 50 if not given."),
        ],
    )
    def list(self, request: Request) -> HttpResponseBase:
        """From the beginning, or from a cursor on. An answer without results keeps the cursor.

        Follow it with the cursor of the last answer, and every public thing is told: what an editor writes, what becomes public at
        its minute, what is withdrawn. Keep `after` by `kind` and `key`, or ask for `url`.
        """
        check_names(request.query_params, {*EVERYWHERE, "cursor", "page_size"})
        size = page_size(request, 50, 500)
        given = request.query_params.get("cursor")
        telling.tell()
        after = self._place(given)
        if wants_everything(request):
            is_long = PublicChange.objects.after(after)[AT_ONCE:].exists()
            return exported(request, self, self._entries(after), is_long=is_long)
        found = list(PublicChange.objects.after(after)[: size + 1])
        shown = found[:size]
        cursor = str(shown[-1].pk) if shown else given or ""
        address = request.build_absolute_uri(request.path)
        answer = {
            "next": f"{address}?{urlencode({'cursor': cursor, 'page_size': str(size)})}" if len(found) > size else None,
            "cursor": cursor or None,
            "results": self._shown(shown),
        }
        return Response(answer)

    def _place(self, given: str | None) -> int:
        if given is None:
            return 0
        try:
            after = read_cursor(given)
        except ValueError as error:
            raise exceptions.ValidationError(
                {"cursor": [_("This cursor is not one that this list gave.")]}, "unknown_cursor"
            ) from error
        if after > PublicChange.objects.newest():
            raise exceptions.ValidationError(
                {"cursor": [_("This list has not come so far. Begin again without a cursor.")]}, "unknown_cursor"
            )
        return after

    def _entries(self, after: int) -> Iterator[Entries]:
        """All entries of the feed after one."""
        while found := list(PublicChange.objects.after(after)[:A_READING]):
            yield self._shown(found)
            after = found[-1].pk

    def _shown(self, found: Iterable[PublicChange]) -> Entries:
        site = self.request.build_absolute_uri("/").rstrip("/")
        shown = ChangeFeedEntrySerializer(list(found), many=True, context={"site": site})
        return list(shown.data)
