"""One invented societal result for the demo city."""

from config.loading import LoadReport
from monitoring import periods
from monitoring.models import SocietalResult
from monitoring.results import Target
from monitoring.services.results.agreeing import ChosenIndicator, Wish, create_result

CITY, AREA = "GM0363", "WK036360"
ACTOR = "command:load_demo_results"


def load_demo() -> LoadReport:
    """Make it once; what is there stays, also when somebody changed it."""
    if SocietalResult.objects.filter(municipality_code=CITY, area_code=AREA, demo=True).exists():
        return LoadReport(unchanged=1)
    wish = Wish(
        area_code=AREA, ambition_code="youth-take-part", kind="content", rule="each", benchmark_code="",
        statement="In 2027 sport 5% meer jongeren in de Volewijck elke week (demo)",
        motivation="Verzonnen voor de demonstratie.", partner_codes=("demo-sportservice",),
        target=Target("improvement", 5.0, periods.year(2022), periods.year(2027)),
        indicators=(ChosenIndicator("demo-weekly-sport"),),
    )  # fmt: skip
    create_result(wish=wish, municipality_code=CITY, actor=ACTOR, demo=True)
    return LoadReport(created=1)
