"""``python -m device``."""

from device.start import hurry

hurry()

from device.main import main  # noqa: E402

raise SystemExit(main())
