"""``python -m landbridge`` is the command ``landbridge``."""

from landbridge.cli.main import entry

entry()
