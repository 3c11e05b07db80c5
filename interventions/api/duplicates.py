"""The same method under two names: a report for those who keep the register, and a warning when one is added."""

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from rest_framework import serializers

from config.api.access import Access, Needs
from config.api.query import ListQuery
from config.api.resources import ListResource
from interventions import public
from interventions.likeness import Ground, Likeness
from interventions.services.register.duplicates import duplicates, duplicates_of

GROUNDS = [ground.value for ground in Ground]


class PossibleDuplicateSerializer(serializers.Serializer):
    """Een andere interventie die dezelfde zou kunnen zijn."""

    interventionCode = serializers.CharField()
    name = serializers.CharField()
    grounds = serializers.ListField(child=serializers.ChoiceField(choices=GROUNDS), help_text="Waarom zij erop lijkt.")
    nameSimilarity = serializers.FloatField(help_text="Gelijkenis van de namen, 0–1.")
    related = serializers.BooleanField(help_text="De een hoort bij de ander, of beide horen bij dezelfde.")


class DuplicatePairSerializer(PossibleDuplicateSerializer):
    """Twee interventies die dezelfde zouden kunnen zijn; of zij dat zijn, beslist een mens."""

    otherCode = serializers.CharField()
    otherName = serializers.CharField()


class DuplicateQuery(ListQuery):
    interventionCode = serializers.CharField(default=None, help_text="Alleen wat op deze interventie lijkt.")
    ground = serializers.ChoiceField(choices=GROUNDS, default=None, help_text="Alleen op deze grond.")
    related = serializers.BooleanField(default=None, allow_null=True, help_text="false: zonder wat bij elkaar hoort.")
    dismissed = serializers.BooleanField(
        default=False, help_text="true: de paren waarvan iemand vond dat het er twee zijn."
    )


class InterventionDuplicatesView(ListResource):
    """Dezelfde methode onder twee namen? Paren die op elkaar lijken, de meeste gronden eerst.

    Gronden: dezelfde naam (zonder hoofdletters, accenten, lege woorden, en met woorden die volgens de teksten hetzelfde
    betekenen), bijna dezelfde naam (trigrammen), dezelfde bladzijde van een databank, bijna dezelfde beschrijving. Een
    paar waarvan iemand vond dat het er twee zijn (`duplicate-dismissals`), staat er niet bij.
    """

    access: ClassVar[dict[str, Access]] = {"GET": Needs("interventions.write")}
    query = DuplicateQuery
    item = DuplicatePairSerializer

    def rows(self) -> list[Likeness]:
        asked = self.params
        code, apart = asked["interventionCode"], asked["dismissed"]
        found = duplicates(dismissed=apart) if code is None else duplicates_of(code=code, dismissed=apart)
        return [
            one for one in found if asked["ground"] in (None, *one.grounds) and asked["related"] in (None, one.related)
        ]

    def shape(self, thing: Any, *, many: bool = False) -> Any:
        names = _names(thing)
        shown = [_pair(one, one.first, names) | {"otherCode": one.second, "otherName": names[one.second]}
                 for one in thing]  # fmt: skip
        return DuplicatePairSerializer(shown, many=True).data


def possible_duplicates(code: str) -> list[dict[str, Any]]:
    """What looks like an intervention, as its answer tells it."""
    found = duplicates_of(code=code)
    names = _names(found)
    return [_pair(one, one.second if one.first == code else one.first, names) for one in found]


def _names(found: Iterable[Likeness]) -> dict[str, str]:
    codes: Collection[str] = {code for one in found for code in (one.first, one.second)}
    return public.intervention_labels(codes=codes)


def _pair(one: Likeness, code: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "interventionCode": code,
        "name": names[code],
        "grounds": list(one.grounds),
        "nameSimilarity": round(one.similarity, 3),
        "related": one.related,
    }
