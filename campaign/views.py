"""Pages of the campaign: parse the question, ask, render."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaign.backing import backing_of
from campaign.calendars import events
from campaign.forms import CommitmentsForm
from campaign.models import Campaign, CampaignAction, Commitment, Pillar
from campaign.targets import answers_to, targets_of
from treaties.views import asked, today


def campaign_list(request: HttpRequest) -> HttpResponse:
    campaigns = Campaign.objects.prefetch_related("treaties")
    shown = [(c, c.day_of_window(today()), c.window_is_over(today())) for c in campaigns]
    return render(request, "campaign/campaign_list.html", {"campaigns": shown})


def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.prefetch_related("treaties", "pillars"), slug=slug)
    calls = list(CampaignAction.objects.of(campaign).calls().for_display().order_by("audience", "date", "id"))
    targets, answers = targets_of(calls, today()), answers_to(calls, today())
    commitments = list(Commitment.objects.of(campaign).for_display())
    pillars = campaign.pillars.all()
    context = {
        "campaign": campaign,
        "today": today(),
        "day_of_window": campaign.day_of_window(today()),
        "window_is_over": campaign.window_is_over(today()),
        "objectives": [p for p in pillars if p.role == Pillar.Role.OBJECTIVE],
        "means": [p for p in pillars if p.role == Pillar.Role.MEANS],
        "calls": [(call, targets.get(call.pk), answers.get(call.pk)) for call in calls],
        "timeline": CampaignAction.objects.of(campaign).dated().for_display(),
        "commitments": commitments[:4],
        "commitment_count": len(commitments),
        "tally": tally(commitments),
        "backing": backing_of(campaign),
        "endorsements": campaign.endorsements.select_related("state"),
    }
    return render(request, "campaign/campaign.html", context)


def tally(commitments: list[Commitment]) -> list[tuple[str, str, int]]:
    """How many commitments have each status: value, label, number."""
    return [
        (choice.value, str(choice.label), sum(c.status == choice.value for c in commitments))
        for choice in Commitment.Status
    ]


def events_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    body = events(campaign, request.build_absolute_uri, today())
    headers = {"Content-Disposition": f'inline; filename="{campaign.slug}-events.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def commitments_page(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = CommitmentsForm(request.GET, campaign=campaign)
    question, code = asked(form)
    everything = list(Commitment.objects.of(campaign).for_display())
    shown = [c for c in everything if _is_asked(c, question)]
    context = {
        "campaign": campaign,
        "form": form,
        "commitments": [(c, c.is_overdue(today())) for c in shown],
        "tally": tally(everything),
        "total": len(everything),
        "overdue": sum(c.is_overdue(today()) for c in everything),
        "silent": sum(c.is_silent(today()) for c in everything),
        "today": today(),
    }
    return render(request, "campaign/commitments.html", context, status=code)


def _is_asked(commitment: Commitment, question: dict) -> bool:
    wanted = question["status"]
    return (
        (not question["pillar"] or commitment.pillar == question["pillar"])
        and (not question["state"] or commitment.by_state == question["state"])
        and (not wanted or _has(commitment, wanted))
    )


def _has(commitment: Commitment, wanted: str) -> bool:
    if wanted == "overdue":
        return commitment.is_overdue(today())
    if wanted == "silent":
        return commitment.is_silent(today())
    return commitment.status == wanted
