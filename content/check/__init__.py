"""Says what is wrong with a course folder, before anyone loads it."""
