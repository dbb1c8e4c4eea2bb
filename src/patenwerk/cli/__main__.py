"""``python -m patenwerk.cli``."""

from patenwerk.cli.main import main

raise SystemExit(main())
