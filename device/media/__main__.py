"""``python -m device.media``."""

from device.media.main import main

raise SystemExit(main())
