"""Which tables a model version has as a file, and which columns with which values."""

from dataclasses import dataclass
from typing import Any, Literal

from config.tables.template import SEPARATOR as SEPARATOR
from factors.canonical import EvidenceEntry, FactorEntry, GoalEntry, RelationEntry, SourceEntry
from factors.closed_lists import KNOWN_OR_NOT, LIFE_DOMAINS, LIFE_PHASES
from factors.evidence import EVIDENCE_TYPES, MEASURES
from factors.ranking.model import KINDS

Form = Literal["code", "text", "number", "year", "choice", "choices", "flag", "sign"]
WORDS = {"+": "strengthens", "-": "weakens"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. field: of the entry; help: what belongs in it, in Dutch."""

    header: str
    field: str
    form: Form
    help: str
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """One table. part: its name in Content; entry: what a row becomes."""

    name: str
    part: str
    entry: type[Any]
    help: str
    columns: tuple[Column, ...]


def _code(header: str, field: str, help: str, *, required: bool = True) -> Column:
    return Column(header, field, "code", help, required, longest=100)


def _name(header: str, field: str, help: str) -> Column:
    return Column(header, field, "text", help, required=True, longest=300)


def _text(header: str, field: str, help: str, longest: int = 10_000) -> Column:
    return Column(header, field, "text", help, longest=longest)


def _number(header: str, field: str, help: str) -> Column:
    return Column(header, field, "number", help)


def _known(header: str, field: str, help: str) -> Column:
    return Column(header, field, "choice", help + " Leeg: unknown.", choices=KNOWN_OR_NOT)


_PAIR = (
    _code("from", "from_code", "De factor waar het verband begint."),
    _code("to", "to_code", "De factor of het doel waar het verband eindigt."),
    Column("to_type", "to_kind", "choice", "factor of goal; leeg: zoals de code zegt.", choices=("factor", "goal")),
)
TABLES = (
    Table("factors", "factors", FactorEntry, "Eén rij per factor.", (
        _code("id", "code", "Code: kleine letters, cijfers en streepjes; blijft voorgoed dezelfde."),
        _name("label_nl", "name_nl", "Naam in het Nederlands."),
        _name("label_en", "name_en", "Naam in het Engels."),
        _text("definition_nl", "definition_nl", "Omschrijving in het Nederlands."),
        _text("definition_en", "definition_en", "Omschrijving in het Engels."),
        Column("kind", "kind", "choice", "Risicofactor, beschermend of versterkend.", True, KINDS),
        Column("life_domain", "life_domains", "choices", "Leefgebieden, gescheiden door |.", choices=LIFE_DOMAINS),
        Column("life_phases", "life_phases", "choices", "Levensfasen, gescheiden door |.", choices=LIFE_PHASES),
        _number("prevalence", "prevalence", "Aandeel dat de factor heeft, van 0 tot 1 (geen procenten)."),
        _text("prevalence_population", "prevalence_population", "Over wie dat aandeel gaat."),
        _code("prevalence_source_key", "prevalence_source_code", "De bron van dat aandeel.", required=False),
    )),
    Table("goals", "goals", GoalEntry, "Eén rij per doel.", (
        _code("id", "code", "Code van het doel; niet ook die van een factor."),
        _name("label_nl", "name_nl", "Naam in het Nederlands."),
        _name("label_en", "name_en", "Naam in het Engels."),
        _code("domain", "domain_code", "Het domein waar het doel voor staat."),
    )),
    Table("sources", "sources", SourceEntry, "Eén rij per publicatie.", (
        _code("key", "code", "Code van de bron."),
        _text("authors", "authors", "Auteurs, zoals in de publicatie."),
        Column("year", "year", "year", "Jaar van verschijnen."),
        Column("title", "title", "text", "Titel.", required=True),
        _text("journal", "journal", "Tijdschrift of uitgever."),
        _text("doi", "doi", "DOI, zonder https://doi.org/ ervoor.", 200),
        _text("url", "url", "Waar de publicatie is gelezen."),
    )),
    Table("descriptions", "relations", RelationEntry, "Eén rij per verband dat een beschrijving heeft.", (
        *_PAIR,
        _text("description_nl", "description_nl", "Korte beschrijving in het Nederlands."),
        _text("description_en", "description_en", "Korte beschrijving in het Engels."),
    )),
    Table("relations", "evidence", EvidenceEntry, "Eén rij per gepubliceerde bevinding over een verband.", (
        _code("id", "code", "Code van de bevinding."),
        *_PAIR,
        Column("sign", "sign", "sign", "strengthens (+) of weakens (-); naar een doel: helpt of schaadt.", True,
               ("strengthens", "weakens")),
        _known("causal", "causal", "Is de oorzaak aangetoond?"),
        _known("sequence_in_time", "sequence_in_time", "Is aangetoond wat eerst kwam?"),
        Column("effect_measure", "effect_measure", "choice", "Maat van het effect.", choices=MEASURES),
        _number("effect_size", "effect_size", "Het effect zoals gepubliceerd."),
        _number("ci_low", "interval_low", "Ondergrens van het 95%-interval."),
        _number("ci_high", "interval_high", "Bovengrens van het 95%-interval."),
        _known("significant", "significant", "Is het effect significant? no: getoetst, niet gevonden."),
        Column("evidence_type", "evidence_type", "choice", "Soort onderzoek.", True, EVIDENCE_TYPES),
        _number("baseline_risk", "baseline_risk", "Risico zonder de factor, van 0 tot 1; alleen bij RR."),
        Column("per_unit", "per_unit", "flag", "Effect per eenheid: niet te vergelijken. Leeg: no.",
               choices=("yes", "no")),
        _text("outcome_as_published", "outcome_as_published", "De uitkomst in de woorden van de bron."),
        _text("contrast", "contrast", "Waarmee vergeleken is."),
        _code("source_key", "source_code", "De bron."),
        _text("confidence", "confidence", "Hoe zeker de invoer is.", 20),
        _text("how_known", "how_known", "Waar in de bron dit staat."),
        _code("mirror_of", "mirror_of", "Dezelfde bevinding, eerder genoemd.", required=False),
        _text("note", "note", "Opmerking."),
    )),
)  # fmt: skip
