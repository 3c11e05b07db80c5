"""What workers do for accounts."""

from celery import shared_task

from accounts import key_use


@shared_task(name="accounts.tasks.write_key_use", ignore_result=True)
def write_key_use() -> None:
    """Write down when keys were used and refused."""
    key_use.write_down()
