"""The page of reports: numbers by month, as tables with bars, on paper, and for spreadsheets (V28)."""

import csv
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_GET

from cloud.base.csv_cell import cell
from cloud.base.forms import PlainForm
from cloud.base.reports import Part, Report, Unit, Value, months_until, reports
from cloud.organisations.access import access_to
from cloud.organisations.models import Organisation, User
from cloud.organisations.request import DeskRequest

LENGTHS = (3, 6, 12, 24)
USUAL = 6
_SEPARATORS = {"comma": ",", "semicolon": ";"}


class ReportsForm(PlainForm, forms.Form):
    """Which organisation, and how many months."""

    organisation = forms.ChoiceField(label=gettext_lazy("organisation"), required=False)
    months = forms.TypedChoiceField(
        label=gettext_lazy("period"),
        choices=[(n, ngettext_lazy("%(n)d month", "%(n)d months", n) % {"n": n}) for n in LENGTHS],
        coerce=int,
        required=False,
        empty_value=None,
        initial=USUAL,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {
            str(each.pk): each for each in Organisation.objects.visible_to(user).order_by("path")
        }
        named = [(pk, str(each)) for pk, each in self.organisations.items()]
        cast(forms.ChoiceField, self.fields["organisation"]).choices = [("", _("all")), *named]

    def asked(self) -> tuple[str, list[date]]:
        """Return the path of the organisations, and the months."""
        data = self.cleaned_data if self.is_valid() else {}
        chosen = self.organisations.get(data.get("organisation", ""))
        return (chosen.path if chosen else "/"), months_until(localdate(), data.get("months") or USUAL)


@dataclass(frozen=True)
class Line:
    """One month or part of a report, in words; ``share`` is the length of its bar in percent."""

    name: str
    share: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A report in words: a line for each month, then for each part of the whole period."""

    report: Report
    months: list[Line]
    parts: list[Line]
    record: str


@require_GET
def show(request: DeskRequest) -> HttpResponse:
    """Show every report for the chosen organisation and months."""
    form = ReportsForm(request.GET or None, user=request.user)
    path, months = form.asked()
    tables = [_table(report, request.user, path, months) for report in reports()]
    context = {"section": "reports", "form": form, "tables": tables, "asked": request.GET.urlencode()}
    return render(request, "desk/reports.html", context)


@require_GET
def table(request: DeskRequest) -> HttpResponse:
    """Export one report as CSV, with a semicolon where a Nordic spreadsheet wants one."""
    found = next((each for each in reports() if each.key == request.GET.get("report")), None)
    if found is None:
        raise Http404
    form = ReportsForm(request.GET or None, user=request.user)
    path, months = form.asked()
    headers = {"Content-Disposition": f'attachment; filename="{found.key}-{localdate().isoformat()}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    separator = _SEPARATORS.get(request.GET.get("separator", ""), ",")
    writer = csv.writer(response, delimiter=separator)
    units = [f" ({column.unit})" if column.unit else "" for column in found.columns]
    headings = [f"{column.heading}{unit}" for column, unit in zip(found.columns, units, strict=True)]
    numbers = found.read(request.user, path, months)
    if found.part_heading and request.GET.get("by") == "parts":
        heading, rows = found.part_heading, numbers.parts
    else:
        named = [f"{month:%Y-%m}" for month in months]
        heading, rows = _("Month"), list(map(Part, named, numbers.rows))
    writer.writerow([heading, *map(cell, headings)])
    for row in rows:
        writer.writerow([cell(row.name), *(_plain(value, separator) for value in row.values)])
    return response


def _table(report: Report, user: User, path: str, months: list[date]) -> Table:
    named = [date_format(month, "YEAR_MONTH_FORMAT") for month in months]
    numbers = report.read(user, path, months)
    by_month = _lines(report, list(map(Part, named, numbers.rows)))
    return Table(report, by_month[::-1], _lines(report, numbers.parts), _record(report, user))


def _record(report: Report, user: User) -> str:
    """Return the address of the page with names, for those who may open it."""
    access = access_to(report.record)
    return reverse(report.record) if access and access.see and user.may(access.see) else ""


def _lines(report: Report, rows: list[Part]) -> list[Line]:
    most = max((row.values[0] or 0 for row in rows), default=0) or 1
    return [
        Line(
            row.name,
            round(100 * (row.values[0] or 0) / most),
            [_words(value, column.unit) for value, column in zip(row.values, report.columns, strict=True)],
        )
        for row in rows
    ]


def _words(value: Value, unit: Unit) -> str:
    if value is None:
        return "–"
    if unit == "s":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02}"
    return f"{value} %" if unit == "%" else str(value)


def _plain(value: Value, separator: str) -> object:
    if value is None:
        return ""
    rounded = round(value, 1)
    # Where cells end with a semicolon, a comma begins the decimals.
    return str(rounded).replace(".", ",") if separator == ";" else rounded
