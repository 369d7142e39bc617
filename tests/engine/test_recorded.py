"""The recording of trainings: what it holds, and what counts as unlike it."""

import numpy as np
import pytest

from dlref.exhibits.deep_learning import _record, _recorded


def test_the_recording_holds_every_group_and_no_other():
    assert {name.partition(":")[0] for name in _recorded.TABLE.index} == set(_record.GROUPS)
    assert np.isfinite(_recorded.TABLE.to_numpy()).all()


def test_a_recorded_run_is_like_the_recording():
    first = _recorded.TABLE.iloc[:, 0]
    assert _recorded.outside(first.to_dict()) == []


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_run_far_from_all_recorded_ones_is_named(sign):
    name = "scenes: box IoU"
    values = _recorded.recorded(name)
    far = values.mean() + sign * (4 * np.ptp(values) + 0.5)
    assert _recorded.outside({name: far}) == [name]
