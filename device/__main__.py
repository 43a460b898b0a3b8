"""Entry point: ``python -m device`` runs the core process."""

from device.start import pause_garbage_collection

pause_garbage_collection()

from device.main import main  # noqa: E402

raise SystemExit(main())
