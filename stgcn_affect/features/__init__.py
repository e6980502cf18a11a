"""Hand-made features of gait: named, with unit and source, computed by role so that they fit any skeleton."""
