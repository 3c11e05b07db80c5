"""When a plan asks more than fits: limits of our own, each told, none refused."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring.measures import MEASURES, fits
from monitoring.plan_limits import (
    CLOSENESS,
    PERIODS_A_YEAR,
    Activity,
    Asked,
    answers_per_participant,
    answers_that_fit,
    reports_a_year,
    reports_that_fit,
    warnings,
)
from monitoring.services.planning.plans import PROPOSED_KIND, proposed_type

SUPPORT = Activity("open-individual-support", 100)
asked = st.builds(
    Asked, st.sampled_from(list(MEASURES)), st.sampled_from(CLOSENESS), st.sampled_from(list(PERIODS_A_YEAR)),
    st.none() | st.integers(0, 500),
)  # fmt: skip
activities = st.builds(Activity, st.sampled_from([*fits(), "unknown-type"]), st.none() | st.integers(0, 500))


def codes(plans, activity=SUPPORT):
    return [warned.code for warned in warnings(plans, activity)]


def test_what_we_propose_fits():
    for service, fitting in fits().items():
        plans = [Asked(fit.measure, proposed_type(fit), PROPOSED_KIND) for fit in fitting]

        assert codes(plans, Activity(service, 100)) == [], service


def test_every_measure_every_month_is_more_than_fits():
    plans = [Asked(fit.measure, proposed_type(fit), "month") for fit in fits()["open-individual-support"]]

    assert codes(plans) == ["more-reports-than-fit"]
    assert reports_a_year(plans) == 3 * reports_that_fit(SUPPORT) == 60


def test_a_hundred_people_asked_five_times_a_year_each_is_more_than_fits():
    plans = [Asked("satisfaction", "periodic", "quarter", 100), Asked("without-help", "periodic", "quarter", 25)]

    assert answers_per_participant(plans, SUPPORT) == 5
    assert codes(plans) == ["more-answers-than-fit"]
    assert codes(plans[:1]) == []
    assert codes(plans[:1], Activity("contact-moments", 100)) == ["more-answers-than-fit"]


def test_a_little_more_than_fits_is_told_as_more():
    plans = [Asked("satisfaction", "periodic", "quarter", 100), Asked("without-help", "periodic", "year", 1)]

    [warned] = warnings(plans, SUPPORT)

    assert (warned.asked, warned.fits) == (4.1, 4)


def test_counting_from_own_records_asks_nobody_anything():
    assert answers_per_participant([Asked("reach", "continuous", "month", 100)], SUPPORT) == 0


def test_closer_than_the_sources_and_more_people_than_there_are():
    assert codes([Asked("satisfaction", "continuous", "quarter")]) == ["closer-than-sources"]
    assert codes([Asked("satisfaction", "sample", "year", 101)]) == ["more-people-than-reached"]
    assert codes([Asked("information-questions", "sample", "year")]) == ["does-not-fit-service"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(asked, max_size=8), activities, asked)
def test_asking_more_never_warns_less(plans, activity, more):
    def passed(given):
        return {(w.code, w.measure) for w in warnings(given, activity)}

    assert passed(plans) - passed([*plans, more]) <= {("more-answers-than-fit", None)}
    if more.expected_count is not None or more.measure not in {"satisfaction", "goal-realisation", "without-help",
                                                                "information-questions"}:  # fmt: skip
        assert passed(plans) <= passed([*plans, more])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(asked, max_size=8), activities)
def test_a_warning_names_what_is_asked_and_what_fits(plans, activity):
    for warned in warnings(plans, activity):
        if warned.code in {"more-reports-than-fit", "more-answers-than-fit", "more-people-than-reached"}:
            assert warned.asked > warned.fits
    assert answers_that_fit(activity) in (1, 4)
