"""Whoever delivers figures, and what they may be about."""

import pytest

from monitoring.models import DataSource
from tests.factories.figures import an_area, an_indicator


@pytest.fixture
def steward(stores, client_with):
    an_indicator("indicator-a")
    an_area("area-a", valid_from=2000)
    an_area("area-old", valid_from=2000, valid_until=2020)
    DataSource.objects.create(code="source-a", name_nl="Bron")
    return client_with("data-steward")
