import pytest

from workbench.core.errors import RequestError
from workbench.core.place import Place, place_in

TORCHRUN = {"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "one"}
SRUN = {
    "SLURM_PROCID": "5",
    "SLURM_STEP_NUM_TASKS": "6",
    "SLURM_LOCALID": "1",
    "SLURM_STEP_TASKS_PER_NODE": "2(x3)",
    "MASTER_ADDR": "node7",
    "MASTER_PORT": "29411",
}


def test_a_process_that_nobody_has_placed_is_alone():
    assert place_in({"PATH": "/bin"}) is None
    assert place_in({"SLURM_PROCID": "0", "SLURM_NTASKS": "8"}) is None  # the shell of a batch script
    assert place_in({**TORCHRUN, "RANK": "0", "WORLD_SIZE": "1"}) is None


def test_torchrun_places():
    assert place_in(TORCHRUN) == Place(3, 4, 1, 2, "tcp://one:29500")


def test_srun_places():
    assert place_in(SRUN) == Place(5, 6, 1, 2, "tcp://node7:29411")


def test_half_a_place_is_refused():
    with pytest.raises(RequestError, match="MASTER_ADDR"):
        place_in({name: value for name, value in SRUN.items() if name != "MASTER_ADDR"})
    with pytest.raises(RequestError, match="RANK is not set to a number"):
        place_in({**TORCHRUN, "RANK": "first"})
