import numpy as np

from stgcn_affect.visual.latents import HOLLOW, latents_figure


def test_a_row_for_each_latent_with_its_own_scores() -> None:
    rng = np.random.default_rng(0)
    figure = latents_figure(
        {"z_emotion": rng.normal(size=(4, 3)), "z_identity": rng.normal(size=(4, 5))},
        emotions=list("abab"),
        walkers=list("xxyy"),
        seen=[True, True, True, False],
        scores={"z_emotion": {"emotion": "first"}, "z_identity": {"walker": "second"}},
        title="run",
    )
    assert [axes.get_title() for axes in figure.axes] == [
        "by emotion (2)\nfirst",
        "by walker (2)",
        "by emotion (2)",
        "by walker (2)\nsecond",
    ]
    assert [part.get_suptitle() for part in figure.subfigs] == ["z_emotion", "z_identity"]
    assert figure.get_supxlabel() == HOLLOW
