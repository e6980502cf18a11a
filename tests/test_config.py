import re
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path

import pytest
import yaml

from stgcn_affect import settings
from stgcn_affect.config import RENAMED, config_dict, config_yaml, find_config, flat_settings, load_config
from stgcn_affect.errors import InputError
from stgcn_affect.settings import Config

CONFIGS = Path(__file__).parents[1] / "configs"


def refusal(*overrides, path=None):
    """What the user is told, which must be one line."""
    with pytest.raises(InputError) as caught:
        load_config(path, overrides)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.fixture
def written(tmp_path):
    """Makes a configuration file."""

    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_nothing_given_is_the_defaults():
    assert load_config() == Config()


def test_a_file_stands_over_the_defaults_and_an_override_over_the_file(written):
    path = written("seed: 7\ntrain: {epochs: 3, threads: 1}\ndata:\n  emotions: [sad, happy]\n")
    config = load_config(path, ["train.epochs=5", "data.root=some folder/x=y", "train.epochs=6"])
    assert (config.seed, config.train.epochs, config.train.threads) == (7, 6, 1)
    assert (config.data.emotions, config.data.root) == (["sad", "happy"], "some folder/x=y")
    assert config.train.batch_size == Config().train.batch_size
    assert isinstance(config, Config)


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("data.emotions=[angry,sad]", ["angry", "sad"]),
        ("train.learning_rate=1e-2", 0.01),
        ("network.retarget=false", False),
        ("augment.turn_deg=3", 3.0),
        ("data.layout=coco17", "coco17"),
    ],
)
def test_values_get_the_type_of_their_key(override, read):
    section, key = override.partition("=")[0].split(".")
    found = getattr(getattr(load_config(None, [override]), section), key)
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("override", "unknown", "nearest"),
    [
        ("train.epoch=3", "train.epoch", "train.epochs"),
        ("epochs=3", "epochs", "train.epochs"),
        ("trian.epochs=3", "trian", "train"),
        ("los.scatter=1", "los", "loss"),
        ("network.blokcs=2", "network.blokcs", "network.blocks"),
        ("sede=1", "sede", "seed"),
    ],
)
def test_an_unknown_key_names_the_nearest(override, unknown, nearest, written):
    text = refusal(override)
    assert repr(override) in text
    assert f"unknown key {unknown!r}; the nearest is {nearest!r}" in text
    key, _, value = override.partition("=")
    tree = value
    for part in reversed(key.split(".")):
        tree = {part: tree}
    path = written(yaml.safe_dump(tree))
    text = refusal(path=path)
    assert text.startswith(f"{path}: ")
    assert f"unknown key {unknown!r}; the nearest is {nearest!r}" in text


