"""``python -m device``."""

import gc

# Nothing of a start is garbage: the tablet lets it be collected again once the screen is painted.
gc.disable()

from device.main import main  # noqa: E402

raise SystemExit(main())
