"""Views of campaigns, commitments, pledges and the public account."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign, Commitment, Pillar, Pledge, PledgeToken
from campaign.models.commitments import CommitmentQuerySet
from campaign.pages.backing_map import backing_map, legend
from campaign.pages.calendars import events, events_as_linked_data
from campaign.pages.forms import CommitmentsForm, PledgePageForm, ReceiptForm
from campaign.pledging import links, pledges
from campaign.pledging.backing import account_of, backing_of
from campaign.pledging.consent import CURRENT, TEXTS
from campaign.pledging.rate_limits import check_limits, network_key
from campaign.reading import reading_for, reading_of
from campaign.targets import answers_to, targets_of
from config.kit.formats.days import written
from config.kit.incoming.days import today
from config.kit.incoming.visitors import RateLimited, address_of
from config.kit.pages.cards import card_answer, in_letters_that_we_have
from config.kit.pages.paging import KeysFirst
from config.kit.pages.qr_codes import qr_code
from config.kit.pages.token_pages import View, no_store, same_origin_only, token_page
from config.kit.parameters import parsed_query
from treaties import ledger
from treaties.extension_points import text_of_source
from treaties.models.treaties import MAIN_TREATY
from treaties.pages.forms import CitedForm
from treaties.pages.pinned import pin
from treaties.status.boards import status_board
from treaties.status.sentences import count_in_words

NAMED = 24
"""How many names the campaign's page shows."""
COMMITMENTS_SHOWN = 4
"""How many commitments the campaign's page shows."""
COMMITMENTS_A_PAGE = 48
DAYS_A_PAGE = 60


def campaign_list(request: HttpRequest) -> HttpResponse:
    campaigns = Campaign.objects.prefetch_related("treaties")
    shown = [(c, c.day_of_window(today()), c.window_is_over(today())) for c in campaigns]
    return render(request, "campaign/campaign_list.html", {"campaigns": shown})


def back(request: HttpRequest) -> HttpResponse:
    """The short address in the head of every page: on to the pledge of the newest campaign for the main treaty.

    It is an address of its own so that no page must be made anew when a campaign changes.
    """
    reading = reading_for(ledger.treaties_known()[MAIN_TREATY])
    return redirect("campaign:pledge", reading.campaign.slug) if reading else redirect("campaign:campaigns")


def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    reading = reading_of(slug)
    if reading is None:
        raise Http404
    campaign = reading.campaign
    form = CitedForm(request.GET, today())
    question, code = parsed_query(request, form)
    on, known_at = question["on"] or today(), question["known_at"]
    title = _("%(campaign)s: whom it asks on %(day)s") % {"campaign": campaign.title, "day": on.isoformat()}
    pinned = pin(request, question, title, list(campaign.treaties.all()), {"on": on})
    if pinned.answer is not None:
        return pinned.answer
    calls = reading.calls
    targets, answers = targets_of(calls, on, known_at), answers_to(calls, on, known_at)
    commitments = Commitment.objects.of(campaign)
    tally = status_tally(commitments)
    backing = backing_of(campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "on": on,
        **pinned.context,
        "today": today(),
        "announcement": text_of_source(campaign.source_url),
        "day_of_window": campaign.day_of_window(today()),
        "window_is_over": campaign.window_is_over(today()),
        "objectives": reading.pillars(Pillar.Role.OBJECTIVE),
        "means": reading.pillars(Pillar.Role.MEANS),
        "calls": [(call, targets.get(call.pk), answers.get(call.pk)) for call in calls],
        "timeline": [(action, reading.earlier.get(action.pk, [])) for action in reading.timeline],
        "commitments": commitments.for_display()[:COMMITMENTS_SHOWN],
        "commitment_count": sum(n for _value, _label, n in tally),
        "tally": tally,
        "backing": backing,
        "map": backing_map(backing),
        "legend": legend(),
        "named": Pledge.objects.of(campaign).to_be_named()[:NAMED],
        "events": events_as_linked_data(reading.events, request.build_absolute_uri),
        "endorsements": reading.endorsements,
    }
    return render(request, "campaign/campaign.html", context, status=code)


