"""The worker of ``benchmark_against``: trains an epoch for each line that it reads, with the code of any checkout.

Called with a configuration and ``key=value`` settings. It answers each line with JSON: the steps of the epoch and their
processor time in seconds; a first answer, unasked, says that all is prepared.
"""

import importlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Prepare the training, then one epoch a line."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        trainer = _trainer(sys.argv[1], sys.argv[2:], Path(folder) / "cache")
        _answer(trainer.batches, time.process_time() - started)
        for _ in sys.stdin:
            started = time.process_time()
            trainer._one_epoch()
            _answer(trainer.batches, time.process_time() - started)


def _answer(steps: int, seconds: float) -> None:
    sys.stdout.write(json.dumps({"steps": steps, "seconds": seconds}) + "\n")
    sys.stdout.flush()


def _trainer(path: str, settings: list[str], cache: Path) -> Any:
    """The trainer of the first fold, by the names of the checkout that is imported: of now, or of f4eb3d1."""
    config: Any = importlib.import_module("stgcn_affect.config").load_config(path, settings)
    importlib.import_module("torch").set_num_threads(1)
    data: Any = importlib.import_module("stgcn_affect.jobs.run_data")
    folds: Any = importlib.import_module("stgcn_affect.jobs.train_fold")
    cycles = data.labelled_cycles(config, cache)
    if hasattr(folds, "new_training"):
        splits = importlib.import_module("stgcn_affect.build").splits(config, cycles)
        return folds.new_training(config, folds.fold_data(config, cycles, splits[0]), seed=config.seed)[0]
    split = data.run_splits(config, cycles)[0]
    fold_data = importlib.import_module("stgcn_affect.data.fold").fold_data
    fold = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    model = folds.build_model(config, fold, seed=config.seed)
    return folds.start_training(config, fold, model, seed=config.seed)


if __name__ == "__main__":
    main()
