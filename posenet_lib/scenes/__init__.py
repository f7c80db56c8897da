"""Places with photos and poses: how they are read, resized and kept, and the practice court that is rendered."""
