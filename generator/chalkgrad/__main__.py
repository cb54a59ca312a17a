"""`python -m chalkgrad` is the command line."""

import sys

from chalkgrad.cli import main

sys.exit(main())
