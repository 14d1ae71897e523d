"""The texts of States as readers meet them: each with the answers to it, and what is known of their days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from treaties.models import Declaration, StepChoices, WithdrawalStep
from treaties.models.declarations import DeclarationQuerySet


@dataclass(frozen=True)
class Answer:
    """An objection to a text, with the step around a withdrawal that tells of it, where one is on record."""

    text: Declaration
    step: WithdrawalStep | None

    @property
    def day(self) -> date | None:
        return self.text.made_on


@dataclass(frozen=True)
class Thread:
    """A text and the objections to it."""

    text: Declaration
    answers: Sequence[Answer] = field(default_factory=tuple)


def threads(texts: DeclarationQuerySet, *, joined: bool = False) -> list[Thread]:
    """The texts, the newest first, each with all objections to it, by their days.

    Args: joined: leave out, as texts of their own, objections that stand below the text that they answer.
    The number of queries does not grow with the texts.
    """
    chosen = list(texts.for_display().newest_first())
    numbers = {text.pk for text in chosen}
    shown = [text for text in chosen if not (joined and text.answers_id in numbers)]
    answers = {text.pk: list(text.answered_by.all()) for text in shown}
    steps = _steps_of({answer.state_id for found in answers.values() for answer in found})
    return [
        Thread(text, tuple(Answer(a, steps.get((a.treaty_id, text.state_id, a.state_id))) for a in answers[text.pk]))
        for text in shown
    ]


def _steps_of(objecting: Iterable[str]) -> dict[tuple[int, str, str], WithdrawalStep]:
    """The objections among the steps around withdrawals, by treaty, State and who objects."""
    steps = WithdrawalStep.objects.filter(step=StepChoices.OBJECTION, actor__in=list(objecting))
    return {(step.treaty_id, step.state_id, str(step.actor_id)): step for step in steps}
