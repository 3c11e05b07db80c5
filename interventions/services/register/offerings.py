"""Organisations, offerings and agreements."""

from django.utils.translation import gettext as _

from config.errors import Fault, Refusal
from interventions.models import Agreement, Intervention, Offering, Organisation, ServiceType
from interventions.services.register.announcing import announcing
from interventions.services.register.writing import Change, write


def save_organisation(*, organisation: Organisation, actor: str) -> Change:
    """Create or replace an organisation (shared by all municipalities)."""
    return write(organisation, actor=actor, resource="organisations")


def save_offering(*, offering: Offering, actor: str) -> Change:
    """Create or replace an offering and announce it if its facts changed. Raises Refusal with every fault."""
    _refuse([*_unknown_references(offering), *_faults_of_offering(offering)])
    moved_from = Offering.objects.filter(code=offering.code).values_list("intervention_id", flat=True)
    with announcing(interventions={offering.intervention_id, *moved_from}):
        return write(offering, actor=actor, resource="offerings")


def save_agreement(*, agreement: Agreement, actor: str) -> Change:
    """Create or replace an agreement; new dates announce its offering. Raises Refusal with every fault."""
    offering = Offering.objects.filter(code=agreement.offering_id).first()
    _refuse(_faults_of_agreement(agreement, offering))
    with announcing(interventions={offering.intervention_id} if offering else set()):
        return write(agreement, actor=actor, resource="agreements")


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Refusal("", faults)


def _unknown_references(offering: Offering) -> list[Fault]:
    asked = (
        ("organisationCode", Organisation, offering.organisation_id),
        ("interventionCode", Intervention, offering.intervention_id),
        ("serviceType", ServiceType, offering.service_type_id),
    )
    return [
        Fault(f"#/{name}", "unknown-code", _("Deze code kennen wij niet."), value=code)
        for name, model, code in asked
        if not model._default_manager.filter(pk=code).exists()
    ]


def _faults_of_offering(offering: Offering) -> list[Fault]:
    faults = []
    if offering.ends_on and offering.ends_on < offering.starts_on:
        faults.append(Fault("#/endsOn", "ends-before-start", _("Het einde ligt voor het begin.")))
    if not offering.city_wide and not offering.area_codes:
        faults.append(Fault("#/areaCodes", "nowhere", _("Noem minstens één gebied, of de hele stad.")))
    return faults


def _faults_of_agreement(agreement: Agreement, offering: Offering | None) -> list[Fault]:
    faults = []
    if offering is None:
        faults.append(Fault("#/offeringCode", "unknown-code", _("Deze code kennen wij niet.")))
    elif offering.municipality_code != agreement.municipality_code:
        detail = _("De afspraak hoort bij een andere gemeente dan het aanbod.")
        faults.append(Fault("#/municipalityCode", "other-municipality", detail))
    if agreement.valid_until and agreement.valid_until < agreement.valid_from:
        faults.append(Fault("#/validUntil", "ends-before-start", _("Het einde ligt voor het begin.")))
    return faults
