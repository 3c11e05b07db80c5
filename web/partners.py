"""Pages of partners: what is asked of them, the template, delivering a file and the receipt. The API's rules hold."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts import public as accounts
from config import exports, walls
from config.api import quota
from config.api.access import Principal
from config.days import today
from config.errors import Refusal
from config.methods import read_only, takes
from interventions import public as interventions
from monitoring import desk
from web.words import OUTCOMES, STATES, how_faulty, how_late, how_many_more, in_rows

Page = Callable[..., HttpResponse]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100
WAITING = ("missing", "not-yet-due")


def for_partners(page: Page) -> Page:
    """For who delivers for an organisation: `page` gets the person as the rules see it. Counted as any call."""

    @wraps(page)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        principal = accounts.person(user_id=str(request.user.pk))
        if not desk.may_deliver(principal=principal):
            raise PermissionDenied
        usage = quota.count(quota.buckets(principal, quota.address(request)))
        if usage and usage.violated:
            answer = render(request, "web/too_often.html", status=429)
            answer["Retry-After"] = str(usage.seconds)
            return answer
        walls.open_for(principal)
        return page(request, principal, *args, **kwargs)

    return login_required(run)


@read_only
@for_partners
def offerings(request: HttpRequest, principal: Principal) -> HttpResponse:
    """What the plans still ask, by due date, and what came; a template per period, first those that are over."""
    asked = desk.asked_of(principal=principal, day=today())
    names = interventions.offering_labels(codes={one.offering_code for one in asked})
    cities = accounts.municipality_names(codes={one.municipality_code for one in asked})
    rows: list[dict[str, Any]] = [
        {"asked": one, "offering": names.get(one.offering_code, one.offering_code), "state": STATES[one.status],
         "city": cities.get(one.municipality_code, one.municipality_code)}
        for one in asked
    ]  # fmt: skip
    waiting = [row for row in rows if row["asked"].status in WAITING]
    came = [row for row in rows if row["asked"].status not in WAITING]
    newest = sorted(waiting, key=lambda row: (row["asked"].over, row["asked"].due_on), reverse=True)
    periods = dict.fromkeys(row["asked"].period for row in newest)
    late = sum(row["asked"].status == "missing" for row in waiting)
    shown = {"waiting": waiting, "came": came[::-1][:MOST_ROWS], "periods": periods, "late": how_late(late)}
    return render(request, "web/offerings.html", shown)


@read_only
@for_partners
def template(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The template with the own offerings; written down as an export (config/exports.py)."""
    made = desk.filled_template(
        principal=principal, period=request.GET.get("periode", ""), day=today(),
        labels=lambda codes: interventions.offering_labels(codes=codes),
    )  # fmt: skip
    if made is None:
        raise Http404
    answer = HttpResponse(made.content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.export = exports.of(  # type: ignore[attr-defined]
        principal, store="monitoring", rows=made.rows, subject="outcome-files/template"
    )
    return answer


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Uw bestand"), allow_empty_file=True,
        help_text=_("Het ingevulde sjabloon (XLSX), of een CSV-bestand met dezelfde kolommen."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip


@takes("GET", "HEAD", "POST")
@for_partners
def deliver(request: HttpRequest, principal: Principal) -> HttpResponse:
    """Look whether a file would do, or deliver it. Delivered: on to its receipt, so that reloading sends nothing."""
    if request.method != "POST":
        return _form(request, FileForm())
    form, dry_run = FileForm(request.POST, request.FILES), request.POST.get("step") != "deliver"
    if not form.is_valid():
        return _form(request, form, status=400)
    file = form.cleaned_data["file"]
    try:
        with transaction.atomic(using="monitoring"):
            receipt = desk.deliver_outcomes(
                principal=principal, name=file.name, content=file.read(), day=today(), dry_run=dry_run
            )
            if principal.lost_some(accounts.person(user_id=str(request.user.pk))):
                raise PermissionDenied
    except Refusal as problem:
        for text in [str(fault.detail) for fault in problem.faults] or [problem.detail]:
            form.add_error("file", text)
        return _form(request, form, status=400)
    if receipt.id is None:
        return _form(request, FileForm(), receipt=receipt)
    return redirect("receipt", receipt_id=receipt.id)


def _form(
    request: HttpRequest, form: FileForm, *, receipt: desk.ReceiptView | None = None, status: int = 200
) -> HttpResponse:
    shown = {"form": form} | (_shown(receipt) if receipt else {})
    return render(request, "web/deliver.html", shown, status=status)


@read_only
@for_partners
def receipt(request: HttpRequest, principal: Principal, receipt_id: Any) -> HttpResponse:
    """What became of a delivery, row by row."""
    found = desk.receipt_of(principal=principal, receipt_id=str(receipt_id))
    if found is None:
        raise Http404
    return render(request, "web/receipt.html", _shown(found) | {"form": FileForm()})


def _shown(receipt: desk.ReceiptView) -> dict[str, Any]:
    """The receipt with its faults and questions each on a line of its own. in_sheets: it came as a workbook."""
    faults = [{"row": row, **fault} for row in receipt.rows for fault in row["faults"]]
    questions = [{"row": row, **question} for row in receipt.rows for question in row["questions"]]
    counts = [in_rows(receipt.counts[name], name) for name in OUTCOMES if receipt.counts[name]]
    return {
        "receipt": receipt, "faults": faults[:MOST_ROWS], "more_faults": how_many_more(len(faults) - MOST_ROWS),
        "questions": questions[:MOST_ROWS], "counts": counts, "fault_count": len(faults),
        "verdict": how_faulty(len(faults)),
        "in_sheets": any(row["sheet"] for row in receipt.rows),
    }  # fmt: skip
