"""Entry point: ``python -m device.media`` runs the media server."""

from device.media.main import main

raise SystemExit(main())
