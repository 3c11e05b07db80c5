"""What the reference files say comes back from the register as it is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config.loading import LoadReport, read_csv, split
from factors.canonical import checksum
from factors.models import (
    Ambition,
    Domain,
    FactorSynonym,
    GlossaryTerm,
    LifeDomain,
    LifePhase,
    ModelVersion,
    Pillar,
    PublishedRankingItem,
    RankingDefinition,
    RankingMark,
)
from factors.reference import DATA
from factors.reference.code_lists import load_code_lists
from factors.reference.codes import KINDS, LIFE_DOMAINS, LIFE_PHASES, kebab
from factors.reference.public_model import FOLDER, load_public_model, read_content
from factors.register import content_of
from tests.factories import factors as factory

pytestmark = pytest.mark.usefixtures("stores")
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def version():
    return ModelVersion.objects.get(model_id="public")


def rows(name):
    return list(read_csv(FOLDER / name))


def number(cell):
    return float(cell) if cell else None


def test_the_public_model_is_published_as_version_1_with_all_its_rows(version):
    counts = {name: getattr(version, name).count() for name in ("factors", "goals", "relations", "evidence", "sources")}

    assert (version.version, version.status) == ("1.0.0", "published")
    assert counts == {"factors": 92, "goals": 9, "relations": 264, "evidence": 328, "sources": 110}
    assert version.checksum == checksum(read_content(FOLDER)) == checksum(content_of(version.pk))


def test_every_factor_of_the_file_comes_back(version):
    for row in rows("factors.csv"):
        factor = version.factors.get(code=kebab(row["id"]))

        assert (factor.name_nl, factor.name_en, factor.kind) == (row["label_nl"], row["label_en"], KINDS[row["kind"]])
        assert factor.life_domains == [LIFE_DOMAINS[row["life_domain"]]]
        assert factor.life_phases == [LIFE_PHASES[phase] for phase in split(row["life_phases"], "|")]
        assert factor.prevalence == number(row["prevalence"])
        assert factor.prevalence_population == row["prevalence_population"]
        assert factor.prevalence_source_code == kebab(row["prevalence_source_key"])


def test_every_finding_of_the_file_comes_back(version):
    found = {finding.code: finding for finding in version.evidence.select_related("relation")}

    for row in rows("relations.csv"):
        finding = found.pop(kebab(row["id"]))
        pair = (finding.relation.from_code, finding.relation.to_kind, finding.relation.to_code)
        assert pair == (kebab(row["from"]), row["to_type"], kebab(row["to"]))
        for name in ("sign", "causal", "sequence_in_time", "significant", "evidence_type", "effect_measure",
                     "outcome_as_published", "contrast", "confidence", "how_known", "note"):  # fmt: skip
            assert getattr(finding, name) == row[name]
        assert finding.effect_size == number(row["effect_size"])
        assert (finding.interval_low, finding.interval_high) == (number(row["ci_low"]), number(row["ci_high"]))
        assert (finding.source_code, finding.mirror_of) == (kebab(row["source_key"]), kebab(row["mirror_of"]))
    assert not found


def test_every_source_and_goal_of_the_files_comes_back(version):
    for row in rows("sources.csv"):
        source = version.sources.get(code=kebab(row["key"]))
        told = (source.authors, source.title, source.journal, source.doi, source.url)
        assert told == (row["authors"], row["title"], row["journal"], row["doi"], row["page_seen"])
        assert source.year == (int(row["year"]) if row["year"] else None)
    for row in rows("goals.csv"):
        assert version.goals.get(code=kebab(row["id"])).name_nl == row["label_nl"]


def test_every_goal_stands_for_another_of_the_nine_domains(version):
    stands_for = dict(version.goals.values_list("code", "domain_code"))

    assert stands_for["safe-neighbourhood"] == "safe-neighbourhood-and-school"
    assert set(stands_for.values()) == set(Domain.objects.values_list("code", flat=True))


def test_every_finding_cites_a_source_of_the_version(version):
    sources = set(version.sources.values_list("code", flat=True))

    assert set(version.evidence.values_list("source_code", flat=True)) <= sources


def test_only_effects_per_unit_of_exposure_are_marked_as_such(version):
    marked = version.evidence.filter(per_unit=True).values_list("contrast", flat=True)

    assert set(marked) == {"per 10 microgram/m3 PM2.5, long term"}


def test_loading_the_same_model_again_changes_nothing(version):
    RankingMark.objects.all().delete()

    report = load_public_model(content=read_content(FOLDER), at=LATER)

    assert report["versions"] == LoadReport(unchanged=1)
    assert report["ranking definitions"] == LoadReport(unchanged=4)
    assert ModelVersion.objects.filter(model_id="public").count() == 1
    assert not RankingMark.objects.exists()


def test_other_content_becomes_a_next_version_beside_the_old_one(version):
    content = read_content(FOLDER)
    first, *rest = content.factors
    renamed = replace(content, factors=(replace(first, name_en="Another name"), *rest))

    load_public_model(content=renamed, at=LATER)

    numbers = ModelVersion.objects.filter(model_id="public").newest_first().values_list("version", flat=True)
    assert list(numbers) == ["1.1.0", "1.0.0"]
    version.refresh_from_db()
    assert version.checksum == checksum(content)


def test_a_draft_reads_back_as_it_was_written():
    content = read_content(FOLDER)

    draft = factory.draft(content, code="copy")

    assert checksum(content_of(draft.pk)) == checksum(content)


def test_loading_the_code_lists_again_changes_nothing():
    assert {report.created + report.updated for report in load_code_lists().values()} == {0}


@pytest.mark.parametrize(
    ("model", "file"), [(Pillar, "pillars.csv"), (Domain, "domains.csv"), (Ambition, "ambitions.csv")]
)
def test_every_entry_of_a_code_list_comes_back(model, file):
    for row in read_csv(DATA / file):
        entry = model.objects.get(pk=row["code"])

        assert (entry.name_nl, entry.name_en, entry.order) == (row["name_nl"], row["name_en"], int(row["order"]))
        assert entry.source == row["source"]


@pytest.mark.parametrize(("model", "file"), [(LifePhase, "life_phases.csv"), (LifeDomain, "life_domains.csv")])
def test_every_name_a_source_uses_is_a_name_or_an_alias(model, file):
    known = {name for entry in model.objects.all() for name in (entry.name_nl, *entry.aliases_nl)}

    for row in read_csv(DATA / file):
        assert {row["name_nl"], *split(row["aliases_nl"])} <= known


def test_phases_and_life_domains_carry_one_set_of_codes():
    phases = LifePhase.objects.order_by("order").values_list("code", flat=True)
    domains = set(LifeDomain.objects.values_list("code", flat=True))

    assert list(phases) == ["pregnancy", "early-childhood", "primary-school-age", "adolescence", "young-adulthood",
                            "adulthood", "old-age"]  # fmt: skip
    assert domains == {"digital", "neighbourhood", "school-work", "home", "individual"}


def test_the_published_order_keeps_its_ties_and_its_nearest_factors(version):
    items = PublishedRankingItem.objects.filter(ranking="rotterdam-2019").order_by("order")

    assert [item.rank for item in items] == [1, 2, 2, 2, 3, 3, 3, 4, 4, *[5] * 8]
    nearest = {item.factor_code for item in items} - {""}
    assert nearest <= set(version.factors.values_list("code", flat=True))
    assert sum(not item.factor_code for item in items) == 3


def test_every_synonym_joins_a_known_code_to_a_known_factor(version):
    texts = {row["code"] for row in read_csv(DATA / "factors.csv")}
    factors = set(version.factors.values_list("code", flat=True))

    for synonym in FactorSynonym.objects.filter(scheme="texts"):
        assert synonym.code in texts
        assert synonym.factor_code in factors
        assert synonym.basis == "our reading"
        assert synonym.source


def test_every_glossary_term_has_both_languages_and_a_source():
    for term in GlossaryTerm.objects.all():
        assert all([term.term_nl, term.term_en, term.meaning_nl, term.meaning_en, term.source])


def test_both_methods_have_a_definition_with_each_parameter_set():
    found = RankingDefinition.objects.filter(model_code="public").values_list("code", "method", "parameter_set")

    assert set(found) == {
        ("public-rip-2019", "rip-2019", "published"),
        ("public-rip-2019-extended", "rip-2019", "extended"),
        ("public-five-elements-2023", "five-elements-2023", "published"),
        ("public-five-elements-2023-extended", "five-elements-2023", "extended"),
    }
