"""Choices among thousands of people: those chosen, and the first that fit what is searched for.

The browser asks for the page again with ``find-<field>``, and takes only the choices of that answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict

from cloud.base.lists import LONGEST_SEARCH, containing

MOST_SHOWN = 30
LONGEST_KEY = 18


class _Searched(ChoiceWidget):
    """Choices with a search above them."""

    template_name = "base/found_choices.html"
    choices_template = ""

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Add the template of the choices themselves."""
        context = super().get_context(name, value, dict(attrs or {}))
        return {**context, "choices_template": self.choices_template}


class FoundSelect(_Searched, forms.Select):
    """A list with a search above it."""

    template_name = _Searched.template_name
    choices_template = forms.Select.template_name


class FoundCheckboxes(_Searched, forms.CheckboxSelectMultiple):
    """Boxes to tick with a search above them."""

    template_name = _Searched.template_name
    choices_template = forms.CheckboxSelectMultiple.template_name


def offer_found(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], search: QueryDict, nobody: str | None = None
) -> None:
    """Let people of these rows be chosen; ``search`` is the query of the address."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} is not a choice among rows")
    is_multiple = isinstance(field, forms.ModelMultipleChoiceField)
    if f"find-{name}" in search:
        # What has been chosen and not saved yet stays among the choices.
        form.initial[name] = search.getlist(name) if is_multiple else search.get(name)
    words = search.get(f"find-{name}", "")[:LONGEST_SEARCH].replace("\0", "")
    field.widget = FoundCheckboxes() if is_multiple else FoundSelect()
    field.widget.is_required = field.required
    field.iterator = partial(_Found, form=form, name=name, words=words)  # type: ignore[assignment]
    field.empty_label = nobody
    field.queryset = rows


class _Found(ModelChoiceIterator):  # type: ignore[type-arg]
    """Reads the choices once, though a widget goes through them twice."""

    def __init__(self, field: Any, form: forms.BaseForm, name: str, words: str) -> None:
        super().__init__(field)
        self._form, self._name, self._words = form, name, words
        self._choices: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self._choices is None:
            chosen = _keys(self._form[self._name].value())
            self.queryset = _fitting(self.field.queryset, self._words, chosen)
            self._choices = list(super().__iter__())
        return iter(self._choices)


def _fitting(rows: Any, words: str, chosen: list[int]) -> Any:
    named = containing(words, "first_name", "last_name")
    if not chosen:
        return rows.filter(named)[:MOST_SHOWN]
    is_chosen = Case(When(pk__in=chosen, then=Value(0)), default=Value(1))
    found = rows.filter(named | Q(pk__in=chosen)) if named else rows
    ordering = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    return found.order_by(is_chosen, *ordering)[: MOST_SHOWN + len(chosen)]


def _keys(value: Any) -> list[int]:
    """Return the keys among what a form holds: a row, a key, texts from a browser, or several of them."""
    several: Iterable[Any] = value if isinstance(value, list | tuple | QuerySet) else [value]
    texts = [str(each.pk if isinstance(each, Model) else each) for each in several]
    return [int(each) for each in texts if each.isascii() and each.isdecimal() and len(each) < LONGEST_KEY]