@pytest.mark.parametrize(
    ("override", "key"),
    [
        ("train.epochs=many", "train.epochs"),
        ("train.epochs=1.5", "train.epochs"),
        ("train.epochs=", "train.epochs"),
        ("train.epochs.x=1", "train.epochs"),
        ("network.retarget=maybe", "network.retarget"),
        ("data.root={a: 1}", "data.root"),
        ("data.emotions=sad", "data.emotions"),
        ("data.emotions[0]=sad", "data.emotions"),
        ("train=5", "train"),
        ("train=null", "train"),
        ("data.root=${nowhere}", "nowhere"),
    ],
)
def test_a_wrong_type_is_told_with_its_key(override, key):
    assert key in refusal(override)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("protocol.kind=random", "protocol.kind: expected one of fixed, grouped, loso (got random)"),
        ("data.labels=felt", "data.labels: expected one of acted, perceived (got felt)"),
        ("train.reversal_schedule=linear", "train.reversal_schedule: expected one of constant, ganin (got linear)"),
        ("network.kernel=2", "network.kernel: expected an odd number from 1 to 17, 2 samples + 1 (got {})"),
        ("network.kernel=9999", "network.kernel: expected an odd number from 1 to 17, 2 samples + 1 (got {})"),
        ("network.channels=[4,0]", "network.channels: expected numbers above 0, one a block (got [4, 0])"),
        (
            "network.strides=[1,2]",
            "network.strides: expected a number above 0 for each of 3 blocks, or none (got [1, 2])",
        ),
        (
            "network.strides=[1,0,1]",
            "network.strides: expected a number above 0 for each of 3 blocks, or none (got [1, 0, 1])",
        ),
        (
            "network.strides=[1,3,1]",
            "network.strides: expected strides whose product divides network.samples, 8"
            " (got [1, 3, 1], whose product is 3)",
        ),
        ("network.harmonics=32", "network.harmonics: expected 1 to 31, what 64 samples determine (got {})"),
        (
            "network.decoder_harmonics=32",
            "network.decoder_harmonics: expected 1 to 31, what 64 samples determine (got {})",
        ),
        (
            "network.decoder_harmonics=0",
            "network.decoder_harmonics: expected 1 to 31, what 64 samples determine (got {})",
        ),
        ("network.dropout=1", "network.dropout: expected 0 or more, below 1 (got 1.0)"),
        ("train.label_smoothing=1.5", "train.label_smoothing: expected 0 or more, below 1 (got 1.5)"),
        ("train.decoded_samples=5", "train.decoded_samples: expected 4, 8, 16, 32 or 64 (got 5)"),
        (
            "benchmark.shows=[scores,magic]",
            "benchmark.shows: expected names of scores, emotion, curve, ablation, factorial, leakage (got ['scores',"
            " 'magic'])",
        ),
        ("train.epochs=0", "train.epochs: expected a number above 0 (got 0)"),
        ("train.learning_rate=.nan", "train.learning_rate: expected a number above 0 (got nan)"),
        ("train.learning_rate=.inf", "train.learning_rate: expected a number above 0 (got inf)"),
        ("loss.within_class_variance=-1", "loss.within_class_variance: expected 0 or more (got -1.0)"),
        ("augment.noise_heights=-0.1", "augment.noise_heights: expected 0 or more (got -0.1)"),
        ("seed=-1", "seed: expected a number from 0 to 2**32 - 1 (got {})"),
        ("synthetic.seed=-1", "synthetic.seed: expected a number from 0 to 2**32 - 1 (got {})"),
        ("seed=9999999999999999999", "seed: expected a number from 0 to 2**32 - 1 (got {})"),
        ("synthetic.walkers=0", "synthetic.walkers: expected a number above 0 (got 0)"),
        ("evaluate.seeds=[]", "evaluate.seeds: expected different numbers from 0 to 2**32 - 1 (got [])"),
        ("evaluate.seeds=[1,1]", "evaluate.seeds: expected different numbers from 0 to 2**32 - 1 (got [1, 1])"),
        ("evaluate.seeds=[-1]", "evaluate.seeds: expected different numbers from 0 to 2**32 - 1 (got [-1])"),
        ("evaluate.privacy_subjects=1", "evaluate.privacy_subjects: expected 2 or more (got {})"),
        ("evaluate.permutations=0", "evaluate.permutations: expected a number above 0 (got 0)"),
        ("evaluate.further_walkers=-1", "evaluate.further_walkers: expected 0 or more (got -1)"),
        ("evaluate.swap_copies=0", "evaluate.swap_copies: expected a number above 0 (got 0)"),
        ("evaluate.curve=[0.1,-1]", "evaluate.curve: expected numbers of 0 or more (got [0.1, -1.0])"),
        ("evaluate.noise=[.inf]", "evaluate.noise: expected numbers of 0 or more (got [inf])"),
    ],
)
def test_a_bad_value_names_key_expectation_and_finding(override, expected):
    assert refusal("network.samples=8", override) == "setting " + expected.format(override.partition("=")[2])


def test_a_kernel_reaches_no_farther_than_the_samples_that_strides_leave():
    strided = ("network.channels=[4,4,4]", "network.strides=[2,2,1]")
    assert load_config(None, [*strided, "network.kernel=5"]).network.kernel == 5
    expected = "expected an odd number from 1 to 5, 2 x 2 + 1, 2 samples being left in the last block (got 7)"
    assert refusal(*strided, "network.kernel=7") == f"setting network.kernel: {expected}"


def test_channels_stand_for_width_and_blocks():
    text = refusal("network.channels=[4,8]", "network.blocks=7", "network.strides=[1]")
    assert text == "setting network.strides: expected a number above 0 for each of 2 blocks, or none (got [1])"


def test_enough_samples_for_the_harmonics():
    text = refusal("network.samples=8", "network.harmonics=4")
    assert text == "setting network.samples: expected 9 or more, 2 harmonics + 1 (got 8)"
    assert load_config(None, ["network.samples=9", "network.harmonics=4"]).network.samples == 9


@pytest.mark.parametrize("override", ["train.epochs", "=5", "--help", ""])
def test_what_is_no_key_value_is_told(override):
    assert refusal(override) == f"setting {override!r}: expected key=value, such as train.epochs=20"


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        assert refusal(path=path) == f"{path}: no such configuration file"


