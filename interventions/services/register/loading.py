"""Loading the reference data of this app."""

from config.loading import LoadReport, load
from factors import public as factors
from interventions import reference
from interventions.models import EffectLevel, Intervention, InterventionDatabase, InterventionFactor, ServiceType
from interventions.services.register.announcing import announcing


def load_reference() -> dict[str, LoadReport]:
    """Code lists, interventions and the factors they work on; loading again changes nothing."""
    return {
        "effect levels": load(EffectLevel, key=["level"], rows=reference.effect_levels()),
        "intervention databases": load(InterventionDatabase, key=["code"], rows=reference.databases()),
        "service types": load(ServiceType, key=["code"], rows=reference.service_types()),
        "interventions": load(Intervention, key=["code"], rows=reference.interventions()),
        "intervention factors": _load_factor_links(),
    }


def _load_factor_links() -> LoadReport:
    """Links that a better translation of factor codes replaced are removed; links on another ground stay."""
    rows = list(reference.factor_links(lambda codes: factors.translate_factor_codes(scheme="texts", codes=codes)))
    wanted = {(row["intervention_id"], row["factor_code"]) for row in rows}
    codes = {row["intervention_id"] for row in rows}
    with announcing(interventions=codes):
        loaded = InterventionFactor.objects.filter(
            intervention__in=codes, basis__in=[reference.OUR_READING, reference.TEXT]
        )
        stale = [link.pk for link in loaded if (link.intervention_id, link.factor_code) not in wanted]
        InterventionFactor.objects.filter(pk__in=stale).delete()
        return load(InterventionFactor, key=["intervention_id", "factor_code"], rows=rows)
