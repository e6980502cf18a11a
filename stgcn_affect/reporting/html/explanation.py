"""The report's sections on the explanation: which joints decided, when in the cycle, and how they rank."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from stgcn_affect.explain.maps.average import MIN_SUBJECTS
from stgcn_affect.reporting.explanation_figures import MEANING
from stgcn_affect.reporting.html.elements import folded, html_table, joined, missing, paragraph, side_by_side, warning
from stgcn_affect.reporting.html.figures import drawn, map_words, narrow_map, narrow_ranking
from stgcn_affect.reporting.html.page import Section
from stgcn_affect.reporting.html.training import tool
from stgcn_affect.reporting.html.trust import TRUST, trust_section
from stgcn_affect.reporting.run_files import RunFiles
from stgcn_affect.reporting.tables import Row, camera_words, number, span
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.player import player_fragment
from stgcn_affect.visual.relevance_scale import relevance_scale
from stgcn_affect.visual.style import name_colours

MAPS, RANKING = "Which joints, and when", "Ranking of joints"


def explanation_sections(files: RunFiles) -> list[Section]:
    """Three sections, each of which says so where its numbers are missing."""
    results, layout = files.explained, files.layout
    if results is None or layout is None or not files.cycles:
        command = tool("explain", files.run)
        return [
            Section("maps", MAPS, missing("maps over the average gait cycle.", command)),
            Section("ranking", RANKING, missing("the ranking of joints with limits.", command)),
            Section("trust", TRUST, missing("the tests of the maps.", command)),
        ]
    return [
        Section("maps", MAPS, _maps(results, files, layout)),
        Section("ranking", RANKING, _ranking(results, layout)),
        trust_section(results),
    ]


def _maps(results: Mapping[str, Any], files: RunFiles, layout: Layout) -> Markup:
    about, maps = results["explained"], {name: files.maps[name] for name in files.cycles}
    scale = relevance_scale(maps.values())
    block = "" if about["block"] is None else f", block {about['block']}"
    parts = []
    if files.trained is not None and files.trained["dataset"]["digest"] != results["dataset"]["digest"]:
        parts.append(warning("The explanation is of other data than the run: their digests differ."))
    if about["method"] != results["trusted"]["method"]:
        trusted = results["trusted"]["method"]
        parts.append(warning(f"The maps are by {about['method']}, which was given; the tests trust {trusted} more."))
    if camera_words(results):
        parts.append(warning(camera_words(results)))
    few = [name for name in maps if name in results.get("identifies_subject", ())]
    if few:
        parts.append(warning(f"Maps of fewer than {MIN_SUBJECTS} subjects identify them: {', '.join(few)}."))
    parts += [
        paragraph(
            f"Maps by {about['method']}{block}, for {about['target']}: {about['cycles']} gait cycles of"
            f" {about['subjects']} subjects that the model never saw, {about['decided_right']} of them decided rightly."
            " Raw maps are averaged over cycles, takes and subjects and divided by one number at the end, so that a"
            " flat map stays flat."
        ),
        Markup(
            player_fragment(
                files.cycles,
                layout=layout,
                caption="The average gait cycle of each emotion; the joints show what speaks for it at each moment",
                stride_time_s=_stride_times(files),
                relevance=maps,
                scale=scale,
                meaning=MEANING,
            )
        ),
        paragraph(
            "Play and pause with the button, or with Space when it has the focus; drag the phase, or move it with the"
            " arrow keys. Solid bones are left, dashed ones right."
        ),
        side_by_side(
            drawn(
                narrow_map(one, layout=layout, scale=scale, events=results["events"].get(name, {}), meaning=MEANING),
                prefix=f"map-{place}",
                caption=f"{name}: relevance by joint and phase, on one scale with the others",
                label=map_words(one, layout=layout, name=name),
            )
            for place, (name, one) in enumerate(maps.items())
        ),
        paragraph("LHS and RHS are the heel strikes, LTO and RTO the toe-offs of the left and the right foot."),
        html_table(_limb_rows(results), caption="Share of each limb in the map, over the whole cycle"),
    ]
    return joined(parts)


def _stride_times(files: RunFiles) -> dict[str, float] | None:
    """Of the emotions that are shown, where the cache is there to tell them."""
    known = files.stride_time_s or {}
    return {name: known[name] for name in files.cycles} if set(files.cycles) <= set(known) else None


def _limb_rows(results: Mapping[str, Any]) -> list[Row]:
    summary = results["summary"]
    limbs = list(dict.fromkeys(limb for of in summary.values() for limb in of))
    rows: list[Row] = [("limb", *summary)]
    return rows + [(limb.replace("_", " "), *(number(of[limb]["cycle"]) for of in summary.values())) for limb in limbs]


def _ranking(results: Mapping[str, Any], layout: Layout) -> Markup:
    ranking, stride_time = results["ranking"], results["tempo"]
    colours = name_colours(list(ranking))
    ends = [_end(row) for rows in ranking.values() for row in rows] + [_end(row) for row in stride_time.values()]
    limit = max([*ends, 0.0]) or 1.0
    figures = side_by_side(
        drawn(
            narrow_ranking(
                rows,
                layout=layout,
                stride_time=stride_time[name],
                colour=colours[name],
                meaning="mean relevance, for or against; 95 % limits",
                limit=limit,
            ),
            prefix=f"ranking-{place}",
            caption=f"{name}: joints by their mean relevance, for or against, the stride time below the line",
            label=f"{name}: first are {', '.join(row['joint'] for row in rows[:3])}; numbers in the tables below.",
        )
        for place, (name, rows) in enumerate(ranking.items())
    )
    tables = joined(
        html_table(_ranked(rows, stride_time[name]), caption=f"{name}: joints and the stride time")
        for name, rows in ranking.items()
    )
    first: list[Row] = [("emotion", "first joints", "stride time, mean", "95 % limits", "speaks")]
    for name, rows in ranking.items():
        joints = ", ".join(row["joint"] for row in rows[:3])
        first.append((name, joints, *_limited(stride_time[name]), f"{stride_time[name]['speaks']} it"))
    parts = [
        paragraph("Limits are 95 %, by bootstrap over subjects. Joints whose limits overlap cannot be ranked."),
        html_table(first, caption="The three first joints of each emotion, and the stride time"),
        figures,
        folded("All joints with their limits", tables),
    ]
    if results.get("identity_ranking"):
        given_away = _ranked(results["identity_ranking"], None)
        title = "Joints that identify seen subjects, by the identity encoder"
        parts.append(folded(title, html_table(given_away, caption=title)))
    if "without_stride_time" in results:
        without = results["without_stride_time"]
        parts.append(
            paragraph(
                f"Models without the stride time predict {number(without['accuracy'])} of these cycles rightly;"
                " their first joints are "
                + "; ".join(f"{n}: {', '.join(r['joint'] for r in rows[:3])}" for n, rows in without["ranking"].items())
                + "."
            )
        )
    return joined(parts)


def _ranked(rows: Any, stride_time: Mapping[str, Any] | None) -> list[Row]:
    table: list[Row] = [("joint", "rank", "mean relevance, for or against", "95 % limits")]
    table += [(row["joint"], str(place + 1), *_limited(row)) for place, row in enumerate(rows)]
    return table if stride_time is None else [*table, ("stride time", "", *_limited(stride_time))]


def _limited(row: Mapping[str, Any]) -> tuple[str, str]:
    return number(row["mean"]), span(row["ci95"]) if row["ci95"] else ""


def _end(row: Mapping[str, Any]) -> float:
    return float(max([row["mean"], *(row["ci95"] or ())]))
