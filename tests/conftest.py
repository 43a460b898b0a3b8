"""What all tests share: the desk's settings are those of a test, wherever the suite is started from."""

import gc
import os
from pathlib import Path

import django
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from hypothesis import settings

from tests.examples import examples

os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-tests")
os.environ.setdefault("KOTIRUUTU_DESK_PLAIN_HTTP", "1")
os.environ.setdefault("KOTIRUUTU_DESK_DATA", str(Path(__file__).parents[1] / "build" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")

Path(os.environ["KOTIRUUTU_DESK_DATA"]).mkdir(parents=True, exist_ok=True)
# Before the other conftests: their fixtures name the desk's models.
django.setup()
# The desk asks nothing of Django's own permissions and kinds of rows: whenever a test has emptied the
# database, hundreds of them would be made again.
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)

# How long an example takes says nothing on a computer that does other things as well.
settings.register_profile("any computer", deadline=None, max_examples=examples(100))
settings.load_profile("any computer")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look at half a million objects again."""
    gc.collect()
    gc.freeze()
