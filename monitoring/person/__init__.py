"""One person by code: what happened to them, what is next, and what was done for them."""
