"""``python -m device``."""

from device.main import main

raise SystemExit(main())