@in_letters_that_we_have
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """What other sites show when the campaign is shared: the parties then and now."""
    reading = reading_of(slug)
    if reading is None:
        raise Http404
    campaign = reading.campaign
    treaty = next(iter(campaign.treaties.all()), None)
    figures = []
    if treaty is not None and not treaty.counts_are_withheld(today()):
        for day, words in ((campaign.announced_on, _("parties on %(day)s")), (today(), _("parties today"))):
            counts = status_board(treaty, day).counts
            figures.append((count_in_words(counts, "parties"), words % {"day": written(day)}))
    return card_answer(treaty.short_title if treaty else "", campaign.title, figures)


def status_tally(commitments: CommitmentQuerySet) -> list[tuple[str, str, int]]:
    """How many commitments have each status: value, label, number."""
    return [(value, str(Commitment.Status(value).label), n) for value, n in commitments.tally().items()]


def events_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    reading = reading_of(slug)
    if reading is None:
        raise Http404
    body = events(reading.campaign, reading.events, request.build_absolute_uri, today())
    headers = {"Content-Disposition": f'inline; filename="{reading.campaign.slug}-events.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def commitments_page(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = CommitmentsForm(request.GET, campaign=campaign)
    question, code = parsed_query(request, form, {"page"})
    everything = Commitment.objects.of(campaign)
    shown = filtered(everything, question).for_display()
    page = KeysFirst(shown, COMMITMENTS_A_PAGE).get_page(request.GET.get("page"))
    tally = status_tally(everything)
    context = {
        "campaign": campaign,
        "form": form,
        "page": page,
        "commitments": [(c, c.is_overdue(today())) for c in page],
        "tally": tally,
        "total": sum(n for _value, _label, n in tally),
        "overdue": everything.overdue(today()).count(),
        "silent": everything.silent(today()).count(),
        "today": today(),
        "state": question["state"],
        "download": download_query(campaign, question),
    }
    return render(request, "campaign/commitments.html", context, status=code)


def download_query(campaign: Campaign, question: dict[str, Any]) -> str:
    """The question of the API that has the commitments of the page. The API knows no 'overdue' and no 'silent': then it has all."""
    query = {"campaign": campaign.slug}
    if question["pillar"]:
        query["pillar"] = question["pillar"].slug
    if question["state"]:
        query["state"] = question["state"].pk
    if question["status"] in Commitment.Status.values:
        query["status"] = question["status"]
    return urlencode(query)


def filtered(commitments: CommitmentQuerySet, question: dict[str, Any]) -> CommitmentQuerySet:
    """The commitments that the question chooses."""
    wanted = question["status"]
    if question["pillar"]:
        commitments = commitments.filter(pillar=question["pillar"])
    if question["state"]:
        commitments = commitments.by(question["state"])
    if wanted == "overdue":
        return commitments.overdue(today())
    if wanted == "silent":
        return commitments.silent(today())
    return commitments.filter(status=wanted) if wanted else commitments


def commitment_page(request: HttpRequest, slug: str, commitment: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    shown = get_object_or_404(Commitment.objects.of(campaign).for_display(), slug=commitment)
    context = {"campaign": campaign, "commitment": shown, "is_overdue": shown.is_overdue(today())}
    return render(request, "campaign/commitment.html", context)


@same_origin_only
@no_store
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. Whoever sends it gets the same answer, whatever is known of the address."""
    reading = reading_of(slug)
    if reading is None:
        raise Http404
    campaign = reading.campaign
    form = PledgePageForm(request.POST) if request.method == "POST" else PledgePageForm(initial=_asked_for(request))
    wait = None
    if form.is_bound and form.is_valid():
        try:
            check_limits(request, form.cleaned_data["email"])
        except RateLimited as error:
            wait = int(error.wait.total_seconds())
            form.renew_stamp()
        else:
            pledges.pledge(campaign, **form.person(), network_key=network_key(address_of(request)))
            return redirect("campaign:pledge-sent", slug=slug)
    context = {
        "campaign": campaign,
        "form": form,
        "consent": TEXTS[CURRENT],
        "wait": wait,
        "backing": backing_of(campaign),
        "objectives": reading.pillars(Pillar.Role.OBJECTIVE),
        "window_is_over": campaign.window_is_over(today()),
        "confirm_days": settings.PLEDGE_CONFIRM_DAYS,
    }
    code = 429 if wait else 400 if form.errors else 200
    response = render(request, "campaign/pledge.html", context, status=code)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """The State that the link to the form names, as the link on a State's page does."""
    code = request.GET.get("state", "").upper()
    return {"state": code} if code in ledger.states_known(None) else {}


def pledge_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody sees who sent the form."""
    campaign = get_object_or_404(Campaign, slug=slug)
    return render(request, "campaign/pledge_sent.html", {"campaign": campaign, "days": settings.PLEDGE_CONFIRM_DAYS})


@no_store
def pledge_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """After the confirmation: the receipt, and how to tell others."""
    campaign = get_object_or_404(Campaign, slug=slug)
    pledge = pledges.by_receipt(campaign, request.GET.get("receipt", ""))
    if pledge is None:
        raise Http404
    page = request.build_absolute_uri(campaign.get_absolute_url())
    form = request.build_absolute_uri(reverse("campaign:pledge", args=[campaign.slug]))
    context = {
        "campaign": campaign,
        "pledge": pledge,
        "page": page,
        "backing": backing_of(campaign),
        "qr_code": qr_code(form, _("QR code of the page to back the campaign")),
    }
    return render(request, "campaign/pledge_thanks.html", context)


def pledge_link(purpose: PledgeToken.Purpose) -> Callable[[View], View]:
    """A page behind a link in a mail about a pledge."""

    def base(slug: str) -> dict[str, Any]:
        return {"campaign": get_object_or_404(Campaign, slug=slug), "purpose": purpose.value}

    def look_up(context: dict[str, Any], token: str) -> dict[str, Any]:
        if purpose is PledgeToken.Purpose.NEVER:
            links.mailbox_behind(context["campaign"], token)
            return {}
        return {"pledge": links.look_up(context["campaign"], token, purpose).pledge, "consent": TEXTS[CURRENT]}

    return token_page(
        base=base,
        look_up=look_up,
        button="campaign/pledge_button.html",
        used="campaign/pledge_done.html",
        dead="campaign/pledge_dead.html",
    )


@pledge_link(PledgeToken.Purpose.CONFIRM)
def confirm_page(request: HttpRequest, context: dict[str, Any], token: str) -> HttpResponse:
    campaign = context["campaign"]
    pledge = pledges.confirm(campaign, token)
    return redirect(f"{reverse('campaign:pledge-thanks', args=[campaign.slug])}?receipt={pledge.receipt}")


@pledge_link(PledgeToken.Purpose.REMOVE)
def remove_page(request: HttpRequest, context: dict[str, Any], token: str) -> HttpResponse:
    pledges.remove(context["campaign"], token)
    return render(request, "campaign/pledge_done.html", context)


@pledge_link(PledgeToken.Purpose.NEVER)
def never_page(request: HttpRequest, context: dict[str, Any], token: str) -> HttpResponse:
    pledges.never_mail(context["campaign"], token)
    return render(request, "campaign/pledge_done.html", context)


def account_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The public account of a campaign's pledges, day by day, and the check of a receipt."""
    campaign = get_object_or_404(Campaign, slug=slug)
    form = ReceiptForm(request.GET)
    receipt = form.cleaned_data["receipt"] if form.is_valid() else ""
    days = Paginator(account_of(campaign), DAYS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "form": form,
        "receipt": receipt,
        "pledge": pledges.by_receipt(campaign, receipt) if receipt else None,
        "page": days,
        "backing": backing_of(campaign),
    }
    response = render(request, "campaign/account.html", context)
    if receipt:
        response["Cache-Control"] = "no-store"
    return response
