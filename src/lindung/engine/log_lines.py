"""What a line of the log looks like: a refusal of the house is one line, a fault of the house brings its trace."""

import logging

from django.core.exceptions import PermissionDenied


class RefusalsInOneLine(logging.Filter):
    """Leaves the trace out of "Forbidden": the address says all there is to know, and nothing is broken."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the line itself stays."""
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True
