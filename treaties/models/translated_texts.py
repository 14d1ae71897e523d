"""Texts of the record that editors translate. Names of States and titles of treaties come from the United Nations' own."""

from django.urls import reverse

from config.kit.models.translations import TranslatedKind, register
from treaties.models.declarations import Declaration
from treaties.models.treaties import Article, Treaty
from treaties.models.withdrawal_steps import WithdrawalStep


def register_kinds() -> None:
    """Have the texts of treaties, articles, steps and declarations translated."""
    register(
        TranslatedKind("treaty", Treaty, Treaty.objects.all, lambda row: row.get_absolute_url(), known_by=("slug",)),
        TranslatedKind(
            "article",
            Article,
            lambda: Article.objects.select_related("treaty"),
            lambda row: row.treaty.get_absolute_url(),
        ),
        TranslatedKind(
            "withdrawal_step",
            WithdrawalStep,
            lambda: WithdrawalStep.objects.select_related("treaty"),
            lambda row: reverse("treaties:withdrawals", args=[row.treaty.slug]),
        ),
        TranslatedKind(
            "declaration",
            Declaration,
            lambda: Declaration.objects.select_related("treaty", "state"),
            lambda row: row.get_absolute_url(),
        ),
    )
