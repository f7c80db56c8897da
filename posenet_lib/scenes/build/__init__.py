"""From a video or photos to a scene: frames, structure from motion, the frame of reference, photos, split."""
