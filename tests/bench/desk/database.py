"""The empty database of a bench at the desk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUILD = Path("build") / "bench"


def prepare(name: str) -> None:
    """Let Django's settings have an empty folder of this name; the database is SQLite."""
    folder = (BUILD / name).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["KOTIRUUTU_DESK_DATA"] = str(folder)
    os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-figures")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cloud.desk.settings"


@contextmanager
def database() -> Iterator[str]:
    """Prepare Django's settings; PostgreSQL where it is installed, whose name is given."""
    prepare("desk")
    if not Path("/usr/lib/postgresql").exists():
        yield "SQLite"
        return
    from tests.postgresql import create_database, running_server

    with running_server() as url:
        create_database(url)
        os.environ["KOTIRUUTU_DESK_DATABASE"] = url
        yield "PostgreSQL"
        from django.db import connection

        connection.close()
