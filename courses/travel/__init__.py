"""A course on its way: an edition as a zip of its folder, and such a zip as a draft."""
