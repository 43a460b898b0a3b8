"""Records every change of a row, whichever form or action it comes from.

What Django's signals do not report (``update`` and ``bulk_create``) is reported by ``ScopedQuerySet``.
``cloud/desk/audited.py`` lists the tables that are logs themselves and are not recorded.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import ManyToManyField, Model, QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from cloud.audit import actor
from cloud.audit.models import Change
from cloud.audit.values import Changes, differences, fields_of, reference
from cloud.organisations import scope
from cloud.organisations.models import Organisation
from cloud.people.models import Contact, Resident

# The attribute with a row's values before it is saved.
_BEFORE = "_recorded_before"

_without: dict[type[Model], Collection[str]] = {}
_names: dict[type[Model], object] = {}


def watch(model: type[Model], *, name: object = None, without: Collection[str] = ()) -> None:
    """Record changes of this model's rows from now on, except the fields ``without``."""
    _without[model] = without
    _names[model] = name or model._meta.verbose_name
    pre_save.connect(_remember, sender=model)
    post_save.connect(_saved, sender=model)
    pre_delete.connect(_removed, sender=model)
    scope.observe(model, scope.Observer(_updated, _created))
    for field in model._meta.many_to_many:
        m2m_changed.connect(_joined, sender=field.remote_field.through)


def name_of(model: type[Model]) -> object:
    """Return the name of a row's kind, as the page shows it."""
    return _names.get(model, model._meta.verbose_name)


def watched() -> frozenset[type[Model]]:
    """Return every model whose changes are recorded."""
    return frozenset(_without)


def _remember(instance: Model, *, raw: bool = False, **_signal: object) -> None:
    if raw or actor.current() is None or instance._state.adding:
        return
    setattr(instance, _BEFORE, _stored(instance))


def _saved(instance: Model, *, created: bool, raw: bool = False, **signal: Any) -> None:
    before: dict[str, Any] = instance.__dict__.pop(_BEFORE, {})
    if raw or actor.current() is None:
        return
    fields = fields_of(type(instance), _without[type(instance)])
    if (names := signal.get("update_fields")) is not None:
        fields = [field for field in fields if field.name in names or field.attname in names]
    after = vars(instance)
    if any(hasattr(value, "resolve_expression") for value in after.values()):
        after = _stored(instance)
    changes = differences((field for field in fields if field.attname in after), before, after)
    if created or changes:
        record(instance, Change.Act.ADDED if created else Change.Act.CHANGED, changes)


def _stored(instance: Model) -> dict[str, Any]:
    return type(instance)._base_manager.filter(pk=instance.pk).values().first() or {}


def _removed(instance: Model, **_signal: object) -> None:
    fields = fields_of(type(instance), _without[type(instance)])
    record(instance, Change.Act.REMOVED, differences(fields, vars(instance), {}))


@contextmanager
def _updated(rows: QuerySet[Any], names: Collection[str]) -> Iterator[None]:
    model = rows.model
    fields = [
        field for field in fields_of(model, _without[model]) if field.name in names or field.attname in names
    ]
    if actor.current() is None or not fields:
        yield
        return
    before = {row.pk: row for row in rows}
    yield
    # Each entry says where the row belongs.
    place = getattr(model, "organisation_path", "organisation")
    rows_after = model._base_manager.filter(pk__in=before)
    found = rows_after.select_related(place) if place else rows_after
    different = [(row, differences(fields, vars(before[row.pk]), vars(row))) for row in found]
    _record_all([(row, changes) for row, changes in different if changes], Change.Act.CHANGED)


def _created(rows: Sequence[Model]) -> None:
    if rows:
        fields = fields_of(type(rows[0]), _without[type(rows[0])])
        _record_all([(row, differences(fields, {}, vars(row))) for row in rows], Change.Act.ADDED)


def _joined(instance: Model, *, action: str, **signal: Any) -> None:
    if action not in ("post_add", "post_remove", "pre_clear") or type(instance) not in _without:
        return
    field = next(
        each for each in instance._meta.many_to_many if each.remote_field.through is signal["sender"]
    )
    numbers = signal["pk_set"] or _joined_now(instance, field)
    others = [reference(field.related_model, pk) for pk in sorted(numbers, key=str)]
    if others and field.name not in _without[type(instance)]:
        pair: list[Any] = [[], others] if action == "post_add" else [others, []]
        record(instance, Change.Act.CHANGED, {field.name: pair})


def _joined_now(instance: Model, field: "ManyToManyField[Any, Any]") -> set[Any]:
    return set(getattr(instance, field.name).values_list("pk", flat=True))


def record(row: Model, act: Change.Act, changes: Changes) -> None:
    """Add an entry in the name of the current actor; the desk's own jobs are not recorded."""
    who = actor.current()
    if who is None:
        return
    _entry(who, row, act, changes).save()
    if changes.get("anonymised_at", [None, None])[1]:
        _forget(row)


def _record_all(changed: Sequence[tuple[Model, Changes]], act: Change.Act) -> None:
    """Add an entry for each of these rows, all at once."""
    who = actor.current()
    # Creating nothing would still wait for the database's writer.
    if who is None or not changed:
        return
    Change.objects.bulk_create(_entry(who, row, act, changes) for row, changes in changed)
    for row, changes in changed:
        if changes.get("anonymised_at", [None, None])[1]:
            _forget(row)


def _entry(who: actor.Actor, row: Model, act: Change.Act, changes: Changes) -> Change:
    places = _places(row)
    return Change(
        way=who.way,
        by_id=who.user_id,
        organisation=places.get(Organisation),
        resident=places.get(Resident),
        contact=places.get(Contact),
        kind=row._meta.label_lower,
        row=str(row.pk),
        act=act,
        changes=changes,
    )


def _forget(row: Model) -> None:
    """Erase the words about an anonymised resident, contact or user."""
    name = row._meta.model_name
    about = (
        {name: row.pk} if name in ("resident", "contact") else {"kind": row._meta.label_lower, "row": row.pk}
    )
    Change.objects.filter(**about).forget_words()


def _places(row: Model) -> dict[type[Model], Any]:
    """Return the residents and organisations of a row: itself, and those on its ``organisation_path``."""
    found: dict[type[Model], Any] = {type(row): row}
    for path in (getattr(row, "organisation_path", "organisation"), "resident", "contact"):
        here: Any = row
        for name in path.split("__"):
            here = getattr(here, name, None) if name else here
            if here is None:
                break
            found.setdefault(type(here), here)
    return found
