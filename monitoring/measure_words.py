"""Words for measures and their parts: the Dutch ones stand above the columns of the template (003, Bijlage 9). Pure."""

from monitoring.measures import GRADES, MEASURES

SHEETS = {
    "reach": "Bereik", "no-show": "Niet verschenen", "reason-of-ending": "Reden beëindiging",
    "satisfaction": "Tevredenheid", "goal-realisation": "Doelrealisatie", "without-help": "Zonder hulp verder",
    "problem-change": "Verandering problemen", "information-questions": "Informatie",
}  # fmt: skip
COMPONENTS = {
    "targetGroup": "Doelgroep", "indicated": "Geïndiceerd", "invited": "Uitgenodigd", "started": "Gestart",
    "attendsStructurally": "Komt structureel", "completed": "Afgerond", "appointments": "Afspraken",
    "noShows": "Niet verschenen", "reason1": "Reden 1 (volgens plan)",
    "reason2": "Reden 2 (voortijdig, samen besloten)",
    "reason3": "Reden 3 (voortijdig, door de cliënt)", "reason4": "Reden 4 (voortijdig, door de aanbieder)",
    "reason5": "Reden 5 (externe omstandigheden)", "participants": "Deelnemers",
    "goalMinus1": "Doel -1 (ongunstiger dan bij start)", "goal0": "Doel 0 (gelijk aan start)",
    "goal1": "Doel 1 (deels behaald)", "goal2": "Doel 2 (behaald)", "answer1": "Antwoord 1 (helemaal niet mee eens)",
    "answer2": "Antwoord 2 (niet mee eens)",
    "answer3": "Antwoord 3 (mee eens)", "answer4": "Antwoord 4 (helemaal mee eens)",
    "strongImprovement": "Sterke verbetering",
    "moderateImprovement": "Matige verbetering", "stabilisation": "Stabilisatie",
    "moderateDeterioration": "Matige verslechtering", "strongDeterioration": "Sterke verslechtering",
    "asked": "Bevraagd", "knows": "Kent de informatie", "useful": "Vindt de informatie nuttig",
    "goalRealised": "Doel behaald",
} | {grade: f"Cijfer {number}" for number, grade in enumerate(GRADES, 1)}  # fmt: skip
COMPONENTS_EN = {
    "targetGroup": "Target group", "indicated": "Indicated", "invited": "Invited", "started": "Started",
    "attendsStructurally": "Attends structurally", "completed": "Completed", "appointments": "Appointments",
    "noShows": "No-shows", "reason1": "Reason 1 (as planned)", "reason2": "Reason 2 (early, decided together)",
    "reason3": "Reason 3 (early, by the client)", "reason4": "Reason 4 (early, by the provider)",
    "reason5": "Reason 5 (outside circumstances)", "participants": "Participants",
    "goalMinus1": "Goal -1 (worse than at the start)", "goal0": "Goal 0 (as at the start)",
    "goal1": "Goal 1 (partly reached)", "goal2": "Goal 2 (reached)", "answer1": "Answer 1 (do not agree at all)",
    "answer2": "Answer 2 (do not agree)", "answer3": "Answer 3 (agree)", "answer4": "Answer 4 (fully agree)",
    "strongImprovement": "Strong improvement", "moderateImprovement": "Moderate improvement",
    "stabilisation": "Stabilisation", "moderateDeterioration": "Moderate deterioration",
    "strongDeterioration": "Strong deterioration", "asked": "Asked", "knows": "Knows the information",
    "useful": "Finds the information useful", "goalRealised": "Goal reached",
} | {grade: f"Grade {number}" for number, grade in enumerate(GRADES, 1)}  # fmt: skip
FIELDS = {
    "offeringCode": "Aanbod", "measure": "Maat", "period": "Periode", "areaCode": "Gebied",
    "externalId": "Eigen kenmerk", "explanation": "Toelichting",
}  # fmt: skip
HEADERS = (*FIELDS.values(), *COMPONENTS.values())
TO_READ_ONLY = ("Naam van het aanbod",)
HELP, LISTS = "Uitleg", "Lijsten"


def _known() -> dict[str, str]:
    words = {word: name for name, word in COMPONENTS.items()}

    names = {name: f"counts/{name}" for measure in MEASURES.values() for name in measure.names}
    fields = {name: name for name in FIELDS} | {word: name for name, word in FIELDS.items()}
    found = {word: f"counts/{name}" for word, name in words.items()} | names | fields
    return {word.casefold(): field for word, field in found.items()}


COLUMNS = _known()
"""Header in lower case → field of a report, `counts/…` for a part."""
MEASURE_OF_SHEET = {title.casefold(): code for code, title in SHEETS.items()} | {code: code for code in SHEETS}
