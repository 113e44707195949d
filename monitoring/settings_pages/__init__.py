"""A study is set up here, by those who manage it; everybody else of the study reads it."""
