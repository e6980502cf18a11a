"""The papers that the features come from, as tables cite them."""

CRENN = "Crenn et al. 2016"
"""Crenn, Khan, Meyer and Bouakaz, "Body expression recognition from animated 3D skeleton", IC3D 2016: angles,
distances, triangles and the bounding volume of a pose."""

RANDHAVANE = "Randhavane et al. 2019"
"""Randhavane et al., "Identifying emotions from walking using affective and deep features", arXiv 1906.11884 (2019): 13
posture and 16 movement features of gait, after Crenn et al."""

STEP = "Bhattacharya et al. 2020 (STEP)"
"""Bhattacharya et al., "STEP: spatial temporal graph convolutional networks for emotion perception from gaits", AAAI
2020, and the code that its authors released."""

KARG = "Karg et al. 2010"
"""Karg, Kuehnlenz and Buss, "Recognition of affect based on gait patterns", IEEE Trans. Systems, Man and Cybernetics B
40 (2010): speed, stride length and cadence."""

GROSS = "Gross et al. 2012"
"""Gross, Crane and Fredrickson, "Effort-Shape and kinematic assessment of bodily expression of emotion during gait",
Human Movement Science 31 (2012): ranges of motion of the joints."""

MICHALAK = "Michalak et al. 2009"
"""Michalak et al., "Embodiment of sadness and depression: gait patterns associated with dysphoric mood", Psychosomatic
Medicine 71 (2009): the swing of the arms."""

TROJE = "Troje 2002"
"""Troje, "Decomposing biological motion: a framework for analysis and synthesis of human gait patterns", J. Vision 2
(2002): a walk as the Fourier series of its joints."""

OURS = "our choice"
