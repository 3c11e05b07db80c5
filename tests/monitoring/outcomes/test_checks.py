"""Properties of every check: parts and wholes, distributions, outliers, personal data, nearest code."""

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn

from config.personal_data import found_in
from monitoring.measures import MEASURES
from monitoring.nearest import nearest
from monitoring.outcome_figures import figures, left_out
from monitoring.outliers import EARLIER_NEEDED, usual_range

calm = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
counts = st.none() | st.integers(0, 60)
words = st.text(st.characters(codec="ascii", categories=["Ll", "Zs"]), max_size=20)


@pytest.mark.parametrize("code", MEASURES)
@calm
@given(st.data())
def test_counts_are_right_exactly_when_no_part_exceeds_its_whole(code, data):
    measure = MEASURES[code]
    named = {name: data.draw(counts, name) for name in measure.names}
    if measure.levels and data.draw(st.booleans()):
        named |= dict.fromkeys(measure.levels, 0) | {measure.levels[0]: data.draw(st.integers(0, 60))}

    pairs = [(whole, part) for funnel in measure.funnels for i, whole in enumerate(funnel) for part in funnel[i + 1 :]]
    known = [(named[whole], named[part]) for whole, part in pairs if None not in (named[whole], named[part])]
    total, limit = sum(named[level] or 0 for level in measure.levels), named.get(measure.whole)
    right = all(part <= whole for whole, part in known) and (limit is None or total <= limit)

    assert (not list(measure.broken(named))) == right


@calm
@given(st.sampled_from(sorted(MEASURES)), st.data())
def test_a_broken_rule_names_a_part_its_value_and_a_smaller_limit(code, data):
    measure = MEASURES[code]
    named = {name: data.draw(counts) for name in measure.names}

    for broken in measure.broken(named):
        assert broken.value > broken.limit
        assert broken.component in measure.names and broken.whole in measure.names
    too_large = {part for funnel in measure.funnels for i, whole in enumerate(funnel) for part in funnel[i + 1 :]
                 if None not in (named[whole], named[part]) and named[part] > named[whole]}  # fmt: skip
    assert {one.component for one in measure.broken(named) if one.code == "part-exceeds-whole"} == too_large


@calm
@given(st.lists(st.integers(0, 10_000), min_size=EARLIER_NEEDED, max_size=20), st.randoms())
def test_what_came_before_is_no_surprise_unless_it_stood_alone_and_order_does_not_matter(earlier, random):
    low, high = usual_range(earlier)
    shuffled = random.sample(earlier, len(earlier))

    assert 0 <= low <= sum(earlier) / len(earlier) <= high
    assert usual_range(shuffled) == (low, high)
    assert high - low >= 4  # small counts vary as counts do


@calm
@given(st.integers(0, 1000), st.integers(EARLIER_NEEDED, 12))
def test_a_count_that_is_always_the_same_may_vary_as_counts_do(value, times):
    low, high = usual_range([value] * times)

    assert low <= value - 2 * value**0.5 + 1 and value + 2 * value**0.5 - 1 <= high


@calm
@given(words, words, st.integers(1_000_000, 99_999_999), st.sampled_from(["", " ", ".", "-"]))
def test_a_bsn_is_found_wherever_it_stands(before, after, number, between):
    first = f"{number:08}"
    last = sum((9 - place) * int(digit) for place, digit in enumerate(first)) % 11
    assume(last < 10)
    digits = f"{first}{last}"
    assert bsn.is_valid(digits)

    assert "bsn" in found_in(f"{before} {between.join(digits)} {after}")


@calm
@given(words, st.emails(domains=st.just("example.org")))
def test_a_mail_address_is_found_wherever_it_stands(before, address):
    assume(not set(address) & set("\"'(),:;<>[]\\"))

    assert "email" in found_in(f"{before} {address}.")


@calm
@given(
    words,
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y"]),
)
def test_a_full_date_is_found_however_it_is_written(before, day, form):
    assert "date" in found_in(f"{before} {day.strftime(form)}")


@calm
@given(words, st.sampled_from(["0612345678", "06-12345678", "+31 6 12345678", "020 123 4567", "0031201234567"]))
def test_a_phone_number_is_found_wherever_it_stands(before, number):
    assert "phone" in found_in(f"{before} {number}")


@calm
@given(st.lists(st.integers(0, 99_999), max_size=6), words)
def test_plain_counts_are_no_personal_data(numbers, text):
    assert found_in(f"{text}: {', '.join(map(str, numbers))} van de 45 in kwartaal 3 van 2025") == ()


@calm
@given(st.sets(st.from_regex(r"WK0363[0-9]{2}", fullmatch=True), min_size=1, max_size=20), st.data())
def test_the_code_itself_is_nearest_and_one_slip_leaves_it_among_the_nearest(codes, data):
    code = data.draw(st.sampled_from(sorted(codes)))

    assert nearest(f" {code.lower()} ", codes, 1) == [code]
    assert set(nearest(code[:-1], codes, len(codes))) == codes
    assert len(nearest("x", codes, 3)) == min(3, len(codes))


@pytest.mark.parametrize(
    ("counts", "apart", "known", "gone"),
    [
        ({"invited": 57, "started": 38}, {}, [38 / 57], ()),
        ({"invited": 57, "started": 122}, {"started-of-invited": (40, 50)}, [0.8], ()),
        ({"invited": 57, "started": 22}, {"started-of-invited": None}, [], ("started-of-invited",)),
        ({"invited": 57, "started": 22}, {"started-of-invited": (0, 0)}, [], ("started-of-invited",)),
        ({"invited": 57, "started": None}, {"started-of-invited": None}, [], ()),  # not delivered is another reason
        ({"targetGroup": 40, "started": 55}, {}, [55 / 40], ()),  # starts over a year
    ],
)
def test_a_ratio_divides_what_is_known_together(counts, apart, known, gone):
    assert [figure.value for figure in figures("reach", counts, apart)] == known
    assert left_out("reach", counts, apart) == gone
