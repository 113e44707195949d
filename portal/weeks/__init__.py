"""The weeks themselves: home, each week's page, its media, and what is noted about them."""
