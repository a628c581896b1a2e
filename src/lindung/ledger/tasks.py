"""What the process beside the web does for this room; each is safe to be done again, and by two at once."""

from procrastinate.contrib.django import app

from lindung.engine import clock
from lindung.ledger import blocks, checkpoints


@app.periodic(cron="*/5 * * * *")
@app.task(name="ledger.close", queue="calendar", queueing_lock="ledger.close")
def close_blocks(timestamp: int) -> None:
    """Close what has ended since the last time."""
    blocks.close()


@app.periodic(cron="30 1 * * *")
@app.task(name="ledger.checkpoint", queue="calendar", queueing_lock="ledger.checkpoint")
def sign_checkpoint(timestamp: int) -> None:
    """Once a night, sign where the chains stand; by the machine's own clock, as blocks are closed by it."""
    checkpoints.write(now=clock.unfixed())
