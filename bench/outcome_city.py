"""Whose invented outcomes the bench delivers, to ours and to its peers alike, and who else is there."""

CITY, ORGANISATION = "GM9901", "bench-org"
ELSEWHERE = 3000
"""Offerings of others, in 300 cities: what is asked about one organisation must not read what all others have."""


def elsewhere() -> None:
    """Give each of them what one offering of the city has: the facts, and a plan for every measure."""
    from monitoring.models import MeasurementPlan, OfferingFact

    [fact] = OfferingFact.objects.filter(current=True, municipality_code=CITY).order_by("id").values()[:1]
    plans = list(MeasurementPlan.objects.filter(offering_code=fact["offering_code"]).values())
    others = [
        {"offering_code": f"other-{n}", "municipality_code": f"GM{n % 300}", "organisation_code": f"other-{n % 600}"}
        for n in range(ELSEWHERE)
    ]
    OfferingFact.objects.bulk_create(OfferingFact(**fact | other | {"id": None}) for other in others)
    MeasurementPlan.objects.bulk_create(MeasurementPlan(**p | other | {"id": None}) for p in plans for other in others)
