"""An empty database gets its tables from the models at once; they are those of the migrations."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

OLDER = ("table", "older", "older", "id")


def migrate(folder: Path) -> str:
    """Bring the desk's database in this folder up to date; return what the command says."""
    inherited = {name: value for name, value in os.environ.items() if name != "KOTIRUUTU_DESK_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", "cloud", "migrate"],
        env=inherited | {"KOTIRUUTU_DESK_DATA": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def schema(folder: Path) -> set[tuple[str, ...]]:
    """Columns, indexes, constraints, and what is recorded as applied; in no order."""
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        found = {("applied", *row) for row in database.execute("SELECT app, name FROM django_migrations")}
        for kind, name, table, sql in database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
            # A column's place in its table depends on the way; nothing else does.
            parts = sorted((sql or "").removesuffix(")").partition("(")[2].split(", "))
            found.add((kind, name, table, *parts))
    return found


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    """One that has a table already is migrated step by step; both databases are the same in the end."""
    at_once, stepwise = tmp_path / "at-once", tmp_path / "stepwise"
    for folder in (at_once, stepwise):
        folder.mkdir()
    with closing(sqlite3.connect(stepwise / "desk.sqlite3")) as database:
        database.execute("CREATE TABLE older (id)")
    assert "Applying people.0001_initial" in migrate(stepwise)
    assert "No migrations to apply" in migrate(at_once)
    assert len(schema(at_once)) > 400
    assert schema(at_once) == schema(stepwise) - {OLDER}
    assert "No migrations to apply" in migrate(at_once)