@pytest.mark.parametrize(
    "content",
    [
        "- a\n- b\n",
        "5",
        "a: [",
        "seed: 1\nseed: 2\n",
        "train:\n\tepochs: 1",
        "seed: !!python/object/apply:os.getcwd []",
        bytes(range(128, 256)),
        b"\x00",
        "just words",
        "train: 5",
        "5: 6",
    ],
)
def test_a_file_that_is_no_configuration_is_told_by_its_name(content, written):
    path = written(content)
    assert refusal(path=path).startswith(f"{path}: ")


def test_a_broken_override_is_told():
    assert "is no YAML" in refusal("data.root=[")


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_key_of_an_earlier_version_is_refused_with_its_new_name(old, new, written):
    section, key = old.split(".")
    path = written(yaml.safe_dump({section: {key: 1}}))
    for text in (refusal(f"{old}=1"), refusal(path=path)):
        assert text.endswith(f": key {old!r} was renamed to {new!r}, see CHANGELOG.md")
    section, key = new.split(".")
    assert hasattr(getattr(Config(), section), key)


def test_an_empty_file_is_the_defaults(written):
    assert load_config(written("")) == Config()


def test_round_trip_of_the_yaml(written):
    config = load_config(
        None, ["seed=3", "data.emotions=[sad,no]", "data.root='1e3'", "loss.within_class_variance=0.25"]
    )
    assert load_config(written(config_yaml(config))) == config
    assert config_dict(config) == asdict(config)


def test_configurations_do_not_share_their_lists():
    load_config().synthetic.emotions.append("bored")
    assert "bored" not in load_config().synthetic.emotions


def test_the_default_file_has_every_key_with_the_value_of_the_dataclasses():
    content = dict(flat_settings(yaml.safe_load((CONFIGS / "default.yaml").read_text())))
    defaults = dict(flat_settings(asdict(Config())))
    assert list(content) == list(defaults)
    assert {key: (content[key], value) for key, value in defaults.items() if content[key] != value} == {}


def sections():
    return [Config, *(field.default_factory for field in fields(Config) if is_dataclass(field.default_factory))]


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.__name__)
def test_every_field_of_a_section_is_documented(section):
    described = re.findall(r"^        (\w+): ", section.__doc__, flags=re.MULTILINE)
    assert described == [field.name for field in fields(section)]


def test_files_and_overrides_come_one_on_top_of_the_other(tmp_path):
    (tmp_path / "a.yaml").write_text("train: {epochs: 5, batch_size: 5}")
    (tmp_path / "b.yaml").write_text("train: {batch_size: 6}\nseed: 6")
    config = load_config([tmp_path / "a.yaml", tmp_path / "b.yaml"], ["seed=7"])
    assert (config.train.epochs, config.train.batch_size, config.seed) == (5, 6, 7)


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_in_configs_is_right_and_opens_with_its_launch_command(path):
    tool = "evaluate" if load_config(path).benchmark.sets else "train"
    assert path.read_text().startswith(f"# stgcn-affect {tool} {path.stem}")


def test_a_configuration_is_found_by_name_and_a_path_is_stronger(tmp_path, monkeypatch):
    assert find_config("emotion_gait") == CONFIGS / "emotion_gait.yaml"
    assert load_config("emotion_gait") == load_config(CONFIGS / "emotion_gait.yaml")
    monkeypatch.chdir(tmp_path)
    Path("emotion_gait").write_text("seed: 7\n")
    assert load_config("emotion_gait").seed == 7


def test_a_path_that_is_not_there_is_told_with_the_names_where_it_ends_in_one():
    with pytest.raises(InputError, match=r"^none/default\.yaml: no such .*: expected a path, or one of ablation, .*"):
        load_config("none/default.yaml")
    with pytest.raises(InputError, match=r"^none/config\.yaml: no such configuration file$"):
        load_config("none/config.yaml")


def test_an_installed_package_has_its_configurations_inside(tmp_path, monkeypatch):
    """Another package's ``configs`` beside it are none of its own."""
    for folder in ("stgcn_affect/configs", "configs"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{folder.replace('/', '_')}.yaml").write_text("seed: 7")
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "stgcn_affect" / "settings.py"))
    assert list(settings.known_configs()) == ["stgcn_affect_configs"]
    assert load_config("stgcn_affect_configs").seed == 7


def test_a_name_that_no_configuration_has_is_told_with_those_there_are():
    with pytest.raises(InputError, match=r"^emotion: no such .*: .* default, demo, emotion_gait, .* 'emotion'"):
        load_config("emotion")
