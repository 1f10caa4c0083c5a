"""``python -m chatdrill``."""

import sys

from chatdrill.cli import main

sys.exit(main())
