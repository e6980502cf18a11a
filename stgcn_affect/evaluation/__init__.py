"""Evaluation: scores of emotion with baselines, attacks on what a model releases, disentanglement, and their limits."""

from typing import TYPE_CHECKING

from stgcn_affect.lazy import load_when_used

if TYPE_CHECKING:
    from stgcn_affect.evaluation.adaptation import adapt_to_subjects, emotions_centre
    from stgcn_affect.evaluation.attackers import (
        ATTACKERS,
        QUICK_ATTACKERS,
        REFLECTED,
        Known,
        ReflectedClassifier,
        predict_subjects,
        scaled,
        scaled_pca,
    )
    from stgcn_affect.evaluation.attacks import FoldAttacks, attack_fold, attack_latents, attack_release
    from stgcn_affect.evaluation.attributes import (
        AttributeAttack,
        attack_attribute,
        attribute_block,
        values_of_subjects,
    )
    from stgcn_affect.evaluation.baselines import CLASSIFIERS, BaselineResult, Family, linear_swap, run_baseline
    from stgcn_affect.evaluation.disentanglement import (
        Probed,
        SwapFold,
        Swapped,
        disentanglement_block,
        entropy_nats,
        linear_cka,
        probe,
        probe_latents,
        swap_block,
        swap_latents,
        swap_test,
    )
    from stgcn_affect.evaluation.emotion import compare, emotion_block, vote
    from stgcn_affect.evaluation.emotion_scores import EmotionScores, evaluate_emotion
    from stgcn_affect.evaluation.inputs import INPUTS, baseline_input, raw_features
    from stgcn_affect.evaluation.leakage import LeakySplit, leaky_splits
    from stgcn_affect.evaluation.mechanisms import (
        MechanismFold,
        add_noise,
        can_erase,
        curve_area,
        curve_points,
        emotion_of_release,
        erase_subjects,
        score_mechanism,
    )
    from stgcn_affect.evaluation.membership import membership_attack, membership_signals
    from stgcn_affect.evaluation.other_mechanisms import OTHER_MECHANISMS, other_mechanism, training_walks
    from stgcn_affect.evaluation.pair_attacker import Grid, PairEmbedding, name_by_pairs, pair_embedding
    from stgcn_affect.evaluation.plausibility import Plausibility, plausibility
    from stgcn_affect.evaluation.privacy import privacy_block
    from stgcn_affect.evaluation.releases import decoded, released, released_maps, relevance_maps
    from stgcn_affect.evaluation.results import Claim, Result, Score, result_table, select
    from stgcn_affect.evaluation.reversal_attacker import fit_reversal
    from stgcn_affect.evaluation.rounds import (
        Labels,
        held_out_emotion_rounds,
        held_out_take_round,
        rounds_from_one_take,
        rounds_over_emotions,
        rounds_within_emotions,
    )
    from stgcn_affect.evaluation.seen_scores import seen_subjects_block, strongest_hits, worst_off
    from stgcn_affect.evaluation.seen_subjects import Attack, OtherPeople, attack_seen_subjects, attack_statically
    from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
    from stgcn_affect.evaluation.unseen_subjects import (
        OpenSetAttack,
        Pairs,
        attack_unseen_subjects,
    )
    from stgcn_affect.evaluation.verdict import Verdict, paired_difference, verdict
    from stgcn_affect.evaluation.verification import Verification, verification, verification_by_weight

__all__ = [
    "ATTACKERS",
    "CLASSIFIERS",
    "INPUTS",
    "OTHER_MECHANISMS",
    "QUICK_ATTACKERS",
    "REFLECTED",
    "Attack",
    "AttributeAttack",
    "BaselineResult",
    "Claim",
    "EmotionScores",
    "Family",
    "FoldAttacks",
    "Grid",
    "Known",
    "Labels",
    "LeakySplit",
    "MechanismFold",
    "OpenSetAttack",
    "OtherPeople",
    "PairEmbedding",
    "Pairs",
    "Plausibility",
    "Probed",
    "ReflectedClassifier",
    "Result",
    "Score",
    "SwapFold",
    "Swapped",
    "Verdict",
    "Verification",
    "adapt_to_subjects",
    "add_noise",
    "attack_attribute",
    "attack_fold",
    "attack_latents",
    "attack_release",
    "attack_seen_subjects",
    "attack_statically",
    "attack_unseen_subjects",
    "attribute_block",
    "baseline_input",
    "can_erase",
    "compare",
    "curve_area",
    "curve_points",
    "decoded",
    "disentanglement_block",
    "emotion_block",
    "emotion_of_release",
    "emotions_centre",
    "entropy_nats",
    "erase_subjects",
    "evaluate_emotion",
    "fit_reversal",
    "held_out_emotion_rounds",
    "held_out_take_round",
    "leaky_splits",
    "linear_cka",
    "linear_swap",
    "membership_attack",
    "membership_signals",
    "name_by_pairs",
    "other_mechanism",
    "pair_embedding",
    "paired_difference",
    "plausibility",
    "predict_subjects",
    "privacy_block",
    "probe",
    "probe_latents",
    "raw_features",
    "released",
    "released_maps",
    "relevance_maps",
    "result_table",
    "rounds_from_one_take",
    "rounds_over_emotions",
    "rounds_within_emotions",
    "run_baseline",
    "scaled",
    "scaled_pca",
    "score_mechanism",
    "seen_subjects_block",
    "select",
    "strongest_hits",
    "swap_block",
    "swap_latents",
    "swap_test",
    "training_walks",
    "unseen_subjects_block",
    "values_of_subjects",
    "verdict",
    "verification",
    "verification_by_weight",
    "vote",
    "worst_off",
]

load_when_used(__name__)
