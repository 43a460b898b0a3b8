"""Django's ``migrate``, which gives an empty database its tables from the models at once (decision 0149)."""

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class Command(migrate.Command):
    """Brings the database up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Create all tables of an empty database, then carry out what is left of the migrations."""
        connection = connections[options["database"]]
        is_asked = options["app_label"] or options["plan"] or options["check_unapplied"]
        if not is_asked and not connection.introspection.table_names():
            create_tables(connection)
        super().handle(*args, **options)


def create_tables(connection: BaseDatabaseWrapper) -> None:
    """Create every model's table and record every migration as applied, all of it or nothing."""
    recorder = MigrationRecorder(connection)
    migrations = MigrationLoader(connection).graph.nodes
    with connection.schema_editor() as editor:
        editor.create_model(recorder.Migration)
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for app, name in migrations:
            recorder.record_applied(app, name)
