"""`python -m lindung`: what the launcher runs once everything is installed."""

from lindung.cli.main import run

# Worker processes import this module again under another name; they must not run a second command line.
if __name__ == "__main__":
    run()
