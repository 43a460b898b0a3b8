"""Pages of notification templates and their recipients."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cloud.base.languages import LANGUAGES
from cloud.base.lists import page_of
from cloud.notices.events import EventType, type_of
from cloud.notices.forms import FileForm, NewTemplateForm, NoticeRuleForm, NoticeTemplateForm
from cloud.notices.models import NoticeRule, NoticeTemplate, TemplateFile
from cloud.organisations.models import Organisation
from cloud.organisations.request import DeskRequest
from cloud.organisations.scope import by_organisation

MOST_ORGANISATIONS = 25


@require_GET
def templates(request: DeskRequest) -> HttpResponse:
    """List organisations with their templates; those without recipients are marked (N6)."""
    ours = NoticeTemplate.objects.visible_to(request.user).prefetch_related("rules__person")
    organisations = Organisation.objects.visible_to(request.user).order_by("path")
    page, asked = page_of(request, organisations, MOST_ORGANISATIONS)
    found = by_organisation(ours.filter(organisation__in=list(page)))
    rows = [(each, [(row, type_of(row.event)) for row in found[each.pk]]) for each in page]
    context = {"section": "notices", "rows": rows, "form": NewTemplateForm(), "page": page, "asked": asked}
    return render(request, "notices/templates.html", context)


@require_POST
def new(request: DeskRequest, organisation: int) -> HttpResponse:
    """Add a template of one event type."""
    owner = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation)
    event = type_of(request.POST.get("event", ""))
    if event is None:
        return redirect("notices:templates")
    made = beginning(owner, event)
    made.save()
    return redirect("notices:template", made.pk)


def beginning(organisation: Organisation, event: EventType) -> NoticeTemplate:
    """Return a template with default texts in each language."""
    made = NoticeTemplate(organisation=organisation, event=event.name, name=str(event.label))
    for code, _name in LANGUAGES:
        with translation.override(code):
            setattr(made, f"subject_{code}", str(event.label))
            fields = ", ".join(f"{{{field}}}" for field in (*event.own_fields, "at", "organisation"))
            setattr(made, f"body_{code}", f"{event.label}: {{resident}} ({fields})")
    return made


def template(request: DeskRequest, template: int) -> HttpResponse:
    """Edit texts, recipients and files; a change is a new version, effective at once (N2)."""
    edited = _template(request, template)
    form = NoticeTemplateForm(request.POST or None, instance=edited)
    if request.method == "POST" and form.is_valid():
        edited.version += 1 if form.changed_data else 0
        form.save()
        messages.success(request, _("Saved."))
        return redirect("notices:template", template)
    return _page(request, edited, form=form)


@require_POST
def add_rule(request: DeskRequest, template: int) -> HttpResponse:
    """Add a rule that says who gets this template's messages (N3, N4)."""
    edited = _template(request, template)
    form = NoticeRuleForm(request.POST, instance=NoticeRule(template=edited))
    if form.is_valid():
        form.save()
        return redirect("notices:template", template)
    return _page(request, edited, rule_form=form)


@require_POST
def remove_rule(request: DeskRequest, template: int, rule: int) -> HttpResponse:
    """Remove a recipient rule; a template without one is marked as not in use (N6)."""
    rows = NoticeRule.objects.visible_to(request.user).filter(template=_template(request, template))
    get_object_or_404(rows, pk=rule).delete()
    return redirect("notices:template", template)


@require_POST
def add_file(request: DeskRequest, template: int) -> HttpResponse:
    """Add a file that is sent as a link."""
    edited = _template(request, template)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        form.made(edited).save()
        return redirect("notices:template", template)
    return _page(request, edited, file_form=form)


@require_POST
def remove_file(request: DeskRequest, template: int, file: int) -> HttpResponse:
    """Remove a file; its links become invalid."""
    rows = TemplateFile.objects.visible_to(request.user).filter(template=_template(request, template))
    get_object_or_404(rows, pk=file).delete()
    return redirect("notices:template", template)


def _template(request: DeskRequest, pk: int) -> NoticeTemplate:
    return get_object_or_404(NoticeTemplate.objects.visible_to(request.user), pk=pk)


def _page(request: DeskRequest, edited: NoticeTemplate, **forms: object) -> HttpResponse:
    context = {
        "section": "notices",
        "edited": edited,
        "event": type_of(edited.event),
        "form": NoticeTemplateForm(instance=edited),
        "rule_form": NoticeRuleForm(instance=NoticeRule(template=edited)),
        "file_form": FileForm(),
        "files": edited.files.defer("data"),
        **forms,
    }
    return render(request, "notices/template.html", context)
