"""Where the queue library looks for the tasks of this room."""

from lindung.jobs.sweeping import sweep

__all__ = ["sweep"]
