"""Figures, animations and the player of walks: arrays in; a matplotlib figure, the bytes of a GIF or HTML out."""

from stgcn_affect.visual.animation import emotions_gif, relevance_gif, walk_gif
from stgcn_affect.visual.body import draw_body, front_view
from stgcn_affect.visual.explanation import explanation_figure, ranking_figure
from stgcn_affect.visual.film_strip import film_strip_figure, relevance_strip_figure, strip_sheet_figure
from stgcn_affect.visual.joint_phase import joint_phase_figure
from stgcn_affect.visual.latents import embedding_figure, latents_figure
from stgcn_affect.visual.player import player_fragment, player_page
from stgcn_affect.visual.relevance_body import relevance_body_figure, walking_bodies_figure, walking_pose
from stgcn_affect.visual.relevance_scale import RelevanceScale, relevance_scale
from stgcn_affect.visual.scores import confusion_figure, deletion_figure, privacy_utility_figure
from stgcn_affect.visual.skeleton_graph import edge_importance_figure, layout_figure, skeleton_graph_figure
from stgcn_affect.visual.style import name_colours, new_figure, save_both, save_figure
from stgcn_affect.visual.subject_groups import subject_gif, subject_player, subject_sheets
from stgcn_affect.visual.walk_grid import Walk, overview, walk_grid_gif

__all__ = [
    "RelevanceScale",
    "Walk",
    "confusion_figure",
    "deletion_figure",
    "draw_body",
    "edge_importance_figure",
    "embedding_figure",
    "emotions_gif",
    "explanation_figure",
    "film_strip_figure",
    "front_view",
    "joint_phase_figure",
    "latents_figure",
    "layout_figure",
    "name_colours",
    "new_figure",
    "overview",
    "player_fragment",
    "player_page",
    "privacy_utility_figure",
    "ranking_figure",
    "relevance_body_figure",
    "relevance_gif",
    "relevance_scale",
    "relevance_strip_figure",
    "save_both",
    "save_figure",
    "skeleton_graph_figure",
    "strip_sheet_figure",
    "subject_gif",
    "subject_player",
    "subject_sheets",
    "walk_gif",
    "walk_grid_gif",
    "walking_bodies_figure",
    "walking_pose",
]
