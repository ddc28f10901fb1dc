"""``python -m scripts.corpus``."""

from scripts.corpus.cli import main

raise SystemExit(main())
