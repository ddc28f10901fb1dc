"""``python -m pipeline`` is ``sohoa``."""

from pipeline.cli import main

raise SystemExit(main())
