"""Entry point: ``python -m device`` runs the core process."""

from device.start import hurry

hurry()

from device.main import main  # noqa: E402

raise SystemExit(main())
