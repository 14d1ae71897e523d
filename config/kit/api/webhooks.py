"""Webhooks by the API: an editor's program has the site tell it of each public change."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from config.kit.api.authentication import Bearer, OutOfScope, token_of
from config.kit.api.deliveries import NotSent, target_of
from config.kit.api.exports import ListViewSet
from config.kit.api.idempotency import IDEMPOTENCY_KEY, idempotent
from config.kit.api.writing import Strict, drf_errors
from config.kit.models import PublicChange, Webhook
from config.kit.models.telling import kind_choices
from config.kit.models.webhooks import MOST_OF_ONE, new_signing_secret
from config.kit.parameters import EVERYWHERE, check_names


def make(owner: User, url: str, chosen: list[str]) -> Webhook:
    """Make a webhook that is told of all that changes from now on. Raises ValidationError of Django by field."""
    webhook = Webhook(
        owner=owner, url=url, kinds=sorted(set(chosen)), next_at=timezone.now(), secret=new_signing_secret()
    )
    webhook.last_sequence = PublicChange.objects.newest()
    webhook.full_clean()
    check_new(owner, url)
    webhook.save()
    return webhook


def check_new(owner: User, url: str) -> None:
    """Refuse one webhook too many, and an address that may not be sent to or that nobody knows.

    Raises ValidationError of Django by field.
    """
    if Webhook.objects.filter(owner=owner).count() >= MOST_OF_ONE:
        raise ModelError({"url": ModelError(_("You have 20 webhooks: delete one that you do not need."), "too_many")})
    try:
        target_of(url)
    except NotSent as refusal:
        raise ModelError({"url": ModelError(str(refusal), "not_reachable")}) from refusal


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook, as its editor sees it."""

    kinds = serializers.ListField(
        child=serializers.CharField(), help_text="The kinds of things that it is told of; empty: all."
    )
    location = serializers.SerializerMethodField(help_text="The address of this entry.")

    class Meta:
        model = Webhook
        fields = [
            "id",
            "url",
            "kinds",
            "is_active",
            "made_at",
            "last_sequence",
            "taken_at",
            "failures_in_a_row",
            "last_error",
            "location",
        ]
        extra_kwargs = {
            "last_sequence": {"help_text": "The last change that its receiver took: see the change feed."},
            "is_active": {"help_text": "False once the receiver was gone or did not answer for three days."},
        }

    def get_location(self, webhook: Webhook) -> str:
        return reverse("api:webhook-detail", args=[webhook.pk], request=self.context["request"])


class MadeWebhookSerializer(WebhookSerializer):
    """A webhook that was just made, with the secret by which its receiver tells our messages from others."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookWriteSerializer(Strict):
    """What a webhook is made of."""

    url = serializers.URLField(max_length=500, help_text="Where changes are sent: https, on the public internet.")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=30),
        required=False,
        default=list,
        max_length=50,
        help_text="The kinds of things to be told of, as `statement`; empty: all.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """With the kinds that the apps have registered by now."""
        fields = super().get_fields()
        cast(serializers.ListField, fields["kinds"]).child = serializers.ChoiceField(choices=kind_choices())
        return fields


class WebhookChangeSerializer(Strict):
    """What can be changed of a webhook."""

    is_active = serializers.BooleanField(
        required=False,
        help_text="True sends what has waited, at once; false sends nothing until it is true again.",
    )


class MayHaveWebhooks(permissions.IsAuthenticated):
    """Editors, by a token: each has their own."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user:
            raise exceptions.NotAuthenticated(_("Webhooks need an editor's access token."))
        if not token_of(request).may_make_webhooks:
            raise OutOfScope(_("This token may not make webhooks: make one with another scope."))
        return True


class WebhookViewSet(mixins.DestroyModelMixin, ListViewSet):
    """Addresses of your programs to which the site sends each public change, signed after Standard Webhooks.

    Messages come in the order of the change feed. One that is not answered by 200 to 299 is sent again, later and later, for three
    days, and what follows waits. It may come twice: `webhook-id` is the same then.
    """

    authentication_classes = [Bearer]
    permission_classes = [MayHaveWebhooks]
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = ["id", "made_at"]
    ordering = ["id"]
    http_method_names = ["get", "head", "options", "post", "patch", "delete"]

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.filter(owner=cast(User, self.request.user))

    @extend_schema(
        request=WebhookWriteSerializer,
        responses={201: MadeWebhookSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Have each public change sent to an address from now on. The answer alone has the secret: keep it."""
        check_names(request.query_params, EVERYWHERE)

        def act() -> Response:
            given = WebhookWriteSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            try:
                made = make(cast(User, request.user), given.validated_data["url"], given.validated_data["kinds"])
            except ModelError as error:
                raise serializers.ValidationError(drf_errors(error)) from error
            shown = MadeWebhookSerializer(made, context={"request": request}).data
            return Response(shown, status=status.HTTP_201_CREATED, headers={"Location": shown["location"]})

        return idempotent(request, act)

    @extend_schema(request=WebhookChangeSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Switched on again, it goes on after the last change that its receiver took: nothing is left out."""
        check_names(request.query_params, EVERYWHERE)
        given = WebhookChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            webhook = self.get_object()
            if "is_active" in given.validated_data:
                webhook.switch(on=given.validated_data["is_active"])
        return Response(self.get_serializer(webhook).data)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Nothing is sent to it any more."""
        check_names(request.query_params, EVERYWHERE)
        return super().destroy(request, *args, **kwargs)
