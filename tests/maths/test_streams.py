"""What the page on data sets says of streams and worker processes, which its examples do not start."""

import sys
from itertools import islice

import pytest
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Plain(IterableDataset):
    def __iter__(self):
        return iter(range(5, 0, -1))


class Shared(IterableDataset):
    """As on the page."""

    def __iter__(self):
        worker = get_worker_info()
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        return islice(range(5, 0, -1), first, None, step)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked")
@pytest.mark.parametrize(("kind", "times"), [(Plain, 2), (Shared, 1)])
def test_two_workers_give_each_example_twice_unless_they_share(kind, times):
    loader = DataLoader(kind(), batch_size=2, num_workers=2, multiprocessing_context="fork")
    found = [number for batch in loader for number in batch.tolist()]
    assert sorted(found) == sorted(list(range(1, 6)) * times)
