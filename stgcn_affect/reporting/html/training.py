"""The report's sections on what was trained on what, on the data's quality, and on how to make it all again."""

import json
import shlex
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stgcn_affect.evaluation.results import result_table
from stgcn_affect.reporting.evaluation_tables import training_rows
from stgcn_affect.reporting.html.elements import (
    bullets,
    commands,
    folded,
    heading,
    html_table,
    joined,
    missing,
    paragraph,
    warning,
)
from stgcn_affect.reporting.html.page import Section
from stgcn_affect.reporting.run_files import RunFiles
from stgcn_affect.reporting.tables import Row, seeds_words, split_words

SPLITS = {
    "fixed": "one model, tested on subjects set aside before the training",
    "grouped": "a model a fold; every subject is tested by the model that never saw that subject",
    "loso": "a model a subject; every subject is tested by the model that never saw that subject",
}
MOST_LISTED = 20


def tool(name: str, *arguments: str | Path) -> str:
    """A command line of one of the tools."""
    return shlex.join(["stgcn-affect", name, *map(str, arguments)])


def training_section(files: RunFiles) -> Section:
    """What was trained on what, and what the training itself says of unseen subjects."""
    config, results = files.config, files.trained
    settings = [("setting", "value"), *((name, _words(value)) for name, value in config.items())]
    rest = folded(
        f"All {len(config)} settings", html_table(settings, caption="The settings of the run, each with its value")
    )
    if results is None:
        command = tool("train", files.run / "config.yaml", "--out", files.run, "--resume")
        return Section("training", "What was trained on what", missing("the results of the training.", command) + rest)
    dataset, protocol = results["dataset"], results["protocol"]
    rows: list[Row] = [
        ("what", "value"),
        ("data set", dataset["name"]),
        ("subjects", str(dataset["subjects"])),
        ("takes", str(dataset["takes"])),
        ("gait cycles", str(dataset["cycles"])),
        *([("of them from one camera", str(dataset["from_camera"]["cycles"]))] if "from_camera" in dataset else []),
        ("emotions", ", ".join(dataset["emotions"])),
        ("split, always by subject", f"{split_words(protocol)}: {SPLITS[protocol['kind']]}"),
        ("folds", str(protocol["folds"])),
        ("seeds", seeds_words(protocol)),
        ("epochs at most", _words(config["train.epochs"])),
        ("encoders", _encoder_words(config)),
        ("z_emotion and z_identity", f"{config['network.emotion_dim']} and {config['network.identity_dim']} numbers"),
        ("gradient reversal", f"{config['train.reversal']} ({config['train.reversal_schedule']})"),
    ]
    head, *scores = training_rows(result_table(results))
    parts = [
        paragraph(
            "Two encoders read the walking skeleton graph: one latent for the emotion, one for the subject. A decoder"
            " is"
            " trained to walk with the emotion of one subject on the body of another, and gradient reversal pushes each"
            " latent to forget what belongs in the other."
        ),
        html_table(rows, caption="Data, split and size of the run"),
        html_table([("what", *head[1:]), *scores], caption="What the training itself found, by its own two attackers"),
        paragraph(
            "These are the scores that come with a training; limits are 95 %, by bootstrap over subjects. Two simple"
            " attackers prove little: the evidence below has more of them, and a rule."
        ),
    ]
    return Section("training", "What was trained on what", joined(parts) + rest)


