"""Delay curves: values by formula, slopes against differences, integrals against quadrature."""

import numpy as np
import pytest
from scipy.integrate import quad

from landbridge.core.problems import StudyError
from landbridge.routing.delay import bpr, delay_integral, delay_slope, delay_time, delays, queue

MIXED = delays(
    free_time=[2.0, 2.0, 0.0, 3.0, 1.0, 4.0, 2.0],
    capacity=[10.0, 10.0, 10.0, np.inf, 8.0, 5.0, 6.0],
    b=[0.15, 0.5, 0.15, 0.15, 2.0, 1.0, 0.3],
    power=[4.0, 0.0, 4.0, 4.0, 1.0, 2.5, 0.5],
    is_queue=[False, False, False, False, True, True, False],
)


def test_bpr_adds_the_share_b_at_capacity() -> None:
    curves = bpr([2.0], [10.0], 0.15, 4.0)
    assert delay_time(curves, [10.0])[0] == pytest.approx(2.0 * 1.15)
    assert delay_time(curves, [20.0])[0] == pytest.approx(2.0 * (1 + 0.15 * 16))


def test_power_zero_is_the_constant_one_plus_b_even_without_load() -> None:
    curves = bpr([2.0], [10.0], 0.5, 0.0)
    np.testing.assert_allclose([delay_time(curves, [v])[0] for v in (0.0, 1.0, 99.0)], 3.0)
    assert delay_slope(curves, [5.0])[0] == 0.0
    assert delay_integral(curves, [4.0])[0] == pytest.approx(12.0)


def test_one_server_with_exponential_service_waits_as_in_an_m_m_1_queue() -> None:
    # M/M/1: mean wait in the queue = rho / (mu (1 - rho)).
    curves = queue([1.0], [4.0], [0.25])
    assert delay_time(curves, [3.0])[0] == pytest.approx(1.0 + 0.75 / (4.0 * 0.25))


def test_fixed_service_waits_half_as_long_as_exponential_service() -> None:
    random = delay_time(queue([0.0], [4.0], [0.25]), [3.0])[0]
    fixed = delay_time(queue([0.0], [4.0], [0.25], variation=0.0), [3.0])[0]
    assert fixed == pytest.approx(random / 2)


def test_two_servers_are_close_to_the_exact_m_m_2_wait() -> None:
    # Exact M/M/2: W = rho^2 / (mu (1 - rho^2)) with mu the rate of one server; Sakasegawa is within 2 % here.
    rho, mu = 0.8, 2.0
    exact = rho**2 / (mu * (1 - rho**2))
    wait = delay_time(queue([0.0], [2 * mu], [1 / mu], servers=2), [2 * mu * rho])[0]
    assert wait == pytest.approx(exact, rel=0.02)


def test_queue_goes_on_along_its_tangent_above_the_limit() -> None:
    curves = delays([0.0], [10.0], [1.0], [1.0], is_queue=True, queue_limit=0.8)
    at, above = delay_time(curves, [8.0])[0], delay_time(curves, [14.0])[0]
    assert at == pytest.approx(4.0)
    # d/dx x / (1 - x) = 1 / (1 - x)^2 = 25 at x = 0.8; 0.6 further on: 4 + 15.
    assert above == pytest.approx(19.0)
    np.testing.assert_allclose(delay_slope(curves, [8.0]), delay_slope(curves, [30.0]), rtol=1e-9)


@pytest.mark.parametrize("load", [0.5, 3.0, 4.74, 4.76, 7.0, 12.0])
def test_slope_is_the_derivative_of_time_and_time_that_of_the_integral(load: float) -> None:
    step = 1e-5
    up, down = np.full(7, load + step), np.full(7, load - step)
    slope = (delay_time(MIXED, up) - delay_time(MIXED, down)) / (2 * step)
    time = (delay_integral(MIXED, up) - delay_integral(MIXED, down)) / (2 * step)
    np.testing.assert_allclose(delay_slope(MIXED, np.full(7, load)), slope, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(delay_time(MIXED, np.full(7, load)), time, rtol=1e-8)


def test_integral_equals_quadrature() -> None:
    for row in range(7):

        def time(v: float, row: int = row) -> float:
            return float(delay_time(MIXED, np.full(7, v))[row])

        area, _ = quad(time, 0.0, 9.0, points=[4.75, 7.6], epsabs=1e-11)
        assert delay_integral(MIXED, np.full(7, 9.0))[row] == pytest.approx(area, rel=1e-9)


def test_closed_link_has_infinite_time_and_no_cost_while_empty() -> None:
    curves = bpr([np.inf], [10.0])
    assert delay_time(curves, [0.0])[0] == np.inf
    assert delay_integral(curves, [0.0])[0] == 0.0


def test_every_faulty_column_is_named_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        delays([-1.0, 1.0], [0.0, 1.0], [np.nan, 1.0], [0.5, 0.5], is_queue=[True, True], queue_limit=1.0)
    assert {p.column for p in caught.value.problems} == {"free_time", "capacity", "b", "power", "queue_limit"}


def test_capacity_zero_is_accepted_where_the_curve_is_flat() -> None:
    assert delay_time(bpr([5.0], [0.0], 0.0, 4.0), [3.0])[0] == 5.0
