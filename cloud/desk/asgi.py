"""The ASGI application: the desk with a limit on request size."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

from cloud.desk.bound import Application, Bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cloud.desk.settings")
LARGEST_REQUEST_BYTES = 12_000_000

application = Bounded(cast(Application, get_asgi_application()), LARGEST_REQUEST_BYTES)
