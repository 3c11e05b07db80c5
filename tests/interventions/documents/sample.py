"""A small analysis as the API answers it, for tests that need no stores."""


def an_indicator(code, value, against, verdict, **changes):
    return {
        "indicatorCode": code, "name": f"Indicator {code}", "unit": "percent", "decimals": 1, "period": "2024",
        "value": value, "status": "final", "comparedCode": "WK1", "comparedName": "Wijk", "comparedValue": value,
        "againstCode": "GM1", "againstName": "Stad", "againstValue": against, "difference": round(value - against, 10),
        "verdict": verdict, "ground": "counts", "why": "differs-clearly", "standsOut": verdict in ("worse", "better"),
        "source": "Bron", "citation": "tabel 3", "factorCodes": ["a-factor"], "demo": True,
    } | changes  # fmt: skip


FACTOR = {"factorCode": "a-factor", "name": "Een factor", "kind": "risk", "denseRank": 1, "score": 0.75,
          "lifePhases": ["adolescence"], "lifeDomains": ["home"], "indicatorCodes": ["a"], "inModel": True}  # fmt: skip


def a_domain(code, name, indicators):
    said = {"kind": "stands-out", "text": f"{name} valt op.", "figures": [], "sources": []}
    return {"code": code, "name": name, "indicators": indicators, "factors": [FACTOR] if indicators else [],
            "statements": [said]}  # fmt: skip


PILLARS = [
    {"code": "opportunity", "name": "Kansrijk", "domains": [
        a_domain("work", "Werk", [an_indicator("a", 30.3, 20.1, "worse"), an_indicator("b", 10.0, 20.0, "better")])]},
    {"code": "safety", "name": "Veilig", "domains": [
        a_domain("crime", "Criminaliteit", [an_indicator("c", 5.2, 5.1, "no-clear-difference")])]},
    {"code": "health", "name": "Gezond", "domains": [a_domain("weight", "Gewicht", [])]},
]  # fmt: skip
ANALYSIS = {
    "id": "00000000-0000-4000-8000-000000000001", "municipalityCode": "GM1", "areaCode": "WK1",
    "title": "Staat van de wijk", "version": 2, "edition": "2026", "why": "Jaarlijks",
    "citation": "Staat van de wijk, 2026",
    "madeAt": "2026-11-26T10:00:00Z", "checksum": "a" * 64, "demo": True,
    "changeLog": [{"version": 1, "madeAt": "2026-11-25T10:00:00Z", "why": "Eerste concept", "edition": None},
                  {"version": 2, "madeAt": "2026-11-26T10:00:00Z", "why": "Jaarlijks", "edition": "2026"}],
    "draft": {
        "area": {"code": "WK1", "name": "Wijk", "level": "neighbourhood"}, "day": "2026-11-26", "pillars": PILLARS,
        "recurringFactors": [], "dataGaps": [],
        "coverage": {"offerings": [], "gaps": [], "emptyCells": [], "absent": []},
        "results": [], "ranking": [FACTOR],
        "inputs": {"definitionCode": "d", "snapshotId": "b" * 64, "modelCode": "public", "modelVersion": "1.0.0",
                   "method": "five-elements-2023", "indicatorCount": 3, "day": "2026-11-26", "topRank": 5,
                   "recentYears": 3},
    },
    "people": {"interpretations": [{"domainCode": "work", "text": "=1+1"}], "partnersView": [], "choices": []},
    "names": {"areas": {}, "offerings": {}, "factors": {}, "organisations": {}, "results": {}, "measures": {}},
}  # fmt: skip