def quality_section(files: RunFiles) -> Section:
    """What the data hold, what was left out of them, and why."""
    meta = files.cache
    if meta is None:
        body = missing("the cache of the run's gait cycles.", tool("prepare", "MANIFEST.csv", "--check"))
        return Section("data", "Data quality", body)
    counts = meta["counts"]
    emotions: list[Row] = [("emotion", "cycles")]
    emotions += [(emotion or "unknown", str(count)) for emotion, count in counts["emotions"].items()]
    parts = [
        paragraph(
            f"{meta['name']}: {counts['cycles']} gait cycles of {counts['takes']} takes and {counts['subjects']}"
            f" subjects"
            f" in the cache; {len(files.skipped)} clips were left out of it."
        ),
        html_table(emotions, caption="Cycles of each emotion"),
    ]
    if files.trained is not None and files.trained["dataset"]["cycles"] != counts["cycles"]:
        used = files.trained["dataset"]["cycles"]
        parts.append(paragraph(f"The run used {used} of the cycles: those with a subject and a wanted emotion."))
    if files.trained is not None and files.trained["dataset"]["digest"] != meta["digest"]:
        parts.append(warning("The cache is not the one that the run was trained on: their digests differ."))
    if files.skipped:
        reasons = Counter(reason for _, reason in files.skipped).most_common()
        why: list[Row] = [("reason", "clips"), *((reason, str(count)) for reason, count in reasons)]
        listed: list[Row] = [("clip", "reason"), *files.skipped[:MOST_LISTED]]
        title = f"Clips left out, the first {len(listed) - 1} of {len(files.skipped)}"
        parts += [html_table(why, caption="Why clips were left out"), folded(title, html_table(listed, caption=title))]
    parts.append(heading("Notes"))
    parts.append(bullets(meta["notes"]) if meta["notes"] else paragraph("Comparing the clips found nothing odd."))
    return Section("data", "Data quality", joined(parts))


def reproduce_section(files: RunFiles) -> Section:
    """Commands, seed, digest and versions."""
    run = files.run
    others = [
        f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in files.changed.items()
    ]
    lines = [
        tool("train", run / "config.yaml", "--out", f"{run}-again"),
        tool("evaluate", run, *others),
        tool("explain", run, *_asked_for(files.explained)),
        tool("report", run),
    ]
    steps = {"training": files.trained, "evaluation": files.evaluated, "explanation": files.explained}
    found = {name: results for name, results in steps.items() if results is not None}
    parts = [
        paragraph("The first trains the same model again, elsewhere; the others go with the run that is shown here."),
        commands(lines),
    ]
    if found:
        facts: list[Row] = [("what", *found)]
        facts += [(words, *(_fact(one, key) for one in found.values())) for key, words in FACTS.items()]
        names = list(dict.fromkeys(name for one in found.values() for name in one.get("versions", {})))
        facts += [(name, *(str(one.get("versions", {}).get(name, "")) for one in found.values())) for name in names]
        facts.append(("seconds", *(f"{one['seconds']:.0f}" if "seconds" in one else "" for one in found.values())))
        facts.insert(1, ("seed", *(_seeds(one, files) for one in found.values())))
        parts.append(html_table(facts, caption="Seed, data and versions of each step"))
    return Section("reproduce", "How to make it again", joined(parts))


FACTS = {"name": "data set", "digest": "digest of the data (SHA-256)", "generator_version": "version of the generator"}


def _asked_for(explained: Mapping[str, Any] | None) -> list[str]:
    """Arguments that the explanation was made with, where it is not by the method that the tests trust."""
    if explained is None:
        return []
    about, trusted = explained["explained"], explained["trusted"]
    if (about["method"], about["block"]) == (trusted["method"], trusted["block"]):
        return []
    block = [] if about["block"] is None else ["--block", str(about["block"])]
    return ["--method", about["method"], *block]


def _fact(results: Mapping[str, Any], key: str) -> str:
    return str(results["dataset"].get(key, "none: recordings" if key == "generator_version" else ""))


def _seeds(results: Mapping[str, Any], files: RunFiles) -> str:
    return ", ".join(map(str, results["protocol"]["seeds"] if "protocol" in results else [files.config["seed"]]))


def _encoder_words(config: Mapping[str, Any]) -> str:
    channels, strides = config["network.channels"], config["network.strides"]
    number, wide = len(channels) or config["network.blocks"], _words(channels or config["network.width"])
    return f"{number} blocks, {wide} channels wide" + (f", strides {_words(strides)}" if strides else "")


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in ("", None, {}) else str(value)
