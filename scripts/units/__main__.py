"""``python -m scripts.units``."""

from scripts.units.cli import main

raise SystemExit(main())
