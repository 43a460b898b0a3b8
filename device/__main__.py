"""``python -m device``."""

import gc

from device.start import stand_in

# Nothing of a start is garbage: the tablet lets it be collected again once the screen is painted.
gc.disable()

with stand_in("typing_extensions"):
    # All that it would find there Python has itself.
    import msgspec  # noqa: F401

from device.main import main  # noqa: E402

raise SystemExit(main())
