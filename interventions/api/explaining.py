"""What an answer about coverage rests on, in sentences for its reader."""

from django.utils.translation import gettext as _


def explanation(*, absent: str = "", parts: bool = True) -> list[str]:
    """absent: what is missing while monitoring is away, nothing when it is there. parts: the answer names `via`."""
    lines = [
        _("Aanbod voor de hele stad telt voor elk gebied mee, net als aanbod voor een gebied waar dit gebied in ligt."),
        *([_("Aanbod in een deel van het gebied telt ook mee; 'via' zegt hoe aanbod het gebied bereikt.")] * parts),
        _("Een verlopen afspraak telt niet als actief; aanbod zonder afspraak loopt volgens zijn eigen data."),
        _("Niet vermeld op de effectladder betekent niet: werkt niet."),
    ]
    return [*lines, absent] if absent else lines


def areas_absent() -> str:
    return _("De monitoring is even niet bereikbaar: gebieden en cijfers zijn niet nagegaan.")


def reach_absent() -> str:
    return _("De monitoring is even niet bereikbaar: bereik ontbreekt en de ligging van gebieden is niet nagegaan.")
