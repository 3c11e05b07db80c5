"""Keys: what they look like, and that guessing them teaches nothing."""

import hmac
from datetime import UTC, datetime

import pytest

from accounts import keys, services
from tests.factories import accounts as account_factory

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_key_is_found_by_its_prefix_and_fits_only_its_own_digest():
    one, other = keys.make(), keys.make()

    assert keys.prefix_of(one.text) == one.prefix
    assert keys.fits(one.text, one.digest)
    assert not keys.fits(other.text, one.digest)


@pytest.mark.parametrize("text", ["", "fm_", "fm_short_x", "xx_0123456789_secret", "fm_0123456789", "é"])
def test_what_is_no_key_has_no_prefix(text):
    assert keys.prefix_of(text) is None


def test_an_unknown_key_costs_the_same_comparison(stores, monkeypatch):
    """Known prefix or not: one comparison in constant time over digests of one length."""
    known = account_factory.key("dashboard")
    compared = []
    ours = hmac.compare_digest
    monkeypatch.setattr(keys.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))) or ours(a, b))

    wrong_secret = services.principal_of_key(text=known[:-4] + "xxxx", now=NOW)
    unknown = services.principal_of_key(text="fm_0123456789_" + "x" * 43, now=NOW)

    assert (wrong_secret, unknown) == (None, None)
    assert compared == [(64, 64), (64, 64)]


def test_a_key_without_roles_may_only_what_the_public_may(stores):
    text = account_factory.key("dashboard")
    services.RoleGrant.objects.all().delete()

    principal = services.principal_of_key(text=text, now=NOW)

    assert principal is not None
    assert not principal.may("outcomes.write")
    assert principal.grants == ()
