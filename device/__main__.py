"""``python -m device``."""

import gc

from device.absent import absent

# Nothing of a start is garbage: the tablet lets it be collected again once the screen is painted.
gc.disable()

with absent("typing_extensions"):
    # All that it would find there Python has itself.
    import msgspec  # noqa: F401

from device.main import main  # noqa: E402

raise SystemExit(main())
