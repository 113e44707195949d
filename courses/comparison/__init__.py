"""Two editions side by side: what an editor changed, in words."""

from courses.comparison.editions import Comparison, compare

__all__ = ["Comparison", "compare"]
