"""Entry point of the wizard: ``python -m device.setup --settings FILE``."""

import sys

from device.setup.main import main

sys.exit(main())
