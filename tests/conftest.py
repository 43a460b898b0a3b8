"""What all tests share: the desk's settings are those of a test, wherever the suite is started from."""

import os
from pathlib import Path

import django
from hypothesis import settings

os.environ.setdefault("KOTIRUUTU_DESK_SECRET", "only-for-tests")
os.environ.setdefault("KOTIRUUTU_DESK_PLAIN_HTTP", "1")
os.environ.setdefault("KOTIRUUTU_DESK_DATA", str(Path(__file__).parents[1] / "build" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")

Path(os.environ["KOTIRUUTU_DESK_DATA"]).mkdir(parents=True, exist_ok=True)
# Before the other conftests: their fixtures name the desk's models.
django.setup()

# How long an example takes says nothing on a computer that does other things as well.
settings.register_profile("any computer", deadline=None)
settings.load_profile("any computer")
