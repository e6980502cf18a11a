"""What TensorBoard shows of a model's decisions while it trains: joint by phase maps of its validation subjects."""

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.average import emotion_maps, normalise_together
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.training.checkpoint import Model
from stgcn_affect.training.logger import RunLogger
from stgcn_affect.visual.joint_phase import joint_phase_figure


def record_maps(logger: RunLogger, model: Model, cycles: CycleStore, split: Split, *, step: int) -> None:
    """The average map of each emotion over the validation subjects' cycles, all to one scale; none without subjects.

    The method is the package's trusted one. The network is afterwards as it was, and so is everything random.
    """
    index = split.validation
    if not len(index):
        return
    dataset = GaitDataset(cycles)
    batch = dataset.batch(index)
    maps = explain_cycles(
        model.network,
        batch,
        model.layout,
        method=DEFAULT_METHOD,
        block=min(DEFAULT_BLOCK, len(model.network.emotion_encoder.blocks) - 1),
        target=lead(batch.emotion, model.emotions, batch=len(index)),
        reference=dataset.batch(split.train),
    )
    averages = emotion_maps(
        maps, emotions=cycles.emotion[index], subjects=cycles.subject[index], takes=cycles.take_ids[index]
    )
    figure = joint_phase_figure(
        normalise_together(averages).maps,
        layout=model.layout,
        meaning="evidence for the emotion (above 0) and against it",
        title=f"Validation subjects, epoch {step}: {DEFAULT_METHOD}",
    )
    logger.figure("explanation/validation_subjects", figure, step)
