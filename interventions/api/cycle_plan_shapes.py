"""How plans of action, improvement actions and reminders look."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.api.bodies import Body
from config.api.fields import Day, FreeText
from interventions.api.cycle_shapes import LONG, CycleDocumentSerializer, DocumentNamesSerializer
from interventions.api.fields import Text
from interventions.models.cycle import ActionStatus
from interventions.services.cycle.plans import notes_on

MONITOR_TYPES = ("sample", "periodic", "continuous")
PERIODS = ("month", "quarter", "year", "school-year")
NOTES = {
    "factor-not-worked-on": gettext_lazy("Voor zover bekend werkt dit aanbod niet aan deze factor."),
    "measure-does-not-fit": gettext_lazy(
        "Deze maat hoort niet bij dit soort dienst en komt daarom niet in het meetplan."
    ),
    "nothing-measured": gettext_lazy("Over dit aanbod is in dit plan geen meting afgesproken."),
}
REMINDERS = {
    "result-to-discuss": gettext_lazy("Bespreek dit resultaat dit jaar met partners."),
    "new-figures": gettext_lazy("Er zijn nieuwe cijfers na de laatste versie van de analyse."),
    "action-overdue": gettext_lazy("Deze actie had al klaar moeten zijn."),
    "plan-without-measuring": gettext_lazy("In dit plan staat aanbod waarvan niets wordt gemeten."),
}


def code(**more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=100, **more)


def maybe(**more: Any) -> dict[str, Any]:
    return {"required": False, "allow_null": True, "default": None} | more


class SoThatSerializer(Body):
    """Een zodatje: wij doen dit, zodat dat; van aanbod via factor naar resultaat."""

    activity = FreeText(max_length=2000, help_text="Wij doen …")
    soThat = FreeText(max_length=2000, help_text="… zodat …")
    offeringCode = code(**maybe(help_text="Leeg: dit aanbod moet er nog komen."))
    factorCodes = serializers.ListField(child=code(), default=list, help_text="Aan welke factoren dit draait.")
    resultId = serializers.UUIDField(**maybe())
    organisationCodes = serializers.ListField(child=code(), default=list, help_text="Wie dit doet.")
    forWhom = FreeText(**maybe(max_length=1000))
    intendedReach = serializers.IntegerField(**maybe(min_value=0))


class QualityStepSerializer(Body):
    """Een stap op weg naar betere kwaliteit."""

    what = FreeText(max_length=2000)
    dueDate = Day(**maybe())
    doneDate = Day(**maybe())


class QualityAgreementSerializer(Body):
    """Een afspraak over de kwaliteit van aanbod."""

    offeringCode = code(**maybe())
    agreement = FreeText(max_length=LONG)
    steps = QualityStepSerializer(many=True, default=list)


class OutcomeAgreementSerializer(Body):
    """Een afspraak over outcome: wat, hoe, hoe vaak, bij wie."""

    offeringCode = code()
    measure = code(help_text="Een maat van het meetplan.")
    monitorType = serializers.ChoiceField(choices=MONITOR_TYPES)
    periodKind = serializers.ChoiceField(choices=PERIODS)
    among = FreeText(**maybe(max_length=1000, help_text="Bij wie gemeten wordt."))


class ConversationSerializer(Body):
    """Een gesprek dat gepland of gevoerd is."""

    about = FreeText(max_length=2000)
    resultId = serializers.UUIDField(**maybe())
    organisationCodes = serializers.ListField(child=code(), default=list)
    plannedDate = Day(**maybe())
    heldDate = Day(**maybe())
    outcome = FreeText(**maybe(max_length=LONG, help_text="Wat eruit kwam."))


class PlanContentSerializer(Body):
    """De inhoud van een plan van aanpak."""

    soThats = SoThatSerializer(many=True, default=list)
    qualityAgreements = QualityAgreementSerializer(many=True, default=list)
    outcomeAgreements = OutcomeAgreementSerializer(many=True, default=list)
    conversations = ConversationSerializer(many=True, default=list)


class PlanNoteSerializer(Body):
    """Iets om nog eens naar te kijken."""

    code = serializers.CharField()
    location = serializers.CharField(help_text="Waar in `plan`, als JSON-pointer.")
    value = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, note: Any) -> str:
        return str(NOTES[note.code])


class PlannedActionSerializer(Body):
    """Een verbeteractie van het plan."""

    id = serializers.UUIDField()
    description = serializers.CharField()
    owner = serializers.CharField()
    dueDate = serializers.DateField()
    status = serializers.ChoiceField(choices=ActionStatus.values)
    outcome = serializers.CharField(allow_null=True)


class PlanOfActionSummarySerializer(CycleDocumentSerializer):
    """Een plan in een lijst, zonder zijn inhoud."""


class PlanOfActionSerializer(CycleDocumentSerializer):
    """Een plan van aanpak: wat er gebeurt, door wie, zodat wat, en hoe het gemeten wordt."""

    plan = PlanContentSerializer()
    actions = PlannedActionSerializer(many=True, help_text="Zoals zij stonden toen deze versie werd vastgelegd.")
    names = DocumentNamesSerializer()
    notes = serializers.SerializerMethodField(help_text="Advies van nu; staat niet in de documenten.")

    @extend_schema_field(PlanNoteSerializer(many=True))
    def get_notes(self, told: Any) -> Any:
        return PlanNoteSerializer(notes_on(told["plan"]), many=True).data


class PlanOfActionInputSerializer(Body):
    """De nieuwe inhoud van een plan, en waarom."""

    title = FreeText(required=False, max_length=300)
    plan = PlanContentSerializer()
    why = FreeText(max_length=2000, help_text="Waarom u dit verandert; staat in het wijzigingslog.")


class NewPlanOfActionInputSerializer(PlanOfActionInputSerializer):
    """Een nieuw plan voor een gebied."""

    municipalityCode = serializers.CharField(required=False, max_length=10)
    areaCode = code()
    title = FreeText(max_length=300)
    why = FreeText(max_length=2000, default="Eerste versie")


class ImprovementActionSerializer(serializers.Serializer):
    """Een verbeteractie: wie doet wat, wanneer, hoe ver is het, en wat leverde het op."""

    id = serializers.UUIDField()
    municipalityCode = serializers.CharField(source="municipality_code")
    areaCode = serializers.CharField(source="area_code")
    planId = serializers.UUIDField(source="plan_id", allow_null=True)
    offeringCode = Text(source="offering_code")
    description = serializers.CharField(source="description_nl")
    owner = serializers.CharField(help_text="Een nummer, nooit een naam.")
    dueDate = serializers.DateField(source="due_on")
    status = serializers.ChoiceField(choices=ActionStatus.values)
    outcome = Text(source="outcome_nl")
    version = serializers.IntegerField()
    demo = serializers.BooleanField()


class ImprovementActionInputSerializer(Body):
    """Wat aan een verbeteractie kan veranderen."""

    description = FreeText(source="description_nl", max_length=LONG)
    owner = serializers.RegexField(r"^[A-Za-z0-9._:-]{1,100}$", help_text="Het nummer van wie dit doet, geen naam.")
    dueDate = Day(source="due_on")
    status = serializers.ChoiceField(choices=ActionStatus.values, default=ActionStatus.OPEN.value)
    outcome = FreeText(source="outcome_nl", required=False, allow_blank=True, default="", max_length=LONG)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is done says what came of it: that is what it was for."""
        if attrs["status"] == ActionStatus.DONE and not attrs["outcome_nl"]:
            text = _("Zeg wat de actie opleverde.")
            raise serializers.ValidationError({"outcome": ErrorDetail(text, "required")})
        return attrs


class NewImprovementActionInputSerializer(ImprovementActionInputSerializer):
    """Een nieuwe verbeteractie."""

    municipalityCode = serializers.CharField(required=False, max_length=10)
    areaCode = code()
    planId = serializers.UUIDField(required=False, allow_null=True, default=None)
    offeringCode = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)


class ReminderSerializer(serializers.Serializer):
    """Iets dat op aandacht wacht."""

    kind = serializers.ChoiceField(choices=list(REMINDERS))
    areaCode = serializers.CharField(source="area_code")
    resource = serializers.CharField(help_text="De bron waar het over gaat.")
    id = serializers.CharField()
    subject = serializers.CharField()
    dueDate = serializers.DateField(source="due_date", allow_null=True)
    detail = serializers.SerializerMethodField()

    def get_detail(self, reminder: Any) -> str:
        return str(REMINDERS[reminder.kind])


class ReminderListSerializer(serializers.Serializer):
    """De herinneringen van een dag, en wat nu niet op te vragen is."""

    reminders = ReminderSerializer(many=True)
    absent = serializers.ListField(child=serializers.CharField())
