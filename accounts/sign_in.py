"""Logging in, failing to and being locked out, written down as they happen (signals of Django and django-axes)."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts import people
from accounts.models import User


@receiver(user_logged_in)
def logged_in(sender: Any, user: User, **kwargs: Any) -> None:
    people.audit(by=people.actor(user), action="user.logged-in", user=user)


@receiver(user_logged_out)
def logged_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user:
        people.audit(by=people.actor(user), action="user.logged-out", user=user)


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Of a person of ours; a name nobody has may be a password typed in the wrong field, so it is not kept."""
    _note("user.login-failed", str(credentials.get("username") or ""))


@receiver(user_locked_out)
def locked_out(sender: Any, username: str | None, **kwargs: Any) -> None:
    _note("user.locked-out", username or "")


def _note(action: str, username: str) -> None:
    user = User.objects.filter(username=username).first() if "\x00" not in username else None
    people.audit(by=people.actor(user) if user else "unknown", action=action, user=user)
